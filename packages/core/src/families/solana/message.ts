import { concat } from '../../kernel/bytes.ts'
import { keyBytes, keyText } from './keys.ts'

// The bytes that a wallet signs: the legacy message and version 0. https://solana.com/docs/core/transactions

export interface Instruction {
  readonly program: string
  readonly accounts: readonly AccountUse[]
  readonly data: Uint8Array
}

export interface AccountUse {
  readonly key: string
  readonly isSigner: boolean
  readonly isWritable: boolean
}

export interface Message {
  readonly signers: number
  readonly keys: readonly string[]
  readonly blockhash: string
  /** An account is null if only an address lookup table says which it is. */
  readonly instructions: readonly ReadInstruction[]
  readonly hasLookups: boolean
}

export interface ReadInstruction {
  readonly program: string | null
  readonly accounts: readonly (string | null)[]
  readonly data: Uint8Array
}

/** The legacy message. Keys are in the order of their first use, as the official library compiles them. */
export function compile(payer: string, blockhash: Uint8Array, instructions: readonly Instruction[]): Uint8Array {
  const uses = new Map<string, { isSigner: boolean; isWritable: boolean }>()
  const use = (key: string, isSigner: boolean, isWritable: boolean) => {
    const before = uses.get(key) ?? { isSigner: false, isWritable: false }
    uses.set(key, { isSigner: before.isSigner || isSigner, isWritable: before.isWritable || isWritable })
  }
  use(payer, true, true)
  for (const { program, accounts } of instructions) {
    use(program, false, false)
    for (const { key, isSigner, isWritable } of accounts) use(key, isSigner, isWritable)
  }
  const group = (isSigner: boolean, isWritable: boolean) =>
    [...uses].filter(([, one]) => one.isSigner === isSigner && one.isWritable === isWritable).map(([key]) => key)
  const groups = [group(true, true), group(true, false), group(false, true), group(false, false)] as const
  const keys = groups.flat()
  const encoded = instructions.map(({ program, accounts, data }) => {
    const indexes = Uint8Array.from(accounts, ({ key }) => keys.indexOf(key))
    return concat(Uint8Array.of(keys.indexOf(program)), compact(indexes.length), indexes, compact(data.length), data)
  })
  return concat(
    Uint8Array.of(groups[0].length + groups[1].length, groups[1].length, groups[3].length),
    compact(keys.length),
    ...keys.map((key) => keyBytes(key, 'to')),
    blockhash,
    compact(encoded.length),
    ...encoded,
  )
}

/** A transaction: signatures, then the message. */
export function splitTransaction(bytes: Uint8Array): { readonly signatures: number; readonly message: Uint8Array } {
  const reader = new Reader(bytes)
  const signatures = reader.compact()
  reader.take(64 * signatures)
  return { signatures, message: reader.rest() }
}

/** Throws a `RangeError` if the bytes are not one message and nothing else. */
export function readMessage(bytes: Uint8Array): Message {
  const reader = new Reader(bytes)
  const first = reader.byte()
  const isVersioned = first >= 0x80
  if (isVersioned && first !== 0x80) throw new RangeError('unknown version')
  const signers = isVersioned ? reader.byte() : first
  const [readOnlySigners, readOnly] = [reader.byte(), reader.byte()]
  const keys = reader.list(() => keyText(reader.take(32)))
  if (signers === 0 || readOnlySigners >= signers || signers + readOnly > keys.length) throw new RangeError('header')
  if (new Set(keys).size < keys.length) throw new RangeError('a key twice')
  const blockhash = keyText(reader.take(32))
  const raw = reader.list(() => ({
    program: reader.byte(),
    accounts: [...reader.take(reader.compact())],
    data: reader.take(reader.compact()),
  }))
  const lookups = isVersioned ? reader.list(() => readLookup(reader)) : []
  if (reader.rest().length > 0) throw new RangeError('bytes after the end')
  const total = keys.length + lookups.reduce((sum, count) => sum + count, 0)
  const named = (index: number) => {
    if (index >= total) throw new RangeError('no such account')
    return keys[index] ?? null
  }
  const instructions = raw.map(({ program, accounts, data }) => ({
    program: named(program),
    accounts: accounts.map(named),
    data,
  }))
  return { signers, keys, blockhash, instructions, hasLookups: lookups.length > 0 }
}

/** How many accounts come from one table. */
function readLookup(reader: Reader): number {
  reader.take(32)
  const writable = reader.take(reader.compact())
  const readOnly = reader.take(reader.compact())
  return writable.length + readOnly.length
}

class Reader {
  readonly #bytes: Uint8Array
  #at = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  take(length: number): Uint8Array {
    const end = this.#at + length
    if (end > this.#bytes.length) throw new RangeError('too short')
    const taken = this.#bytes.subarray(this.#at, end)
    this.#at = end
    return taken
  }

  byte(): number {
    return this.take(1)[0] as number
  }

  rest(): Uint8Array {
    return this.take(this.#bytes.length - this.#at)
  }

  list<T>(read: () => T): T[] {
    return Array.from({ length: this.compact() }, read)
  }

  /** A number below 2^16, in its shortest form. */
  compact(): number {
    let value = 0
    for (let shift = 0; shift <= 14; shift += 7) {
      const byte = this.byte()
      value |= (byte & 0x7f) << shift
      if (byte >= 0x80) continue
      if (value > 0xffff || (shift > 0 && byte === 0)) break
      return value
    }
    throw new RangeError('number')
  }
}

export function compact(value: number): Uint8Array {
  const bytes: number[] = []
  let rest = value
  while (rest >= 0x80) {
    bytes.push((rest & 0x7f) | 0x80)
    rest >>>= 7
  }
  return Uint8Array.of(...bytes, rest)
}

/** Little endian. */
export function int32(value: number): Uint8Array {
  return Uint8Array.of(value, value >>> 8, value >>> 16, value >>> 24)
}

export function int64(value: bigint): Uint8Array {
  return Uint8Array.from({ length: 8 }, (_, at) => Number((value >> BigInt(8 * at)) & 0xffn))
}

export function numberAt(data: Uint8Array, at: number, length: number): bigint {
  let value = 0n
  for (let byte = length - 1; byte >= 0; byte--) value = (value << 8n) | BigInt(data[at + byte] as number)
  return value
}
