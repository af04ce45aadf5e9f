import { Secret } from '../kernel/secret.ts'

/**
 * The JSON of an output. Only in the fields that the operation says it reveals does a `Secret` become its value; anywhere
 * else it stays the placeholder that its own `toJSON` gives. A dot leads into an object, or into each of an array.
 */
export function revealed(output: unknown, fields: readonly string[]): unknown {
  return fields.reduce((shown, field) => revealAt(shown, field.split('.')), output)
}

function revealAt(value: unknown, [name, ...rest]: readonly string[]): unknown {
  if (name === undefined) return revealHere(value)
  if (Array.isArray(value)) return value.map((one) => revealAt(one, [name, ...rest]))
  if (value === null || typeof value !== 'object' || !Object.hasOwn(value, name)) return value
  return { ...value, [name]: revealAt((value as Record<string, unknown>)[name], rest) }
}

function revealHere(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(revealHere)
  return value instanceof Secret ? value.reveal() : value
}
