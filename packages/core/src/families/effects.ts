/**
 * What a transaction does, as far as its bytes say it. Guardrails decide about this and about nothing else, so a prebuilt
 * transaction and one that Pawl builds pass the same rules. Amounts are whole numbers of the smallest unit. Addresses are
 * in the canonical form of their chain.
 */
export interface Effects {
  /** The native currency that leaves the signer, or a contract account that it orders to pay. Without fees. */
  readonly native: bigint
  /** The most that fees, rent and energy can cost, in native currency. Null only in a draft: the chain knows the fees. */
  readonly overhead: bigint | null
  /** Every address that gets something, also inside of calldata and batches. */
  readonly transfers: readonly Transfer[]
  /** Every right to move tokens of the signer that the transaction gives. */
  readonly approvals: readonly Approval[]
  /** Every contract or program that is called, also inside of batches. */
  readonly calls: readonly Call[]
  /** EVM type 4: the contracts that may act for the signer from then on. */
  readonly delegates: readonly string[]
  /** Solana: the wallets that get a new token account. */
  readonly newTokenAccounts: readonly string[]
  /** XRP Ledger: the type of the transaction, such as `Payment`. Null on other chains. */
  readonly ledgerType: string | null
  /** What cannot be decoded, in words. Null: everything was decoded. Rules about content refuse what is not. */
  readonly opaque: string | null
}

export interface Transfer {
  readonly to: string
  /** The contract, mint, or policy and name. Null: the native currency. */
  readonly token: string | null
  /** Null: the bytes do not say how much. */
  readonly amount: bigint | null
}

export interface Approval {
  readonly spender: string
  readonly token: string
  /** Null: without a limit. */
  readonly amount: bigint | null
}

export interface Call {
  readonly to: string
  /** The first four bytes of calldata, as `0x` and eight digits. Null: no calldata, or the chain has no selectors. */
  readonly selector: string | null
  /** The function, such as `transfer(address,uint256)`. Null: unknown. */
  readonly function: string | null
}

/** A transfer of the native currency to one address. Other effects are given as changes to it. */
export function effectsOf(changes: Partial<Effects> & Pick<Effects, 'native' | 'overhead'>): Effects {
  return {
    transfers: [],
    approvals: [],
    calls: [],
    delegates: [],
    newTokenAccounts: [],
    ledgerType: null,
    opaque: null,
    ...changes,
  }
}
