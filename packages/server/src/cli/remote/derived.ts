import type { CommandSpec, FieldSpec } from '../../derive/commands.ts'
import { type Given, last } from '../arguments.ts'
import type { Command } from '../command.ts'
import { exits } from '../exits.ts'
import { ownCommands } from '../manifest.ts'
import type { Terminal } from '../terminal.ts'
import { type Connection, callAt, connectionOf } from './connection.ts'
import { isDestructive, sureOf } from './consent.ts'
import { exampleOf } from './example.ts'
import { formatOf, keyFlag } from './flags.ts'
import { flagsOf, helpOf, usageOf } from './form.ts'
import { inputOf, typedOf } from './input.ts'
import { namesFor, noNames } from './named.ts'
import { nameReferences } from './names.ts'
import { wholeOf } from './parts.ts'
import { sayingWhatToDo } from './refusals.ts'
import { secretValues } from './secret-values.ts'
import { shorthands } from './shorthands.ts'
import { show, showQuietly } from './show.ts'
import { nameOf, valueFrom } from './values.ts'
import { vaultFor } from './vault.ts'

/** An operation as a command of the CLI. */
export function derived(spec: CommandSpec): Command {
  const { command, fields, positionals, operation, route } = spec
  return {
    usage: `${usageOf(spec)} [options]`.trimStart(),
    flags: flagsOf(spec),
    example: exampleOf(spec),
    help: (how) => helpOf(spec, how),
    run: async (given, terminal) => {
      const other = ledElsewhere(command, given)
      if (other) return other.run(terminal)
      const typed = typedOf(spec, given)
      const input = inputOf(spec, typed, given.flags)
      const format = formatOf(given.flags, terminal.env)
      const place = connectionOf(terminal.env, last(given.flags, 'api-url'))
      const call = async () => {
        await nameVaults(fields, input, place, terminal)
        await nameReferences(input, place)
        if (isDestructive(spec)) await sureOf(command, typed, given.flags.has('yes'), terminal)
        await addSecrets(fields, input, given.flags, terminal)
        return wholeOf(spec, input, (part) =>
          callAt(place, operation, route, part, { idempotencyKey: last(given.flags, keyFlag.flag) }),
        )
      }
      const answer = await sayingWhatToDo(place, called, call)
      const noted = shorthands[command]?.note?.((answer ?? {}) as Input) ?? null
      // To standard error, so that a program that reads the output gets only the answer.
      if (noted !== null && format !== 'json') terminal.error(noted)
      if (given.flags.has('quiet')) showQuietly(answer, spec, terminal)
      else
        show(answer, spec, format, terminal, format === 'table' ? await namesFor(answer, spec, input, place) : noNames)
      return isSuccess(answer, spec) ? exits.ok : exits.failed
    },
  }

  /** The name of a field as the user types it. */
  function called(name: string): string {
    const field = fields.find((one) => one.name === name.split('.')[0])
    return field ? nameOf(field, positionals) : name
  }
}

function isSuccess(answer: unknown, { succeeds = {} }: CommandSpec): boolean {
  const fields = (answer ?? {}) as Record<string, unknown>
  return Object.entries(succeeds).every(([name, value]) => fields[name] === value)
}

/** The other command that a flag, or more than one argument, selects. */
function ledElsewhere(command: string, given: Given) {
  const { leads, several } = shorthands[command] ?? {}
  const values = [...given.positionals, ...given.rest]
  const value = leads && last(given.flags, leads.flag)
  const to = value !== undefined ? leads?.to : values.length > 1 ? several : undefined
  const spec = to === undefined ? undefined : ownCommands().find((one) => one.command === to)
  if (!spec) return null
  const positionals = value === undefined ? values : [...values, value]
  return { run: (terminal: Terminal) => derived(spec).run({ ...given, positionals, rest: [] }, terminal) }
}

type Input = Record<string, unknown>

/** A vault can be named by its name instead of its ID. It can be left out if the CLI can find it. */
async function nameVaults(
  fields: readonly FieldSpec[],
  input: Input,
  place: Connection,
  { env }: Terminal,
): Promise<void> {
  const { vault_id: given, vault_ids: many } = input
  const field = fields.find(({ name }) => name === 'vault_id')
  if (typeof given === 'string') input.vault_id = await vaultFor(place, env, given)
  else if (given === undefined && field?.isRequired) input.vault_id = await vaultFor(place, env)
  if (Array.isArray(many)) input.vault_ids = await Promise.all(many.map((one) => vaultFor(place, env, String(one))))
}

async function addSecrets(
  fields: readonly FieldSpec[],
  input: Input,
  flags: ReadonlyMap<string, unknown>,
  terminal: Terminal,
): Promise<void> {
  const wanted = fields.filter(({ flag, isSecret, isRequired }) => isSecret && (isRequired || flags.has(flag)))
  const named = wanted.map(({ flag }) => flag)
  const values = await secretValues(named, terminal, flags.has('stdin'))
  for (const [at, field] of wanted.entries()) {
    const text = values[at] ?? ''
    // A credential may be an object or a string. A value that begins like an object is parsed as one.
    const isJson = field.type === 'json' && /^\s*[{[]/.test(text)
    input[field.name] = isJson ? valueFrom(field, `the ${field.flag}`, [text], Date.now()) : text
  }
}
