import { hex, utf8 } from '../../kernel/bytes.ts'
import type { Bundlers } from '../bundler.ts'
import {
  type Arrival,
  type Chain,
  type ChainBlock,
  type ChainCall,
  type ChainFacts,
  ChainNotConfigured,
  ChainRejected,
  type Chains,
  ChainUnavailable,
  type Simulating,
  type Simulation,
  type Watching,
} from '../chain.ts'
import { nobleCrypto } from './crypto.ts'
import { addressOf, decodeTransaction, type EvmTransaction, signTransaction } from './evm.ts'

/** An accepted transaction and its block. The block is null while the transaction is pending. */
export interface SentTransaction extends EvmTransaction {
  readonly included: {
    readonly height: bigint
    readonly blockId: string
    readonly succeeded: boolean
    readonly fuelUsed: bigint
    /** Price per unit of gas. */
    readonly price: bigint
  } | null
}

/** An address with its key. */
export interface MemoryWallet {
  readonly address: string
  /** A signed transaction. Default nonce: the next one. */
  transfer(wanted: {
    readonly to: string
    readonly value: bigint
    readonly data?: Uint8Array
    readonly nonce?: bigint
  }): Promise<Uint8Array>
}

export interface MemoryChain extends Chain, Simulating, Watching {
  /** Broadcast transactions, in order. */
  readonly sent: readonly SentTransaction[]
  /** The wallet with this name. It has the same address on every chain. */
  wallet(name: string, balance?: bigint): MemoryWallet
  /** Adds an amount to an address, for tests. */
  fund(address: string, amount: bigint, token?: string): void
  /** Makes a block of the pending transactions. */
  mine(): void
  /**
   * Removes the newest blocks, as a reorganisation does. Their transactions are pending again, or dropped: `drops` chooses. The
   * next blocks have other IDs.
   */
  reorganise(blocks: number, drops?: (sent: SentTransaction) => boolean): void
}

export interface MemoryChainOptions {
  readonly name?: string
  readonly chainId?: bigint
  /** The result of contract calls. Default: every call succeeds and returns no data. */
  readonly call?: (call: ChainCall) => ContractResult
}

/** What a contract of the chain in memory answers. */
export type ContractResult =
  | { readonly succeeded: true; readonly fuel: bigint; readonly returned: Uint8Array }
  | { readonly succeeded: false; readonly reason: string }

const gwei = 10n ** 9n
const fees = { model: 'gas', base: gwei, priority: gwei } as const
const genesis = Date.UTC(2026, 0, 1)
const blockMs = 12_000

/**
 * An EVM chain in memory, for tests. It takes real signed transactions, and makes a block when `mine` is called. The
 * same calls give the same chain.
 *
 * @example
 * const chain = memoryChain()
 * const ann = chain.wallet('ann', 10n ** 18n)
 * const id = await chain.broadcast(await ann.transfer({ to: chain.wallet('bob').address, value: 1n }))
 * chain.mine()
 */
