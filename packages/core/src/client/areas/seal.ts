// Written by tools/gen-client-types.ts.

import type { Secret } from '../../kernel/secret.ts'
import type { CallOptions, NoInput } from '../types.ts'

/** Sealing and unsealing a vault with root shares. */
export interface SealClient {
  /** Report whether the vault is sealed, and how many root shares are missing. */
  status(input?: NoInput, options?: CallOptions): Promise<SealStatus>

  /**
   * Enter one share of the root key. The last required share opens the vault.
   *
   * @throws `share_refused`: The root share is invalid, of another set, or already entered.
   * @throws `rate_limited`: Too many, too fast. `retryAfterSeconds` says when to try again.
   *
   * @example
   * await client.seal.unseal({ share })
   */
  unseal(input: UnsealInput, options?: CallOptions): Promise<SealStatus>
}

export interface SealStatus {
  readonly sealed: boolean
  /** From 0 to 32. */
  readonly threshold: number | null
  /** From 0 to 32. */
  readonly shares: number | null
  /** From 0 to 32. */
  readonly progress: number
}

/** Input of `seal.unseal`. */
export interface UnsealInput {
  /** At most 256 characters. */
  readonly share: string | Secret<string>
}
