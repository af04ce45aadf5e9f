import { bytesOfHex, hex } from '../../kernel/bytes.ts'
import type { ChainOutput } from '../../ports/chain.ts'
import { type Cbor, CborMap, decode, encode, entriesOf } from './cbor.ts'

/** The part of a transaction that is signed. */
export interface Body {
  readonly inputs: readonly Pick<ChainOutput, 'transactionId' | 'index'>[]
  readonly outputs: readonly Output[]
  readonly fee: bigint
  /** The last slot in which the transaction can be included. */
  readonly ttl: bigint
}

export interface Output {
  readonly address: Uint8Array
  readonly coin: bigint
  /** By `policy.name`, both in hexadecimal digits. */
  readonly tokens: Readonly<Record<string, bigint>>
}

/** The set of the current era. */
const setTag = 258n

export function encodeBody({ inputs, outputs, fee, ttl }: Body): Uint8Array {
  const set = inputs.map(({ transactionId, index }) => [bytesOfHex(transactionId), BigInt(index)])
  return encode(
    new CborMap([
      [0n, { tag: setTag, value: set }],
      [1n, outputs.map(outputCbor)],
      [2n, fee],
      [3n, ttl],
    ]),
  )
}

export function encodeOutput(output: Output): Uint8Array {
  return encode(outputCbor(output))
}

/** The transaction with one signature. */
export function encodeTransaction(body: Uint8Array, publicKey: Uint8Array, signature: Uint8Array): Uint8Array {
  const witnesses = encode(new CborMap([[0n, { tag: setTag, value: [[publicKey, signature]] }]]))
  const end = [encode(true), encode(null)]
  return Uint8Array.of(0x84, ...body, ...witnesses, ...end.flatMap((bytes) => [...bytes]))
}

/**
 * The body of an unsigned transaction. Throws a `RangeError` for everything that Pawl does not write itself:
 * certificates, scripts, minted tokens, donations, data.
 */
export function readTransaction(transaction: Uint8Array): { readonly bytes: Uint8Array; readonly body: Body } {
  const [bytes, ...others] = entriesOf(transaction)
  const [witnesses, isValid, more] = others.map(decode)
  const isBare = witnesses instanceof CborMap && witnesses.entries.length === 0 && isValid === true && more === null
  if (!bytes || others.length !== 3 || !isBare) throw new RangeError('transaction')
  const map = decode(bytes)
  if (!(map instanceof CborMap)) throw new RangeError('body')
  if (map.entries.some(([key]) => ![0n, 1n, 2n, 3n].includes(key as bigint))) throw new RangeError('unknown part')
  const body = {
    inputs: listOf(setOf(map.at(0))).map(readInput),
    outputs: listOf(map.at(1)).map(readOutput),
    fee: numberOf(map.at(2)),
    ttl: numberOf(map.at(3)),
  }
  const names = new Set(body.inputs.map(({ transactionId, index }) => `${transactionId}:${index}`))
  if (names.size === 0 || names.size < body.inputs.length) throw new RangeError('inputs')
  return { bytes, body }
}

function outputCbor({ address, coin, tokens }: Output): Cbor {
  const policies = new Map<string, (readonly [string, bigint])[]>()
  for (const [token, amount] of Object.entries(tokens)) {
    const [policy = '', name = ''] = token.split('.')
    policies.set(policy, [...(policies.get(policy) ?? []), [name, amount]])
  }
  if (policies.size === 0) return [address, coin]
  const sorted = [...policies].sort(([one], [other]) => (one < other ? -1 : 1))
  const entries = sorted.map(([policy, names]) => {
    const inside = [...names].sort(byLength).map(([name, amount]) => [bytesOfHex(name), amount] as const)
    return [bytesOfHex(policy), new CborMap(inside)] as const
  })
  return [address, [coin, new CborMap(entries)]]
}

/** As deterministic CBOR orders the keys of a map. */
function byLength([one]: readonly [string, bigint], [other]: readonly [string, bigint]): number {
  return one.length - other.length || (one < other ? -1 : 1)
}

function readInput(value: Cbor): Body['inputs'][number] {
  const [id, index, ...more] = listOf(value)
  if (!(id instanceof Uint8Array) || id.length !== 32 || more.length > 0) throw new RangeError('input')
  const number = numberOf(index)
  if (number > 0xffffn) throw new RangeError('index')
  return { transactionId: hex(id), index: Number(number) }
}

/** As a list of two, or as a map of the later eras. Both without data and scripts. */
function readOutput(value: Cbor): Output {
  const parts = value instanceof CborMap ? mapParts(value) : listOf(value)
  const [address, amount, ...more] = parts
  if (!(address instanceof Uint8Array) || amount === undefined || more.length > 0) throw new RangeError('output')
  if (typeof amount === 'bigint') return { address, coin: numberOf(amount), tokens: {} }
  const [coin, assets, ...others] = listOf(amount)
  if (!(assets instanceof CborMap) || others.length > 0) throw new RangeError('amount')
  const tokens = Object.fromEntries(
    assets.entries.flatMap(([policy, names]) => {
      if (!(names instanceof CborMap)) throw new RangeError('assets')
      return names.entries.map(([name, count]) => [`${digits(policy, 28, 28)}.${digits(name, 0, 32)}`, numberOf(count)])
    }),
  )
  return { address, coin: numberOf(coin), tokens }
}

function mapParts(map: CborMap): Cbor[] {
  const [address, amount] = [map.at(0), map.at(1)]
  if (map.entries.length !== 2 || address === undefined || amount === undefined) throw new RangeError('output')
  return [address, amount]
}

function setOf(value: Cbor | undefined): Cbor | undefined {
  const isTagged = typeof value === 'object' && value !== null && 'tag' in value
  if (isTagged && value.tag !== setTag) throw new RangeError('tag')
  return isTagged ? value.value : value
}

function digits(value: Cbor, min: number, max: number): string {
  if (!(value instanceof Uint8Array) || value.length < min || value.length > max) throw new RangeError('bytes')
  return hex(value)
}

function listOf(value: Cbor | undefined): readonly Cbor[] {
  if (!Array.isArray(value)) throw new RangeError('list')
  return value
}

function numberOf(value: Cbor | undefined): bigint {
  if (typeof value !== 'bigint' || value < 0n || value >= 2n ** 63n) throw new RangeError('number')
  return value
}
