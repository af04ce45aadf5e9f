/**
 * One blockchain, through a node. The engine builds and signs transactions without this port, so no key crosses it.
 *
 * Amounts are whole numbers of the smallest unit (wei, satoshi, lamport, drop, lovelace, sun). Addresses, tokens and
 * transaction ids are strings in the format of the chain. After `ChainUnavailable` the outcome is unknown, and the call
 * can be repeated. `ChainRejected` is final.
 */
export interface Chain {
  /** The configured chain. If the node belongs to another chain, calls throw `ChainUnavailable`. */
  readonly facts: ChainFacts

  /**
   * Balance in the native currency, or in a token (its contract, mint, or policy and name). An unused address has 0.
   */
  balance(address: string, token?: string): Promise<bigint>

  /** The counter or outputs for the next transaction of this address, including pending transactions. */
  account(address: string): Promise<ChainAccount>

  /** The fees of a transaction that should be included soon. */
  fees(): Promise<ChainFees>

  /** The newest block, for chains whose transactions refer to a block or expire at one. */
  tip(): Promise<ChainBlock>

  /**
   * Sends a signed transaction and returns its id. A known transaction is not an error, so the call can be repeated.
   */
  broadcast(signed: Uint8Array): Promise<string>

  status(transactionId: string): Promise<TransactionStatus>
}

/** Optional: the results of calls without sending them. Also reads contracts. */
export interface Simulating {
  /** Each call runs on the state that the calls before it left. One result for each, in order. */
  simulate(calls: readonly ChainCall[]): Promise<readonly Simulation[]>
}

/** Optional: whether accounts exist, for chains that must create them first. One answer for each, in order. */
export interface Inspecting {
  exists(addresses: readonly string[]): Promise<readonly boolean[]>
}

/** Optional: what arrives at addresses. Deposits need it. */
export interface Watching {
  /**
   * The transfers that the blocks from `from` to `to` made to these addresses. The chain may read fewer blocks than asked for:
   * `upTo` is the last one that it read. All blocks belong to the chain that ends with `upTo`. If the node changes to another
   * chain meanwhile, or does not have the blocks, it throws `ChainUnavailable`.
   */
  arrivals(wanted: ArrivalsWanted): Promise<Arrivals>
  /** The block at this height. Null: the chain is not so long. */
  blockAt(height: bigint): Promise<ChainBlock | null>
}

export interface ArrivalsWanted {
  /** In the canonical form of the chain. */
  readonly addresses: readonly string[]
  /** Tokens whose transfers count beside the native currency. */
  readonly tokens: readonly string[]
  readonly from: bigint
  readonly to: bigint
  /** The adapter calls it between its requests to a node, so that the engine renews its claim. If it throws, the adapter stops. */
  onProgress?(): Promise<void>
}

export interface Arrivals {
  readonly arrivals: readonly Arrival[]
  /** The block before `from`. With it, a caller sees whether the blocks follow those that it read before. */
  readonly parentId: string
  readonly upTo: ChainBlock
}

/** Money that arrived at an address, in a transaction that succeeded. */
export interface Arrival {
  readonly transactionId: string
  /** Which transfer of the transaction to this address. It is the same when the transaction gets into another block. */
  readonly place: string
  /** Null if the chain names no single sender. */
  readonly from: string | null
  /** As in `addresses`. */
  readonly to: string
  /** As in `tokens`. Null: the native currency. */
  readonly token: string | null
  readonly amount: bigint
  readonly height: bigint
  readonly blockId: string
}

export interface ChainBlock {
  readonly height: bigint
  readonly id: string
  readonly at: number
}

/** Optional: what became of user operations (ERC-4337). The mode smart_account needs it. */
export interface Witnessing {
  /**
   * Whether the call of a user operation succeeded, from what the entry point logged in this transaction. Null: the transaction is
   * not in a block, or it does not have the operation.
   */
  operationSucceeded(transactionId: string, operationHash: string): Promise<boolean | null>
}

/** One blockchain with what it can do beyond the necessary. */
export type AnyChain = Chain & Partial<Simulating & Inspecting & Watching & Witnessing>

/** The configured chains. Null: no node is configured for this chain. The same facts give the same chain. */
export type Chains = (facts: ChainFacts) => AnyChain | null

export type ChainFamily = 'evm' | 'bitcoin' | 'solana' | 'xrp' | 'cardano' | 'tron'

export interface ChainFacts {
  /** Name in the registry of chains: `base`, `bitcoin-testnet`. */
  readonly name: string
  readonly family: ChainFamily
  /** Null if chains of this family have no number. */
  readonly chainId: bigint | null
  /** Decimal places of the native currency: 18 for ether. */
  readonly decimals: number
}

/** A transaction counter, or the unspent outputs, or none: a transaction refers to a recent block instead. */
export type ChainAccount =
  | { readonly model: 'counter'; readonly next: bigint }
  | { readonly model: 'outputs'; readonly outputs: readonly ChainOutput[] }
  | { readonly model: 'none' }

export interface ChainOutput {
  readonly transactionId: string
  readonly index: number
  readonly value: bigint
  readonly tokens: Readonly<Record<string, bigint>>
}

/** `gas`: per unit of gas. `base` is null if there is no base fee. `size`: per transaction, and per 1,000 bytes. */
export type ChainFees =
  | { readonly model: 'gas'; readonly base: bigint | null; readonly priority: bigint }
  | { readonly model: 'size'; readonly perTransaction: bigint; readonly perKilobyte: bigint }

export interface ChainCall {
  readonly from: string
  readonly to: string
  readonly value: bigint
  readonly data: Uint8Array
}

/** `changes` is null if the node cannot tell. `fuel` is null if the call failed before it used any. */
export type Simulation =
  | {
      readonly succeeded: true
      readonly fuel: bigint
      readonly returned: Uint8Array
      readonly changes: readonly BalanceChange[] | null
    }
  | { readonly succeeded: false; readonly fuel: bigint | null; readonly reason: string }

/** What a call moves, without its fees. */
export interface BalanceChange {
  readonly address: string
  /** Null: the native currency. */
  readonly token: string | null
  /** Before all calls of the simulation. */
  readonly before: bigint
  readonly after: bigint
}

/** `unknown`: the node dropped the transaction or has not seen it yet. */
export type TransactionStatus =
  | { readonly state: 'unknown' | 'pending' }
  | { readonly state: 'included'; readonly succeeded: boolean; readonly height: bigint; readonly confirmations: bigint }

/** The setting with the URLs of the nodes of a chain: `PAWL_RPC_BASE_SEPOLIA`. */
export function rpcSetting(chain: string): string {
  return `PAWL_RPC_${chain.toUpperCase().replace(/[^A-Z0-9]/g, '_')}`
}

/** The chain is not configured. `setting` is the name of the missing setting. */
export class ChainNotConfigured extends Error {
  override readonly name = 'ChainNotConfigured'
  readonly setting: string

  constructor(chain: string) {
    const setting = rpcSetting(chain)
    super(`The chain ${chain} is not configured. Set ${setting}.`)
    this.setting = setting
  }
}

/** No node gave a valid answer. The outcome is unknown. The message contains no credential of a URL. */
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

/** The chain refuses this transaction permanently. */
export class ChainRejected extends Error {
  override readonly name = 'ChainRejected'
  readonly rejection: ChainRejection

  constructor(rejection: ChainRejection, message: string) {
    super(message)
    this.rejection = rejection
  }
}
