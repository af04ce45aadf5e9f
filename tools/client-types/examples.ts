import type { AnyOperation } from '@pawl/core'
import { examples, testPawl } from '@pawl/testkit/world'
import { jsonSchemaOf, propertiesOf } from '../../packages/server/src/derive/json-schema.ts'
import { literal, property } from './text.ts'

/** What operations are asked in their examples, by name: `secrets.put`. */
export type ExampleInputs = Readonly<Record<string, Readonly<Record<string, unknown>>>>

/** Makes each example in a separate world. */
export async function exampleInputs(): Promise<ExampleInputs> {
  const inputs: Record<string, Readonly<Record<string, unknown>>> = {}
  for (const [area, verbs] of Object.entries(examples)) {
    for (const [verb, make] of Object.entries(verbs)) {
      await using world = await testPawl()
      inputs[`${area}.${verb}`] = (await make(world)).input
    }
  }
  return inputs
}

/** The lines of an example; none where the call says all there is. */
export function exampleOf(area: string, verb: string, operation: AnyOperation, inputs: ExampleInputs): string[] {
  const known = Object.keys(propertiesOf(jsonSchemaOf(operation.input, 'input')))
  const given = Object.entries(inputs[operation.name] ?? {}).filter(([name]) => known.includes(name))
  if (given.length === 0) return []
  const fields = fieldsOf(Object.fromEntries(given), secretsOf(operation))
  const [shown] = operation.reveals ?? []
  const isShown = shown !== undefined && !shown.includes('.')
  const call = `${isShown ? `const { ${shown} } = ` : ''}await client.${area}.${verb}`
  return [...linesOf(call, fields), ...(isShown ? [`${shown}${isAlways(operation, shown) ? '' : '?'}.reveal()`] : [])]
}

const lineMax = 100

function linesOf(call: string, fields: readonly string[]): string[] {
  const line = `${call}({ ${fields.join(', ')} })`
  return line.length <= lineMax ? [line] : [`${call}({`, ...fields.map((field) => `  ${field},`), '})']
}

function isAlways({ output }: AnyOperation, field: string): boolean {
  const schema = jsonSchemaOf(output, 'output')
  const named = schema.$defs?.[schema.$ref?.replace('#/$defs/', '') ?? ''] ?? schema
  return named.required?.includes(field) === true
}

function secretsOf({ input }: AnyOperation): string[] {
  const fields = Object.entries(propertiesOf(jsonSchemaOf(input, 'input')))
  return fields.flatMap(([name, field]) =>
    [field, ...(field.anyOf ?? [])].some(({ writeOnly }) => writeOnly) ? [name] : [],
  )
}

const identifier = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** IDs and secrets appear as variables with the name of their field, because their example values do not help the reader. */
function fieldsOf(fields: object, secrets: readonly string[]): string[] {
  return Object.entries(fields).map(([name, value]) => {
    if (secrets.includes(name) || isId(value)) return name
    return `${property(name)}: ${written(value, name.replace(/s$/, ''))}`
  })
}

function written(value: unknown, name: string): string {
  if (isId(value)) return name
  if (Array.isArray(value)) return `[${value.map((one) => written(one, name)).join(', ')}]`
  if (value === null || typeof value !== 'object') return literal(value)
  return `{ ${fieldsOf(value, ['value']).join(', ')} }`
}

function isId(value: unknown): boolean {
  return typeof value === 'string' && identifier.test(value)
}
