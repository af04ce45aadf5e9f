import type { AnyOperation, Registry } from '@pawl/core'
import { clientRoutes } from '@pawl/core/surfaces'
import { type JsonSchema, jsonSchemaOf } from '../../packages/server/src/derive/json-schema.ts'
import { Declarations } from './declarations.ts'
import type { DefinedError } from './error-definitions.ts'
import { type ExampleInputs, exampleOf } from './examples.ts'
import { docComment, pascal, property } from './text.ts'

/** All that the documents of a registry say. */
export interface Documented {
  readonly registry: Registry
  readonly errors: readonly DefinedError[]
  readonly examples: ExampleInputs
}

const header = '// Written by tools/gen-client-types.ts.\n\n'

/** The files of the typed client, by name: one for each area, and `index.ts`, which joins them. */
export function clientTypes(documented: Documented): Readonly<Record<string, string>> {
  const { registry } = documented
  const declarations = new Declarations()
  const clients = Object.keys(registry).map((area) => [area, clientOfArea(area, documented, declarations)] as const)
  const files = clients.map(([area, client]) => {
    const text = [client, ...declarations.of(area)].join('\n')
    return [`${area}.ts`, `${header}${importsOf(area, text, declarations)}\n${text}`]
  })
  return { ...Object.fromEntries(files), 'index.ts': `${header}${joined(registry)}` }
}

function joined(registry: Registry): string {
  const areas = Object.keys(registry)
  const routes = clientRoutes(registry)
  const local = areas.flatMap((area) => {
    const verbs = Object.keys(registry[area] ?? {}).filter((verb) => routes[area]?.[verb] === undefined)
    return verbs.length > 0 ? [[area, verbs.map((verb) => `'${verb}'`).join(' | ')] as const] : []
  })
  const partial = local.map(([area]) => `'${area}'`).join(' | ')
  const remote = partial === '' ? 'PawlClient' : `Omit<PawlClient, ${partial}>`
  const names = areas.map((area) => `import type { ${clientName(area)} } from './${area}.ts'\n`)
  return `import type { Door } from '../types.ts'
${names.join('')}
${areas.map((area) => `export type * from './${area}.ts'\n`).join('')}
/**
 * All operations of the engine, for one caller. In addition to the errors that an operation lists, each call can throw
 * \`invalid_input\`, \`not_authenticated\`, \`denied\`, \`rate_limited\`, \`sealed\`, \`unavailable\` and \`internal\`.
 *
 * @example
 * const owner = pawl.as({ user })
 * const vault = await owner.vaults.create({ name: 'prod' })
 */
export interface PawlClient {
${areas.map((area) => `${aboutArea(registry, area, '  ')}  readonly ${area}: ${clientName(area)}\n`).join('')}}

/** The operations of a vault over HTTP: all operations that have a route. */
export interface PawlHttpClient extends ${remote}, Door {
${local.map(([area, verbs]) => `  readonly ${area}: Omit<${clientName(area)}, ${verbs}>\n`).join('')}}
`
}

/** What the area declares about itself. An editor shows it over `owner.secrets`. */
function aboutArea(registry: Registry, area: string, indent: string): string {
  const [{ areaSummary = `The operations of the area \`${area}\`.` } = {}] = Object.values(registry[area] ?? {})
  return docComment([areaSummary], indent)
}

function clientName(area: string): string {
  return `${pascal(area)}Client`
}

function clientOfArea(area: string, documented: Documented, declarations: Declarations): string {
  declarations.begin(area)
  const verbs = Object.entries(documented.registry[area] ?? {})
  const calls = verbs.map(([verb, operation]) => callOf(area, verb, operation, documented, declarations))
  return `${aboutArea(documented.registry, area, '')}export interface ${clientName(area)} {\n${calls.join('\n')}}\n`
}

