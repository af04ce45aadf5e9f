import type { ChainOutput } from '../../ports/chain.ts'
import { BadTransaction } from '../family.ts'
import { type Body, encodeBody, encodeOutput, encodeTransaction, type Output } from './body.ts'

export interface Wanted {
  readonly output: Output
  readonly change: Uint8Array
  readonly ttl: bigint
  readonly fees: { readonly perTransaction: bigint; readonly perKilobyte: bigint }
}

/** Lovelace for each byte of an output that is kept, and the bytes that each output counts more (a protocol parameter). */
const coinsPerByte = 4_310n
const outputOverhead = 160n
const transactionBytesMax = 16_384

/** The least coins of an output. More coins can need more bytes, and more bytes more coins. */
export function leastCoin(output: Output): bigint {
  for (let coin = output.coin; ; ) {
    const needed = coinsPerByte * (outputOverhead + BigInt(encodeOutput({ ...output, coin }).length))
    if (needed <= coin) return needed
    coin = needed
  }
}

/**
 * Chooses outputs to spend: first those with the wanted token, then those with the most coins, without tokens before with
 * tokens. The rest goes back with every token of the chosen outputs. Only if nothing more can be chosen, a rest that is too
 * small for an output goes to the fee.
 */
export function bodyFrom(coins: readonly ChainOutput[], wanted: Wanted): Body {
  const chosen: ChainOutput[] = []
  let smallRest: Body | null = null
  for (const coin of inOrder(coins, wanted.output)) {
    chosen.push(coin)
    const body = settled(chosen, wanted)
    if (!body) continue
    if (sizeOf(body) > transactionBytesMax) break
    if (body.outputs.length > 1 || body.fee === feeOf(body, wanted)) return body
    smallRest = body
  }
  if (smallRest) return smallRest
  throw new BadTransaction('value', 'is more than the outputs of the address hold, with the fee and the least rest')
}

/** Null if the chosen outputs are not enough. */
function settled(chosen: readonly ChainOutput[], wanted: Wanted): Body | null {
  const { output, change, ttl } = wanted
  const tokens = restOf(chosen, output.tokens)
  const coin = chosen.reduce((sum, { value }) => sum + value, 0n) - output.coin
  if (tokens === null || coin < 0n) return null
  const inputs = chosen.map(({ transactionId, index }) => ({ transactionId, index })).sort(byName)
  const bare = { inputs, outputs: [output], fee: feeShape, ttl }
  const hasTokens = Object.keys(tokens).length > 0
  const back = { address: change, coin, tokens }
  const fee = feeOf({ ...bare, outputs: [output, back] }, wanted)
  const rest = { ...back, coin: coin - fee }
  if (rest.coin >= leastCoin(rest)) return { ...bare, outputs: [output, rest], fee }
  return !hasTokens && coin >= feeOf(bare, wanted) ? { ...bare, fee: coin } : null
}

/** A fee of five bytes, as all real ones are. */
const feeShape = 1_000_000n

function feeOf(body: Body, { fees }: Wanted): bigint {
  return fees.perTransaction + (fees.perKilobyte * BigInt(sizeOf({ ...body, fee: feeShape })) + 999n) / 1_000n
}

function sizeOf(body: Body): number {
  return encodeTransaction(encodeBody(body), new Uint8Array(32), new Uint8Array(64)).length
}

/** The tokens that are left. Null if there are not enough. */
function restOf(
  chosen: readonly ChainOutput[],
  wanted: Readonly<Record<string, bigint>>,
): Readonly<Record<string, bigint>> | null {
  const rest = new Map<string, bigint>()
  for (const { tokens } of chosen) {
    for (const [token, amount] of Object.entries(tokens)) rest.set(token, (rest.get(token) ?? 0n) + amount)
  }
  for (const [token, amount] of Object.entries(wanted)) rest.set(token, (rest.get(token) ?? 0n) - amount)
  if ([...rest.values()].some((amount) => amount < 0n)) return null
  return Object.fromEntries([...rest].filter(([, amount]) => amount > 0n))
}

function inOrder(coins: readonly ChainOutput[], { tokens }: Output): ChainOutput[] {
  const [token] = Object.keys(tokens)
  const unique = new Map(coins.map((coin) => [`${coin.transactionId}:${coin.index}`, coin]))
  const has = (coin: ChainOutput) => (token === undefined ? 0n : (coin.tokens[token] ?? 0n))
  const kinds = (coin: ChainOutput) => BigInt(Object.keys(coin.tokens).length)
  return [...unique.values()].sort(
    (one, other) =>
      order(has(other), has(one)) ||
      order(kinds(one), kinds(other)) ||
      order(other.value, one.value) ||
      byName(one, other),
  )
}

function order(one: bigint, other: bigint): number {
  return one === other ? 0 : one < other ? -1 : 1
}

function byName(one: Body['inputs'][number], other: Body['inputs'][number]): number {
  if (one.transactionId !== other.transactionId) return one.transactionId < other.transactionId ? -1 : 1
  return one.index - other.index
}
