// What no type can say about the registry: names follow the one pattern, nothing is declared twice. The behaviour of operations is tested in packages/testkit (testOperations).
import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { type AnyOperation, registry } from '@pawl/core'
import { confirmHeader, operationsOf } from '@pawl/core/surfaces'
import { commandsOf } from '@pawl/server'

const root = resolve(import.meta.dirname, '..')
const areas = join(root, 'packages/core/src/areas')
const problems: string[] = []

/** The contract has it so: reading a share takes one of its uses. */
const writingGets = new Set(['sharing.access', 'enrolments.status'])

/** Flags of every command, which no field may use. */
const everywhere = ['help', 'json', 'quiet', 'api-url', 'yes', 'stdin', 'idempotency-key']

for (const [area, verbs] of Object.entries(registry)) {
  for (const [verb, operation] of Object.entries(verbs as Record<string, AnyOperation>)) check(area, verb, operation)
}
unique('name', ({ name }) => [name])
unique('operationId', ({ http }) => (http ? [http.id] : []))
unique('route', ({ http }) => (http ? [http, ...(http.aliases ?? [])].map(routeOf) : []))
checkCommands()

for (const problem of problems) console.error(problem)
const count = operationsOf(registry).length
console.log(
  `check-operations: ${count} operations, ${problems.length === 0 ? 'all in order' : `${problems.length} problems`}`,
)
process.exitCode = problems.length === 0 ? 0 : 1

function check(area: string, verb: string, operation: AnyOperation): void {
  const { name, summary, areaSummary, http, audit, effect, reveals = [], errors } = operation
  const complain = (problem: string) => problems.push(`${name}: ${problem}`)
  if (name !== `${area}.${verb}`) complain(`is registered as ${area}.${verb}`)
  if (!/^[A-Z“].{10,160}[.]$/s.test(summary)) complain('its summary is not one or two whole sentences')
  if (!areaSummary?.endsWith('.')) complain('its area has no summary of one sentence')
  if (http && http.method === 'GET' && effect === 'write' && !writingGets.has(name)) complain('a GET that writes')
  if (http && http.status === 204 && reveals.length > 0) complain('reveals something in an answer without a body')
  if (audit !== 'none' && !/^[a-z_]+\.[a-z_]+$/.test(audit.action)) complain(`its event is named ${audit.action}`)
  // Operations on credentials, on the seal and on connections of apps tell by themselves what happened, in the organisation
  // they found, or in two.
  const tellsItself = [
    'auth',
    'accounts',
    'factors',
    'identities',
    'logins',
    'enrolments',
    'oauth',
    'platform',
    'seal',
  ].includes(area)
  if (audit === 'none' && effect === 'write' && !tellsItself) complain('leaves no trace')
  const takesProof = http?.headers?.auth_confirm === confirmHeader.auth_confirm
  if ((operation.confirms !== undefined) !== takesProof) complain('has `confirms` without its header, or the reverse')
  const { shape = {} } = operation.input as { readonly shape?: object }
  if (operation.governed && !Object.hasOwn(shape, 'approval_id')) complain('is `governed` and has no `approval_id`')
  if (new Set(errors.map(({ code }) => code)).size !== errors.length) complain('declares an error twice')
  if (!hasItsFile(area, operation)) complain('has no file of its own')
}

/** One operation, one file: `secrets.put` is declared in a file of `areas/secrets/operations/`, alone. */
function hasItsFile(area: string, { name }: AnyOperation): boolean {
  const folder = join(areas, area, 'operations')
  const texts = readdirSync(folder).map((file) => readFileSync(join(folder, file), 'utf8'))
  const declaring = texts.filter((text) => text.includes(`name: '${name}'`))
  return declaring.length === 1 && declaring[0]?.match(/^ {2}name: '/gm)?.length === 1
}

function unique(what: string, of: (operation: AnyOperation) => string[]): void {
  const seen = new Map<string, string>()
  for (const operation of operationsOf(registry)) {
    for (const value of of(operation)) {
      const other = seen.get(value)
      if (other) problems.push(`${operation.name}: its ${what} ${value} is that of ${other} too`)
      seen.set(value, operation.name)
    }
  }
}

/** Two routes are the same when only the names of their parameters differ. */
function routeOf({ method, path }: { method: string; path: string }): string {
  return `${method} ${path.replace(/\{[^}+]+(\+?)\}/g, '{$1}')}`
}

function checkCommands(): void {
  const seen = new Map<string, string>()
  for (const { command, operation, fields, positionals } of commandsOf(registry)) {
    const other = seen.get(command)
    if (other) problems.push(`${operation}: its command ${command} is that of ${other} too`)
    seen.set(command, operation)
    if (!/^[a-z][a-z-]*( [a-z][a-z-]*)?$/.test(command))
      problems.push(`${operation}: its command is not a noun and a verb`)
    const flags = fields.flatMap(({ flag, letter }) => [flag, ...(letter ? [letter] : [])])
    const taken = flags.filter((flag, at) => everywhere.includes(flag) || flags.indexOf(flag) !== at)
    for (const { name, about, choices, isSecret } of fields) {
      const isPlain = positionals.includes(name) || name === 'vault_id' || choices !== undefined || isSecret
      if (!isPlain && about === undefined) problems.push(`${operation}: nothing says what its field ${name} is`)
    }
    if (taken.length > 0) problems.push(`${operation}: its flag ${taken[0]} means something else already`)
  }
}