export function memoryChain(options: MemoryChainOptions = {}): MemoryChain {
  const { name = 'memory', chainId = 31_337n, call = () => ({ succeeded: true, ...nothing }) } = options
  const facts: ChainFacts = { name, family: 'evm', chainId, decimals: 18 }
  const balances = new Map<string, bigint>()
  const sent: SentTransaction[] = []
  let height = 0n
  let forks = 0
  const blocks: ChainBlock[] = [blockOf(0n, forks)]
  const newest = () => blocks.at(-1) as ChainBlock

  const balanceOf = (address: string, token = '') => balances.get(accountName(address, token)) ?? 0n
  const add = (address: string, amount: bigint, token = '') =>
    balances.set(accountName(address, token), balanceOf(address, token) + amount)
  const sentBy = (address: string) => sent.filter(({ from }) => from.toLowerCase() === address.toLowerCase())
  const nextOf = (address: string) => {
    const used = new Set(sentBy(address).map(({ nonce }) => nonce))
    let next = 0n
    while (used.has(next)) next++
    return next
  }

  const refuse = (wanted: EvmTransaction) => {
    const mine = sentBy(wanted.from)
    const rival = mine.find(({ nonce }) => nonce === wanted.nonce)
    if (wanted.chainId !== chainId) throw new ChainRejected('wrong_chain', 'The transaction is for another chain.')
    if (rival?.included) throw new ChainRejected('nonce_used', 'The nonce is already used.')
    if (rival) throw new ChainRejected('underpriced', 'Another transaction with this nonce is pending.')
    const waiting = mine.filter(({ included }) => !included).reduce((sum, one) => sum + costMax(one), 0n)
    if (balanceOf(wanted.from) < waiting + costMax(wanted))
      throw new ChainRejected('insufficient_funds', 'The balance is too low.')
  }

  const include = (one: SentTransaction): SentTransaction => {
    const done = one.to === null ? { succeeded: true } : call({ ...one, to: one.to })
    const succeeded = done.succeeded && fuelOf(one.data) <= one.gasLimit
    const fuelUsed = succeeded ? fuelOf(one.data) : one.gasLimit
    // biome-ignore lint/complexity/useMathMinMax: that knows no bigint
    const price = one.feeMax < fees.base + one.priority ? one.feeMax : fees.base + one.priority
    add(one.from, -price * fuelUsed)
    if (succeeded) add(one.from, -one.value)
    if (succeeded && one.to) add(one.to, one.value)
    return { ...one, included: { height, blockId: newest().id, succeeded, fuelUsed, price } }
  }

  const undo = (one: SentTransaction, { succeeded, fuelUsed, price }: NonNullable<SentTransaction['included']>) => {
    add(one.from, price * fuelUsed)
    if (succeeded) add(one.from, one.value)
    if (succeeded && one.to) add(one.to, -one.value)
  }

  return {
    facts,
    sent,
    wallet: (owner, balance = 0n) => {
      const key = nobleCrypto.sha256(utf8(`pawl/test/wallet/${owner}`))
      const address = addressOf(key)
      if (balance > 0n) add(address, balance)
      const gas = { feeMax: 2n * fees.base + fees.priority, priority: fees.priority }
      const transfer: MemoryWallet['transfer'] = async ({ to, value, data = nothing.returned, nonce }) =>
        signTransaction(
          { chainId, to, value, data, nonce: nonce ?? nextOf(address), gasLimit: fuelOf(data), ...gas },
          key,
        )
      return { address, transfer }
    },
    fund: (address, amount, token) => void add(address, amount, token),
    mine: () => {
      height++
      blocks.push(blockOf(height, forks))
      const order = [...sent.keys()].sort((a, b) => Number((sent[a]?.nonce ?? 0n) - (sent[b]?.nonce ?? 0n)))
      for (const at of order) {
        const one = sent[at] as SentTransaction
        if (!one.included && one.nonce < nextOf(one.from)) sent[at] = include(one)
      }
    },
    reorganise: (count, drops = () => false) => {
      forks++
      blocks.length -= count
      height -= BigInt(count)
      for (const [at, one] of sent.entries()) {
        if (!one.included || one.included.height <= height) continue
        undo(one, one.included)
        sent[at] = { ...one, included: null }
      }
      for (const one of sent.filter((waiting) => !waiting.included && drops(waiting))) sent.splice(sent.indexOf(one), 1)
    },
    blockAt: async (at) => blocks[Number(at)] ?? null,
    arrivals: async ({ addresses, tokens, from, to }) => {
      const last = to < from + arrivalBlocksMax ? to : from + arrivalBlocksMax - 1n
      const [parent, upTo] = [blocks[Number(from) - 1], blocks[Number(last)]]
      if (!parent || !upTo) throw new ChainUnavailable(`The chain has no block ${last}.`)
      const arrived = sent.flatMap(({ included, ...one }) => {
        if (!included?.succeeded || included.height < from || included.height > last) return []
        const { height, blockId } = included
        return paidBy(one, addresses, tokens).map((paid): Arrival => ({ ...paid, height, blockId }))
      })
      return { parentId: parent.id, upTo, arrivals: arrived.sort((a, b) => Number(a.height - b.height)) }
    },
    balance: async (address, token) => balanceOf(address, token),
    account: async (address) => ({ model: 'counter', next: nextOf(address) }),
    fees: async () => fees,
    tip: async () => newest(),
    simulate: async (calls) => {
      const moved = new Map<string, bigint>()
      const now = (address: string) => balanceOf(address) + (moved.get(accountName(address, '')) ?? 0n)
      const move = (address: string, amount: bigint) =>
        moved.set(accountName(address, ''), (moved.get(accountName(address, '')) ?? 0n) + amount)
      return calls.map((wanted): Simulation => {
        const { from, to, value } = wanted
        if (value > now(from)) return { succeeded: false, fuel: null, reason: 'insufficient funds' }
        const done = call(wanted)
        if (!done.succeeded) return { ...done, fuel: fuelOf(wanted.data) }
        const before = [from, to].map((address) => ({ address, token: null, before: balanceOf(address) }))
        move(from, -value)
        move(to, value)
        const changes = before.map((one) => ({ ...one, after: now(one.address) }))
        const shown = changes.filter((one) => one.before !== one.after)
        return { ...done, changes: shown, fuel: done.fuel || fuelOf(wanted.data) }
      })
    },
    broadcast: async (signed) => {
      const wanted = decodeTransaction(signed)
      if (sent.some(({ id }) => id === wanted.id)) return wanted.id
      refuse(wanted)
      sent.push({ ...wanted, included: null })
      return wanted.id
    },
    status: async (id) => {
      const found = sent.find((one) => one.id === id)
      if (!found) return { state: 'unknown' }
      if (!found.included) return { state: 'pending' }
      const { succeeded, height: at } = found.included
      return { state: 'included', succeeded, height: at, confirmations: height - at + 1n }
    },
  }
}

