import { bytesOfHex, concat } from './bytes.ts'

/** Bytes, a whole number, or a list of items. */
export type Item = Uint8Array | bigint | readonly Item[]

/** Recursive length prefix: how Ethereum writes nested lists of bytes. */
export function rlp(item: Item): Uint8Array {
  if (item instanceof Uint8Array) return encodeBytes(item)
  if (typeof item === 'bigint') return encodeBytes(numberBytes(item))
  const payload = concat(...item.map(rlp))
  return concat(header(0xc0, payload.length), payload)
}

function encodeBytes(bytes: Uint8Array): Uint8Array {
  if (bytes.length === 1 && (bytes[0] as number) < 0x80) return bytes
  return concat(header(0x80, bytes.length), bytes)
}

function header(kind: number, length: number): Uint8Array {
  if (length < 56) return Uint8Array.of(kind + length)
  const size = numberBytes(BigInt(length))
  return concat(Uint8Array.of(kind + 55 + size.length), size)
}

/** Big-endian, without leading zeros. 0 is no bytes. */
export function numberBytes(value: bigint): Uint8Array {
  if (value === 0n) return new Uint8Array(0)
  const digits = value.toString(16)
  return bytesOfHex(digits.length % 2 === 0 ? digits : `0${digits}`)
}
