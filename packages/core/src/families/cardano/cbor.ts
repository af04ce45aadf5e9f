import { concat } from '../../kernel/bytes.ts'

// As much of CBOR (RFC 8949) as transactions of Cardano need, in its deterministic form: definite lengths, the shortest
// numbers. So each value has one encoding, and what is read is what the chain reads.

export type Cbor = bigint | Uint8Array | readonly Cbor[] | CborMap | Tagged | boolean | null

export interface Tagged {
  readonly tag: bigint
  readonly value: Cbor
}

/** In the order of the bytes. A key is a number or bytes. */
export class CborMap {
  readonly entries: readonly (readonly [key: Cbor, value: Cbor])[]

  constructor(entries: readonly (readonly [key: Cbor, value: Cbor])[]) {
    this.entries = entries
  }

  /** The value of a key that is a number. */
  at(key: number): Cbor | undefined {
    return this.entries.find(([one]) => one === BigInt(key))?.[1]
  }
}

export function encode(value: Cbor): Uint8Array {
  if (typeof value === 'bigint') return value >= 0n ? head(0, value) : head(1, -1n - value)
  if (value instanceof Uint8Array) return concat(head(2, BigInt(value.length)), value)
  if (value === null) return Uint8Array.of(0xf6)
  if (typeof value === 'boolean') return Uint8Array.of(value ? 0xf5 : 0xf4)
  if (value instanceof CborMap) {
    const parts = value.entries.flatMap(([key, one]) => [encode(key), encode(one)])
    return concat(head(5, BigInt(value.entries.length)), ...parts)
  }
  if ('tag' in value) return concat(head(6, value.tag), encode(value.value))
  return concat(head(4, BigInt(value.length)), ...value.map(encode))
}

/** Throws a `RangeError` unless the bytes are one value in this form and nothing else. */
export function decode(bytes: Uint8Array): Cbor {
  const reader = new Reader(bytes)
  const value = reader.value(0)
  if (reader.at !== bytes.length) throw new RangeError('bytes after the end')
  return value
}

/** The bytes of each entry of an array, as they are. */
export function entriesOf(bytes: Uint8Array): Uint8Array[] {
  const reader = new Reader(bytes)
  const length = reader.arrayLength()
  const entries = Array.from({ length }, () => {
    const start = reader.at
    reader.value(1)
    return bytes.subarray(start, reader.at)
  })
  if (reader.at !== bytes.length) throw new RangeError('bytes after the end')
  return entries
}

const depthMax = 16

class Reader {
  readonly #bytes: Uint8Array
  at = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  value(depth: number): Cbor {
    if (depth > depthMax) throw new RangeError('too deep')
    const first = this.#bytes[this.at]
    if (first === 0xf4 || first === 0xf5 || first === 0xf6) {
      this.at++
      return first === 0xf6 ? null : first === 0xf5
    }
    const [kind, number] = this.#head()
    if (kind === 0) return number
    if (kind === 1) return -1n - number
    if (kind === 2) return this.#take(number)
    if (kind === 4) return Array.from({ length: this.#count(number) }, () => this.value(depth + 1))
    if (kind === 5) return this.#map(this.#count(number), depth)
    if (kind === 6) return { tag: number, value: this.value(depth + 1) }
    throw new RangeError('type')
  }

  arrayLength(): number {
    const [kind, number] = this.#head()
    if (kind !== 4) throw new RangeError('array')
    return this.#count(number)
  }

  #map(length: number, depth: number): CborMap {
    const entries = Array.from({ length }, () => [this.value(depth + 1), this.value(depth + 1)] as const)
    const keys = new Set(entries.map(([key]) => encode(key).join()))
    if (keys.size < length) throw new RangeError('a key twice')
    return new CborMap(entries)
  }

  #head(): readonly [kind: number, number: bigint] {
    const first = this.#take(1n)[0] as number
    const [kind, short] = [first >> 5, first & 0x1f]
    if (short < 24) return [kind, BigInt(short)]
    if (short > 27) throw new RangeError('length')
    const number = this.#take(1n << BigInt(short - 24)).reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n)
    if (number < (least[short - 24] ?? 0n)) throw new RangeError('not the shortest form')
    return [kind, number]
  }

  #take(length: bigint): Uint8Array {
    const end = this.at + this.#count(length)
    const taken = this.#bytes.subarray(this.at, end)
    this.at = end
    return taken
  }

  /** No more than there are bytes left. */
  #count(number: bigint): number {
    if (number > BigInt(this.#bytes.length - this.at)) throw new RangeError('too short')
    return Number(number)
  }
}

/** The least number that needs one, two, four and eight bytes. */
const least: readonly bigint[] = [24n, 0x100n, 0x10000n, 0x100000000n]

function head(kind: number, number: bigint): Uint8Array {
  const type = kind << 5
  if (number < 24n) return Uint8Array.of(type | Number(number))
  const size = [0, 1, 2, 3].find((power) => number < 1n << BigInt(8 << power))
  if (size === undefined) throw new RangeError('number')
  const bytes = Uint8Array.from({ length: 1 << size }, (_, at) =>
    Number((number >> BigInt(8 * ((1 << size) - 1 - at))) & 0xffn),
  )
  return concat(Uint8Array.of(type | (24 + size)), bytes)
}
