import type { OperationGas, PaymasterPart } from '../ports/bundler.ts'
import type { ChainAccount, ChainCall, ChainFamily, ChainFees } from '../ports/chain.ts'
import type { Effects } from './effects.ts'

/**
 * How one family of chains writes transactions: pure functions from a request to bytes, without a key and without a node.
 * The caller reads what `build` needs from the chain, signs `toSign` with the key store, and gives the signatures to
 * `assemble`. So no code of a chain is ever in reach of key bytes.
 *
 * Guardrails decide twice: about the draft, before anything is asked of a node, and about what is signed.
 *
 * @example
 * const draft = evm.draft(request, network, from)
 * decide(evm.effects(draft))
 * const unsigned = evm.build(draft, facts, publicKey)
 * decide(unsigned.effects)
 * const signed = evm.assemble(unsigned, unsigned.toSign.map(sign), publicKey)
 */
export interface Family<Draft = unknown, Unsigned extends ToSign = ToSign> {
  readonly name: ChainFamily
  /** What signing keys of the family are called: `ethereum` for every EVM chain. */
  readonly keyChain: KeyChain
  readonly curve: 'secp256k1' | 'ed25519'
  /** The public key as answers show it: uncompressed for secp256k1. */
  address(publicKey: Uint8Array, network: Network): string
  /** The canonical form of an address on this network. Throws `BadTransaction`. */
  canonical(address: string, network: Network): string
  /** Reads a request, prebuilt payloads included. Throws `BadTransaction`, which names the field. */
  draft(request: TransactionRequest, network: Network, from: string): Draft
  /** What the request says. Its `overhead` is null if only the chain knows the fees. */
  effects(draft: Draft): Effects
  /** Addresses that `build` must know the existence of, such as token accounts. Default: none. */
  lookups?(draft: Draft): readonly string[]
  /** The call that a node can simulate. Absent: the chains of the family do not simulate. */
  call?(draft: Draft): ChainCall
  /** Throws `BadTransaction` if a fact is missing that the request does not say either. */
  build(draft: Draft, facts: ChainFactsNow, publicKey: Uint8Array): Unsigned
  /**
   * One signature for each entry of `toSign`, in order. ed25519: 64 bytes. secp256k1: 65 bytes, r ‖ s ‖ recovery bit, with a
   * low s.
   */
  assemble(unsigned: Unsigned, signatures: readonly Uint8Array[], publicKey: Uint8Array): SignedTransaction
}

export type KeyChain = 'ethereum' | 'bitcoin' | 'solana' | 'xrp' | 'cardano' | 'tron'

/** One chain of the registry. */
export interface Network {
  /** `base`, `bitcoin-testnet`. */
  readonly name: string
  readonly isTestnet: boolean
  /** Null for families without numbers. */
  readonly chainId: number | null
  readonly decimals: number
}

/** What a caller asks for. Fields are as in the contract. */
export interface TransactionRequest {
  readonly to: string | null
  /** In the smallest unit: of the token if `fields.token_mint` names one, else of the native currency. */
  readonly value: bigint
  /** The text of the contract's other fields: `data`, `memo`, `token_mint`, `nonce`, `fee_rate_sat_per_vbyte` … */
  readonly fields: Readonly<Record<string, unknown>>
}

/** What the chain says now. A member is null if no node was asked. */
export interface ChainFactsNow {
  readonly account: ChainAccount | null
  readonly fees: ChainFees | null
  readonly tip: { readonly height: bigint; readonly id: string; readonly at: number } | null
  /** Which of `lookups` exist. */
  readonly existing: readonly string[] | null
  /** What the simulated call used, without margin: gas, or compute units. */
  readonly fuel: bigint | null
  /** Only for user operations. */
  readonly operation?: OperationFacts
}

/** What a user operation needs beside its call. */
export interface OperationFacts {
  readonly nonce: bigint
  /** Time of the chain in seconds. */
  readonly validUntil: number
  readonly gas: OperationGas
  readonly paymaster: PaymasterPart | null
}

export const nothingAsked: ChainFactsNow = { account: null, fees: null, tip: null, existing: null, fuel: null }

export interface ToSign {
  /** What exactly these bytes do, fees included. */
  readonly effects: Effects
  /** secp256k1: digests of 32 bytes. ed25519: whole messages. */
  readonly toSign: readonly Uint8Array[]
  /** What was filled in, to show it. Absent: the nonce is the next one of the account, if the chain has nonces. */
  readonly chosen?: {
    readonly nonce: bigint | null
    readonly maxFee: bigint | null
    readonly priorityFee: bigint | null
  }
  /**
   * The outputs that the transaction spends, as `transactionId:index`. The caller locks them in the commit that signs, and leaves
   * locked outputs out of the facts for `build`. Otherwise two transactions spend the same output, and the network drops one.
   */
  readonly spends?: readonly string[]
}

export interface SignedTransaction {
  readonly bytes: Uint8Array
  /** As callers get it: hex, base64 or JSON, by family. */
  readonly text: string
  /** What the chain calls it. */
  readonly id: string
}

/** A transaction that cannot be written. `field` is the field of the request. */
export class BadTransaction extends Error {
  override readonly name = 'BadTransaction'
  readonly field: string

  constructor(field: string, message: string) {
    super(message)
    this.field = field
  }
}
