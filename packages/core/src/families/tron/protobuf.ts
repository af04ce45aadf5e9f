import { concat } from '../../kernel/bytes.ts'

// As much of Protocol Buffers as transactions of Tron need: numbers and bytes.

export type FieldValue = bigint | Uint8Array

/** A message from its fields. A field that is zero or empty is left out, as proto3 has it. */
export function message(...fields: readonly (readonly [number: number, value: FieldValue])[]): Uint8Array {
  return concat(
    ...fields.flatMap(([number, value]) => {
      if (typeof value === 'bigint') return value === 0n ? [] : [varint(BigInt(number << 3)), varint(value)]
      return value.length === 0 ? [] : [varint(BigInt((number << 3) | 2)), varint(BigInt(value.length)), value]
    }),
  )
}

/** The fields of a message. Throws a `RangeError` for a field that comes twice, and for other types of fields. */
export function fieldsOf(bytes: Uint8Array): Map<number, FieldValue> {
  const fields = new Map<number, FieldValue>()
  let at = 0
  const number = () => {
    let value = 0n
    for (let shift = 0n; shift < 64n; shift += 7n) {
      const byte = bytes[at++]
      if (byte === undefined) break
      value |= BigInt(byte & 0x7f) << shift
      if (byte < 0x80) return value
    }
    throw new RangeError('number')
  }
  while (at < bytes.length) {
    const key = number()
    const [name, kind] = [Number(key >> 3n), key & 7n]
    if (fields.has(name)) throw new RangeError('a field twice')
    if (kind === 0n) fields.set(name, number())
    else if (kind === 2n) {
      const length = Number(number())
      if (at + length > bytes.length) throw new RangeError('too short')
      fields.set(name, bytes.subarray(at, at + length))
      at += length
    } else throw new RangeError('type')
  }
  return fields
}

function varint(value: bigint): Uint8Array {
  const bytes: number[] = []
  let rest = value
  while (rest >= 0x80n) {
    bytes.push(Number(rest & 0x7fn) | 0x80)
    rest >>= 7n
  }
  return Uint8Array.of(...bytes, Number(rest))
}
