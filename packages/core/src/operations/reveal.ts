import { changeNamed } from '../kernel/named-fields.ts'
import { Secret } from '../kernel/secret.ts'

/**
 * The JSON of an output. Only in the fields that the operation says it reveals does a `Secret` become its value; anywhere
 * else it stays the placeholder that its own `toJSON` gives. A dot leads into an object, or into each of an array.
 */
export function revealed(output: unknown, fields: readonly string[]): unknown {
  return changeNamed(output, fields, (held) => (held instanceof Secret ? held.reveal() : held))
}