/** One operation as a method, with all there is to know about it. */
function callOf(
  area: string,
  verb: string,
  operation: AnyOperation,
  documented: Documented,
  declarations: Declarations,
): string {
  const name = nameOf(verb, operation)
  const schema = jsonSchemaOf(operation.input, 'input')
  const input = inputType(name, operation.name, schema, declarations)
  const output = outputType(name, operation, declarations)
  const needsInput = (schema.required ?? []).length > 0
  const given = (type: string) => `(input${needsInput ? '' : '?'}: ${type}, options?: CallOptions)`
  const doc = docComment(aboutCall(area, verb, operation, documented), '  ')
  const paged = clientRoutes(documented.registry)[area]?.[verb]?.match(/ pages=(\w+)/)?.[1]
  if (paged === undefined) return `${doc}  ${property(verb)}${given(input)}: Promise<${output}>\n`
  const item = itemType(name, paged, operation, declarations)
  return `${doc}  readonly ${property(verb)}: {
    ${given(input)}: Promise<${output}>
    /** Everything there is, page after page; \`limit\` is how much of it comes at once. */
    each${given(`Omit<${input}, 'offset' | 'cursor'>`)}: AsyncGenerator<${item}, void, undefined>
  }\n`
}

/** The operationId, or what it would be. */
function nameOf(verb: string, { http, audit }: AnyOperation): string {
  return pascal(http?.id ?? `${verb}_${audit === 'none' ? '' : audit.resource}`)
}

function inputType(name: string, operation: string, schema: JsonSchema, declarations: Declarations): string {
  if (Object.keys(schema.properties ?? {}).length === 0 && schema.type === 'object') return 'NoInput'
  const writing = { root: schema, reveals: [], parent: `${name}Input`, isGiven: true }
  if (schema.type !== 'object') throw new Error(`The input of ${name} is not an object of named fields.`)
  return declarations.object(`${name}Input`, [`Input of \`${operation}\`.`], schema, writing)
}

function outputType(
  name: string,
  { name: operation, output, reveals = [] }: AnyOperation,
  declarations: Declarations,
): string {
  const schema = jsonSchemaOf(output, 'output')
  if (Object.keys(schema).length === 0) return 'void'
  const writing = { root: schema, reveals, parent: `${name}Output`, isGiven: false }
  if (!schema.properties) return declarations.type(schema, writing)
  return declarations.object(writing.parent, [`Output of \`${operation}\`.`], schema, writing)
}

/** What each item of a list in the output is. */
function itemType(name: string, list: string, { output }: AnyOperation, declarations: Declarations): string {
  const root = jsonSchemaOf(output, 'output')
  const writing = { root, reveals: [], parent: `${name}${pascal(list)}`, isGiven: false }
  return declarations.type(root.properties?.[list]?.items ?? {}, writing)
}

function aboutCall(area: string, verb: string, operation: AnyOperation, documented: Documented): string[] {
  const { summary, errors, limits, http } = operation
  const local = http ? [] : ['', 'For callers inside the process only: it has no route.']
  const example = exampleOf(area, verb, operation, documented.examples)
  const codes = new Set([...errors.map(({ code }) => code), ...(limits ? ['rate_limited'] : [])])
  const thrown = [...codes].map((code) => {
    const description = documented.errors.find((error) => error.code === code)?.description ?? ''
    return `@throws \`${code}\`${description === '' ? '' : `: ${description}`}`
  })
  return [
    summary,
    ...local,
    ...(thrown.length > 0 ? ['', ...thrown] : []),
    ...(example.length > 0 ? ['', '@example', ...example] : []),
  ]
}

const common: readonly (readonly [name: string, from: string])[] = [
  ['Json', '../../kernel/json.ts'],
  ['Secret', '../../kernel/secret.ts'],
  ['CallOptions', '../types.ts'],
  ['JsonObject', '../types.ts'],
  ['NoInput', '../types.ts'],
]

function importsOf(area: string, text: string, declarations: Declarations): string {
  const code = text.replace(/\/\*\*.*?\*\//gs, '').replace(/'[^']*'/g, '')
  const words = [...new Set(code.match(/\b[A-Z]\w*/g))]
  const files = new Map<string, string[]>()
  for (const word of words) {
    const owner = declarations.areaOf(word)
    const from = common.find(([name]) => name === word)?.[1] ?? (owner && owner !== area ? `./${owner}.ts` : undefined)
    if (from !== undefined) files.set(from, [...(files.get(from) ?? []), word])
  }
  const sorted = [...files].sort(([one], [other]) => (one < other ? -1 : 1))
  return sorted.map(([from, names]) => `import type { ${names.sort().join(', ')} } from '${from}'\n`).join('')
}