/** No bundler is configured. */
export const noBundlers: Bundlers = () => null

/** No chain is configured. */
export const noChains: Chains = () => null

/** A chain that is not configured. Every call throws an error that names the missing setting. */
export function noChain(facts: ChainFacts): Chain {
  const refuse = async () => {
    throw new ChainNotConfigured(facts.name)
  }
  return { facts, balance: refuse, account: refuse, fees: refuse, tip: refuse, broadcast: refuse, status: refuse }
}

/** How many blocks one question about arrivals reads. */
const arrivalBlocksMax = 20n

type Paid = Omit<Arrival, 'height' | 'blockId'>

/** What a transaction moves to these addresses: its value, and what `transfer` of a token moves. */
function paidBy(
  { id, from, to, value, data }: EvmTransaction,
  addresses: readonly string[],
  tokens: readonly string[],
): Paid[] {
  const same = (all: readonly string[], wanted: string | null) =>
    all.find((one) => one.toLowerCase() === wanted?.toLowerCase())
  const [wallet, token] = [same(addresses, to), same(tokens, to)]
  if (wallet !== undefined)
    return value > 0n ? [{ transactionId: id, place: 'native', from, to: wallet, token: null, amount: value }] : []
  const call = hex(data)
  const payee = same(addresses, `0x${call.slice(32, 72)}`)
  if (token === undefined || payee === undefined || !/^a9059cbb[0-9a-f]{128}$/.test(call)) return []
  const amount = BigInt(`0x${call.slice(72)}`)
  return amount > 0n ? [{ transactionId: id, place: `${token} 0`, from, to: payee, token, amount }] : []
}

const nothing = { fuel: 0n, returned: new Uint8Array(0) }

const accountName = (address: string, token: string) => `${address.toLowerCase()} ${token.toLowerCase()}`

/** The gas of a transaction and its bytes. */
const fuelOf = (data: Uint8Array) => 21_000n + 16n * BigInt(data.length)

const costMax = ({ value, gasLimit, feeMax }: EvmTransaction) => value + gasLimit * feeMax

function blockOf(height: bigint, fork: number): ChainBlock {
  const name = fork === 0 ? `pawl/test/block/${height}` : `pawl/test/block/${height}/${fork}`
  return { height, id: `0x${hex(nobleCrypto.sha256(utf8(name)))}`, at: genesis + Number(height) * blockMs }
}
