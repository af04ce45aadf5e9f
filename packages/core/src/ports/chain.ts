/**
 * One blockchain, as seen through a node: what the engine cannot know by itself. It builds and signs transactions
 * without this port; no key crosses it.
 *
 * Amounts are whole numbers of the smallest unit (wei, satoshi, lamport, drop, lovelace, sun). Addresses, tokens and
 * transaction ids are texts in the chain's own form. `ChainUnavailable` leaves open what happened, so that the same call
 * can be made again; `ChainRejected` says that it never will.
 */
export interface Chain {
  /** As configured. A node that says otherwise about itself is `ChainUnavailable`: it is the wrong one. */
  readonly facts: ChainFacts

  /** Of the native currency, or of a token: its contract, mint or policy and name. Nobody's address has 0. */
  balance(address: string, token?: string): Promise<bigint>

  /** What the next transaction of this address must build on, transactions on their way included. */
  account(address: string): Promise<ChainAccount>

  /** What is paid for a transaction that is to be included soon. */
  fees(): Promise<ChainFees>

  /** The newest block, for chains whose transactions name one or end at one. */
  tip(): Promise<{ readonly height: bigint; readonly id: string; readonly at: number }>

  /** Hands over a signed transaction; answers its id. What the chain knows already is fine, so it can be repeated. */
  broadcast(signed: Uint8Array): Promise<string>

  status(transactionId: string): Promise<TransactionStatus>
}

/** Optional: what a call would do now, without sending it. It reads contracts as well. */
export interface Simulating {
  simulate(call: ChainCall): Promise<Simulation>
}

export type ChainFamily = 'evm' | 'bitcoin' | 'solana' | 'xrp' | 'cardano' | 'tron'

export interface ChainFacts {
  /** Its name in the registry of chains: `base`, `bitcoin-testnet`. */
  readonly name: string
  readonly family: ChainFamily
  /** Null where chains have no number. */
  readonly chainId: bigint | null
  /** How many decimal places the native currency has: 18 for ether. */
  readonly decimals: number
}

/** A counter of transactions, or the outputs that can be spent. */
export type ChainAccount =
  | { readonly model: 'counter'; readonly next: bigint }
  | { readonly model: 'outputs'; readonly outputs: readonly ChainOutput[] }

export interface ChainOutput {
  readonly transactionId: string
  readonly index: number
  readonly value: bigint
  readonly tokens: Readonly<Record<string, bigint>>
}

/** `gas`: per unit of gas, `base` null where there is no base fee. `size`: per transaction, and for 1,000 bytes of it. */
export type ChainFees =
  | { readonly model: 'gas'; readonly base: bigint | null; readonly priority: bigint }
  | { readonly model: 'size'; readonly perTransaction: bigint; readonly perKilobyte: bigint }

export interface ChainCall {
  readonly from: string
  readonly to: string
  readonly value: bigint
  readonly data: Uint8Array
}

export type Simulation =
  | { readonly succeeded: true; readonly fuel: bigint; readonly returned: Uint8Array }
  | { readonly succeeded: false; readonly reason: string }

/** `unknown` may have been dropped, or has not been heard of yet. */
export type TransactionStatus =
  | { readonly state: 'unknown' | 'pending' }
  | { readonly state: 'included'; readonly succeeded: boolean; readonly height: bigint; readonly confirmations: bigint }

/** Nobody configured how to reach the chain. `setting` names what to set. */
export class ChainNotConfigured extends Error {
  override readonly name = 'ChainNotConfigured'
  readonly setting: string

  constructor(chain: string) {
    const setting = `PAWL_RPC_${chain.toUpperCase().replace(/[^A-Z0-9]/g, '_')}`
    super(`The chain ${chain} is not configured. Set ${setting}.`)
    this.setting = setting
  }
}

/** No node answered as it should. Whether anything happened is not known. The message names no credential of a URL. */
export class ChainUnavailable extends Error {
  override readonly name = 'ChainUnavailable'
}

export type ChainRejection =
  | 'malformed'
  | 'wrong_chain'
  | 'nonce_used'
  | 'insufficient_funds'
  | 'underpriced'
  | 'refused'

/** The chain will not take this transaction, now or later. */
export class ChainRejected extends Error {
  override readonly name = 'ChainRejected'
  readonly rejection: ChainRejection

  constructor(rejection: ChainRejection, message: string) {
    super(message)
    this.rejection = rejection
  }
}
