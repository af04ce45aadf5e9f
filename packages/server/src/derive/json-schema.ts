import * as z from 'zod'

/** The parts of a JSON Schema that this package reads. */
export interface JsonSchema {
  $ref?: string
  $defs?: Record<string, JsonSchema>
  type?: string | string[]
  properties?: Record<string, JsonSchema>
  required?: string[]
  items?: JsonSchema
  anyOf?: JsonSchema[]
  oneOf?: JsonSchema[]
  allOf?: JsonSchema[]
  [keyword: string]: unknown
}

/** The JSON Schema of an input or an output. Without a zod declaration, an empty schema, which accepts anything. */
export function jsonSchemaOf(schema: object, io: 'input' | 'output'): JsonSchema {
  if (!isZod(schema)) return {}
  // Types that zod cannot express in JSON Schema (a transform, a `Secret`) describe themselves in `meta`, or accept anything.
  const { $schema, ...json } = z.toJSONSchema(schema, { io, unrepresentable: 'any' }) as JsonSchema
  return json
}

/** The fields of an object, from all branches of a union. */
export function propertiesOf(root: JsonSchema, schema: JsonSchema = root): Record<string, JsonSchema> {
  const name = schema.$ref?.replace('#/$defs/', '')
  if (name !== undefined) return propertiesOf(root, root.$defs?.[name] ?? {})
  const parts = [...(schema.allOf ?? []), ...(schema.anyOf ?? []), ...(schema.oneOf ?? [])]
  return Object.assign({}, ...parts.map((part) => propertiesOf(root, part)), schema.properties)
}

/** The types a value may have. */
export function typesOf({ type, anyOf = [], oneOf = [] }: JsonSchema): string[] {
  return [...(type === undefined ? [] : [type].flat()), ...[...anyOf, ...oneOf].flatMap(typesOf)]
}

function isZod(schema: object): schema is z.ZodType {
  return '_zod' in schema
}
