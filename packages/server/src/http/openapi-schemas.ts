import type { JsonSchema } from '../derive/json-schema.ts'

const localPrefix = '#/$defs/'
const sharedPrefix = '#/components/schemas/'

/** Moves the definitions of a schema to the shared components, and returns the schema with references to them. */
type Share = (schema: JsonSchema) => JsonSchema

export interface Components {
  readonly schemas: Record<string, JsonSchema>
  readonly shareInput: Share
  /** An output may get more fields later, so it allows additional properties. */
  readonly shareOutput: Share
}

export function components(given: Record<string, JsonSchema>): Components {
  const schemas = { ...given }
  const sources = new Map(Object.entries(given).map(([name, schema]) => [name, JSON.stringify(schema)]))

  /** The name of a definition: its own, or a new one if another definition has that name. */
  function nameFor(wanted: string, source: string): string {
    const base = wanted.startsWith('__') ? 'Value' : wanted
    for (let number = 1; ; number++) {
      const name = number === 1 ? base : `${base}${number}`
      const known = sources.get(name)
      if (known !== undefined && known !== source) continue
      sources.set(name, source)
      return name
    }
  }

  function share({ $defs = {}, ...schema }: JsonSchema): JsonSchema {
    const refer = (ref: string): string => {
      const local = ref.slice(localPrefix.length)
      const definition = $defs[local] ?? {}
      const name = nameFor(local, JSON.stringify(definition))
      if (!schemas[name]) {
        // Reserved before its parts are read, because they may refer to it.
        schemas[name] = {}
        schemas[name] = withRefs(definition, refer)
      }
      return sharedPrefix + name
    }
    return withRefs(schema, refer)
  }

  return { schemas, shareInput: share, shareOutput: (schema) => share(withNullableObjects(open(schema))) }
}

function withRefs(schema: JsonSchema, refer: (ref: string) => string): JsonSchema {
  return mapped(schema, (key, value) =>
    key === '$ref' && typeof value === 'string' && value.startsWith(localPrefix) ? refer(value) : value,
  )
}

/**
 * Writes an object that may be null as one object of the types `object` and `null`. So a reader sees which of its fields are always
 * there, which a union with null hides from generators.
 */
function withNullableObjects(schema: JsonSchema): JsonSchema {
  const definitionOf = ({ $ref, ...one }: JsonSchema) =>
    $ref?.startsWith(localPrefix) ? schema.$defs?.[$ref.slice(localPrefix.length)] : one
  return mapped(schema, (_, value) => {
    const { anyOf: [one, other, ...more] = [], ...rest } = isObject(value) ? value : {}
    if (!one || other?.type !== 'null' || more.length > 0) return value
    const definition = definitionOf(one)
    if (definition?.type !== 'object' || !definition.properties) return value
    const { id, ...object } = definition
    return { ...object, ...rest, type: ['object', 'null'] }
  })
}

const isObject = (value: unknown): value is JsonSchema =>
  value !== null && typeof value === 'object' && !Array.isArray(value)

function open(schema: JsonSchema): JsonSchema {
  return mapped(schema, (key, value) => (key === 'additionalProperties' && value === false ? undefined : value))
}

/** A copy with each member mapped by a function. `undefined` removes the member. */
function mapped(schema: JsonSchema, change: (key: string, value: unknown) => unknown): JsonSchema {
  const copy = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(copy)
    if (value === null || typeof value !== 'object') return value
    const members = Object.entries(value).map(([key, one]) => [key, change(key, copy(one))] as const)
    return Object.fromEntries(members.filter(([, one]) => one !== undefined))
  }
  return copy(schema) as JsonSchema
}
