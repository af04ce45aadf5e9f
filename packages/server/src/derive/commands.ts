import type { AnyOperation, Registry } from '@pawl/core'
import { clientRoutes } from '@pawl/core/surfaces'
import { type JsonSchema, jsonSchemaOf, propertiesOf, typesOf } from './json-schema.ts'
import { singular } from './singular.ts'

/** The format of a typed value. Default: text. */
export type FieldType = 'number' | 'boolean' | 'time' | 'json' | 'list'

/** One field of an operation's input, as a flag or a positional argument. Default values are left out. */
export interface FieldSpec {
  readonly name: string
  /** Without its dashes. */
  readonly flag: string
  readonly letter?: string
  readonly type?: FieldType
  readonly choices?: readonly string[]
  readonly isRequired?: true
  /** Never appears on a command line. */
  readonly isSecret?: true
  /** Accepts null, which clears the field. */
  readonly isClearable?: true
  readonly about?: string
}

/** One operation as a command. It is plain data, so the CLI needs no registry to run it. */
export interface CommandSpec {
  /** `secret set` */
  readonly command: string
  /** `secrets.put` */
  readonly operation: string
  readonly summary: string
  /** The purpose of its area. Only on the first command of a noun. */
  readonly areaSummary?: string
  /** The route, in the form that the typed client takes. */
  readonly route: string
  /** A call accepts an idempotency key: the server runs the call once for a key. */
  readonly isIdempotent?: true
  readonly fields: readonly FieldSpec[]
  /** The fields that are positional arguments. */
  readonly positionals: readonly string[]
  /** The field of the answer that holds a list. */
  readonly list?: string
  /** The shown fields, as paths into the answer or into each item of the list. Default: all. */
  readonly columns?: readonly string[]
  /** Fields of the answer with the values that mean success. Default: every answer is a success. */
  readonly succeeds?: Readonly<Record<string, string | number | boolean>>
}

/**
 * Every operation that has a command, in the order of the registry.
 *
 * @example
 * const { command, positionals } = commandsOf(pawl.registry)[0]
 */
export function commandsOf(registry: Registry): CommandSpec[] {
  const routes = clientRoutes(registry)
  const specs = Object.entries(registry).flatMap(([area, verbs]) =>
    Object.entries(verbs).flatMap(([verb, operation]) => {
      const route = routes[area]?.[verb]
      return route === undefined || operation.command === null ? [] : [specOf(area, verb, operation, route)]
    }),
  )
  return specs.map(({ areaSummary, ...spec }, at) => {
    const isFirst = areaSummary && !specs.slice(0, at).some((other) => nounOf(other) === nounOf(spec))
    return isFirst ? { ...spec, areaSummary } : spec
  })
}

function nounOf({ command }: Pick<CommandSpec, 'command'>): string {
  return command.split(' ')[0] ?? ''
}

function specOf(area: string, verb: string, operation: AnyOperation, route: string): CommandSpec {
  const { name, summary, areaSummary, command } = operation
  const input = jsonSchemaOf(operation.input, 'input')
  const properties = propertiesOf(input)
  const positionals =
    command?.positionals ?? pathFields(route).filter((field) => field !== 'vault_id' || area === 'vaults')
  return {
    command: command?.name ?? `${singular(area)} ${kebab(verb)}`,
    operation: name,
    summary,
    ...(areaSummary ? { areaSummary } : {}),
    route,
    ...(operation.idempotent ? { isIdempotent: true } : {}),
    fields: Object.keys(properties).map((field) =>
      fieldOf(
        field,
        meant(input, properties[field] ?? {}),
        input.required?.includes(field) === true,
        command?.flags?.[field],
      ),
    ),
    positionals,
    ...shownOf(operation),
    ...(command?.succeeds ? { succeeds: command.succeeds } : {}),
  }
}

function pathFields(route: string): string[] {
  return [...route.matchAll(/\{([^}+]+)\+?\}/g)].map(([, name = '']) => name)
}

function kebab(name: string): string {
  return name
    .replace(/([A-Z])/g, '-$1')
    .toLowerCase()
    .replaceAll('_', '-')
}

/** The same flag names a vault in every command. */
const defaultFlags: Readonly<Record<string, string>> = { vault_id: 'vault v' }

/** The schema of a field, with references resolved. */
function meant(root: JsonSchema, { anyOf, ...schema }: JsonSchema): JsonSchema {
  const named = schema.$ref ? (root.$defs?.[schema.$ref.replace('#/$defs/', '')] ?? {}) : schema
  return anyOf ? { ...named, anyOf: anyOf.map((part) => meant(root, part)) } : named
}

function fieldOf(name: string, schema: JsonSchema, isRequired: boolean, flags = defaultFlags[name]): FieldSpec {
  const [flag = kebab(name), letter] = flags?.split(' ') ?? []
  const kind = schema.anyOf?.find(({ type }) => type !== 'null') ?? schema
  const type = typeOf(kind)
  const about = schema.description ?? kind.description
  const choices = (kind.enum ?? kind.items?.enum) as string[] | undefined
  return {
    name,
    flag,
    ...(letter ? { letter } : {}),
    ...(type ? { type } : {}),
    ...(choices ? { choices } : {}),
    ...(isRequired ? { isRequired } : {}),
    ...(kind.writeOnly ? { isSecret: true } : {}),
    ...(typesOf(schema).includes('null') ? { isClearable: true } : {}),
    ...(typeof about === 'string' ? { about } : {}),
  }
}

function typeOf(schema: JsonSchema): FieldType | null {
  if (schema.format === 'date-time') return 'time'
  const types = typesOf(schema)
  if (types.includes('integer') || types.includes('number')) return 'number'
  if (types.includes('boolean')) return 'boolean'
  if (types.includes('array')) return 'list'
  return types.includes('object') ? 'json' : null
}

const defaultColumnsMax = 5

/** The list in an answer, and its columns: the declared ones or, for a list, the first that fit into one line. */
function shownOf({ output, command }: AnyOperation): Pick<CommandSpec, 'list' | 'columns'> {
  const schema = jsonSchemaOf(output, 'output')
  const answered = propertiesOf(schema)
  const isList = ({ items, type }: JsonSchema) => type === 'array' && Object.keys(itemOf(items)).length > 0
  const itemOf = (items: JsonSchema = {}) => propertiesOf(schema, items)
  const [list, ...others] = Object.keys(answered).filter((name) => isList(answered[name] ?? {}))
  const columns = command?.columns
  // With an ID or columns of its own, the answer is one thing, and its list is a part of it.
  const isOne = ['id', ...(columns ?? [])].some((column) => Object.hasOwn(answered, column.split('.')[0] ?? ''))
  if (list === undefined || others.length > 0 || isOne) return columns ? { columns } : {}
  const item = itemOf(answered[list]?.items)
  const usual = Object.keys(item).filter((name) => !/array|object/.test(String(typesOf(item[name] ?? {}))))
  return { list, columns: columns ?? usual.slice(0, defaultColumnsMax) }
}
