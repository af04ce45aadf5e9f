import { addressFrom } from './address.ts'

// Decodes the arguments of a call from the contract ABI. It knows only the types of known functions. It is stricter than
// contracts: it decodes only the canonical form, so a caller cannot hide an argument.

/** An address, whole number, bytes, truth value, list or tuple. */
export type AbiValue = string | bigint | boolean | Uint8Array | readonly AbiValue[]

export type AbiType =
  | { readonly base: 'address' | 'bool' | 'bytes' }
  | { readonly base: 'uint' | 'fixedBytes'; readonly size: number }
  | { readonly base: 'list'; readonly of: AbiType }
  | { readonly base: 'tuple'; readonly of: readonly AbiType[] }

const wordBytes = 32
const entriesMax = 256

/** The types in the parentheses of a signature such as `transfer(address,uint256)`. */
export function argumentTypes(signature: string): readonly AbiType[] {
  const types = typeOf(signature.slice(signature.indexOf('(')))
  return types.base === 'tuple' ? types.of : []
}

function typeOf(text: string): AbiType {
  if (text.endsWith('[]')) return { base: 'list', of: typeOf(text.slice(0, -2)) }
  if (text.startsWith('(')) return { base: 'tuple', of: split(text.slice(1, -1)).map(typeOf) }
  if (text === 'address' || text === 'bool' || text === 'bytes') return { base: text }
  if (text.startsWith('uint')) return { base: 'uint', size: Number(text.slice(4)) }
  return { base: 'fixedBytes', size: Number(text.slice('bytes'.length)) }
}

/** The parts between the commas that are in no parentheses. */
function split(text: string): string[] {
  const parts: string[] = []
  let depth = 0
  let from = 0
  for (const [at, letter] of [...text].entries()) {
    if (letter === '(') depth++
    if (letter === ')') depth--
    if (letter !== ',' || depth > 0) continue
    parts.push(text.slice(from, at))
    from = at + 1
  }
  return text === '' ? [] : [...parts, text.slice(from)]
}

class NotAbi extends Error {}

/** Null if the bytes are not exactly these arguments. */
export function decodeArguments(types: readonly AbiType[], bytes: Uint8Array): readonly AbiValue[] | null {
  try {
    const reader = { bytes, end: 0 }
    const values = tuple(reader, types, 0)
    return padded(reader.end) === bytes.length ? values : null
  } catch (error) {
    if (error instanceof NotAbi) return null
    throw error
  }
}

/** `end` is where the last argument ends. */
interface Reader {
  readonly bytes: Uint8Array
  end: number
}

function value(reader: Reader, type: AbiType, at: number): AbiValue {
  switch (type.base) {
    case 'address': {
      const word = wordAt(reader, at)
      if (word.subarray(0, 12).some((byte) => byte !== 0)) throw new NotAbi()
      return addressFrom(word.subarray(12))
    }
    case 'bool': {
      const number = numberAt(reader, at)
      if (number > 1n) throw new NotAbi()
      return number === 1n
    }
    case 'uint': {
      const number = numberAt(reader, at)
      if (number >= 1n << BigInt(type.size)) throw new NotAbi()
      return number
    }
    case 'fixedBytes': {
      const word = wordAt(reader, at)
      if (word.subarray(type.size).some((byte) => byte !== 0)) throw new NotAbi()
      return word.slice(0, type.size)
    }
    case 'bytes':
      return dynamicBytes(reader, at)
    case 'list':
      return tuple(reader, Array(lengthAt(reader, at, entriesMax)).fill(type.of), at + wordBytes)
    case 'tuple':
      return tuple(reader, type.of, at)
  }
}

/** Values beside each other. What has no fixed length is written behind them, at an offset from their begin. */
function tuple(reader: Reader, types: readonly AbiType[], begin: number): readonly AbiValue[] {
  const head = types.reduce((length, type) => length + headBytes(type), 0)
  const behind: { readonly type: AbiType; readonly index: number }[] = []
  const values: AbiValue[] = []
  let at = begin
  for (const [index, type] of types.entries()) {
    if (isDynamic(type)) behind.push({ type, index })
    values.push(isDynamic(type) ? '' : value(reader, type, at))
    at += headBytes(type)
  }
  reader.end = Math.max(reader.end, begin + head)
  let next = head
  for (const { type, index } of behind) {
    const place = begin + types.slice(0, index).reduce((length, one) => length + headBytes(one), 0)
    // In order and without gaps or overlaps, as every compiler writes them.
    if (numberAt(reader, place) !== BigInt(next)) throw new NotAbi()
    values[index] = value(reader, type, begin + next)
    next = padded(reader.end) - begin
  }
  return values
}

function dynamicBytes(reader: Reader, at: number): Uint8Array {
  const length = lengthAt(reader, at, reader.bytes.length)
  const from = at + wordBytes
  const end = from + length
  if (padded(end) > reader.bytes.length) throw new NotAbi()
  if (reader.bytes.subarray(end, padded(end)).some((byte) => byte !== 0)) throw new NotAbi()
  reader.end = Math.max(reader.end, end)
  return reader.bytes.slice(from, end)
}

function isDynamic(type: AbiType): boolean {
  return type.base === 'bytes' || type.base === 'list' || (type.base === 'tuple' && type.of.some(isDynamic))
}

function headBytes(type: AbiType): number {
  if (type.base !== 'tuple' || isDynamic(type)) return wordBytes
  return type.of.reduce((length, one) => length + headBytes(one), 0)
}

function lengthAt(reader: Reader, at: number, max: number): number {
  const length = numberAt(reader, at)
  if (length > BigInt(max)) throw new NotAbi()
  reader.end = Math.max(reader.end, at + wordBytes)
  return Number(length)
}

function numberAt(reader: Reader, at: number): bigint {
  let number = 0n
  for (const byte of wordAt(reader, at)) number = (number << 8n) | BigInt(byte)
  return number
}

function wordAt({ bytes }: Reader, at: number): Uint8Array {
  if (at + wordBytes > bytes.length) throw new NotAbi()
  return bytes.subarray(at, at + wordBytes)
}

function padded(length: number): number {
  return Math.ceil(length / wordBytes) * wordBytes
}
