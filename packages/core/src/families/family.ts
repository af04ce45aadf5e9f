import type { ChainAccount, ChainFamily, ChainFees } from '../ports/chain.ts'
import type { Effects } from './effects.ts'

/**
 * How one family of chains writes transactions: pure functions from a request to bytes, without a key and without a node.
 * The caller reads what `build` needs from the chain, signs `toSign` with the key store, and gives the signatures to
 * `assemble`. So no code of a chain is ever in reach of key bytes.
 *
 * @example
 * const draft = evm.draft(request, network, from)
 * check(evm.effects(draft))
 * const unsigned = evm.build(draft, facts, publicKey)
 * const signed = evm.assemble(unsigned, unsigned.toSign.map(sign), publicKey)
 */
export interface Family<Draft, Unsigned extends ToSign> {
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
  effects(draft: Draft): Effects
  /** Throws `BadTransaction` if a fact is missing that the request does not say either. */
  build(draft: Draft, facts: ChainFactsNow, publicKey: Uint8Array): Unsigned
  /** One signature for each entry of `toSign`, in order. */
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

/** What a caller asks for. Fields are as in the contract; amounts are already in the smallest unit. */
export interface TransactionRequest {
  readonly to: string | null
  readonly value: bigint
  /** The text of the contract's other fields: `data`, `memo`, `token_mint`, `nonce`, `fee_rate_sat_per_vbyte` … */
  readonly fields: Readonly<Record<string, unknown>>
}

/** What the chain says now. A member is null if no node was asked. */
export interface ChainFactsNow {
  readonly account: ChainAccount | null
  readonly fees: ChainFees | null
  readonly tip: { readonly height: bigint; readonly id: string; readonly at: number } | null
  /** What only one family needs, such as the token accounts that exist. */
  readonly more: Readonly<Record<string, unknown>>
}

export interface ToSign {
  /** secp256k1: digests of 32 bytes. ed25519: whole messages. */
  readonly toSign: readonly Uint8Array[]
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
