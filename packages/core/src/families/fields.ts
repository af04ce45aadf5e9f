import { bytesOfHex } from '../kernel/bytes.ts'
import { BadTransaction } from './family.ts'

// The optional fields of a request. Their values come from JSON, so a whole number can be a number or a text.

type Fields = Readonly<Record<string, unknown>>

/** A whole number in the field, as a number, decimal text or `0x` text. Null: the field is absent, null or empty. */
export function wholeNumber(fields: Fields, name: string, max = 2n ** 256n - 1n): bigint | null {
  const given = fields[name]
  if (given === undefined || given === null || given === '') return null
  const value = wholeNumberOf(given)
  if (value === null) throw new BadTransaction(name, 'must be a whole number, as text in base units')
  if (value > max) throw new BadTransaction(name, 'is too large')
  return value
}

/** Null unless the value is a whole number that is not negative. */
export function wholeNumberOf(given: unknown): bigint | null {
  if (typeof given === 'bigint') return given >= 0n ? given : null
  if (typeof given === 'number') return Number.isSafeInteger(given) && given >= 0 ? BigInt(given) : null
  if (typeof given !== 'string') return null
  return /^(?:0|[1-9][0-9]{0,77}|0x[0-9a-fA-F]{1,64})$/.test(given) ? BigInt(given) : null
}

/** A text in the field. Null: the field is absent, null or empty. */
export function textField(fields: Fields, name: string): string | null {
  const given = fields[name]
  if (given === undefined || given === null || given === '') return null
  if (typeof given !== 'string') throw new BadTransaction(name, 'must be a string')
  return given
}

/** Bytes as hexadecimal digits with `0x`. Null: the field is absent, null or empty. */
export function hexField(fields: Fields, name: string, length?: number): Uint8Array | null {
  const text = textField(fields, name)
  return text === null ? null : hexBytes(text, name, length)
}

export function hexBytes(text: unknown, field: string, length?: number): Uint8Array {
  if (typeof text !== 'string' || !/^0x(?:[0-9a-fA-F]{2})*$/.test(text)) {
    throw new BadTransaction(field, 'must be hexadecimal digits that begin with 0x')
  }
  const bytes = bytesOfHex(text.slice(2))
  if (length !== undefined && bytes.length !== length) throw new BadTransaction(field, `must have ${length} bytes`)
  return bytes
}
