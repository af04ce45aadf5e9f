// Written by tools/gen-client-types.ts.

import type { CallOptions } from '../types.ts'

/** The operations of the area `vaults`. */
export interface VaultsClient {
  /**
   * Create a vault. The caller becomes its owner.
   *
   * @throws `vault_name_taken`: A vault with this name already exists.
   * @throws `custody_not_configured`: Custody 2-of-3 needs several independent HSMs, and this server has one. Use
   * 2-of-2.
   * @throws `resource_limit_exceeded`: An agent can create so many, because each takes storage, and a vault a key in
   * the HSM.
   * @throws `denied`: Known, but not allowed.
   *
   * @example
   * await client.vaults.create({ name: 'prod' })
   */
  create(input: CreateVaultInput, options?: CallOptions): Promise<Vault>

  /** List the vaults that the caller owns or can access. */
  readonly list: {
    (input?: ListVaultsInput, options?: CallOptions): Promise<ListVaultsOutput>
    /** Everything there is, page after page; `limit` is how much of it comes at once. */
    each(
      input?: Omit<ListVaultsInput, 'offset' | 'cursor'>,
      options?: CallOptions,
    ): AsyncGenerator<Vault, void, undefined>
  }

  /**
   * Get a vault.
   *
   * @throws `vault_not_found`: The vault does not exist, or you cannot access it.
   *
   * @example
   * await client.vaults.get({ vault_id })
   */
  get(input: GetVaultInput, options?: CallOptions): Promise<Vault>

  /**
   * Delete a vault. This destroys its keys and everything in it.
   *
   * @throws `vault_not_found`: The vault does not exist, or you cannot access it.
   *
   * @example
   * await client.vaults.delete({ vault_id })
   */
  delete(input: DeleteVaultInput, options?: CallOptions): Promise<void>

  /**
   * Give a vault a new wrapping key. Reads and writes continue meanwhile, and values do not change.
   *
   * @throws `vault_not_found`: The vault does not exist, or you cannot access it.
   *
   * @example
   * await client.vaults.rotateKey({ vault_id })
   */
  rotateKey(input: RotateVaultKeyInput, options?: CallOptions): Promise<RotateVaultKeyOutput>

  /**
   * Split the data keys of new values. Each caller who stores a value gets the client share once. Reads need it.
   *
   * @throws `vault_not_found`: The vault does not exist, or you cannot access it.
   * @throws `system_vault`: The engine manages this vault. Its custody and its encryption cannot be changed.
   * @throws `custody_not_configured`: Custody 2-of-3 needs several independent HSMs, and this server has one. Use
   * 2-of-2.
   *
   * @example
   * await client.vaults.enableCustody({ vault_id, mpc_custody: '2-of-2' })
   */
  enableCustody(input: EnableMpcInput, options?: CallOptions): Promise<Vault>
}

/** Input of `vaults.create`. */
export interface CreateVaultInput {
  /** At most 255 characters. */
  readonly name: string
  /** Purpose, in your own words. At most 4096 characters. */
  readonly description?: string | null | undefined
  /** Custody of the data keys of new values. */
  readonly mpc_custody?: '2-of-2' | '2-of-3' | null | undefined
}

export interface Vault {
  /** UUID. */
  readonly id: string
  readonly name: string
  readonly description: string
  /** UUID. */
  readonly created_by: string
  readonly created_by_type: 'user' | 'agent'
  /** RFC 3339 time. */
  readonly created_at: string
  readonly cmek_enabled: boolean
  readonly cmek_fingerprint?: string | undefined
  readonly mpc_custody?: string | undefined
  readonly mpc_threshold?: number | undefined
  readonly mpc_providers?: string[] | undefined
}

/** Input of `vaults.list`. */
export interface ListVaultsInput {
  /** Maximum number of entries. Default: all. From 1 to 1000. */
  readonly limit?: number | null | undefined
  /** Number of entries to skip. Default: 0. */
  readonly offset?: number | null | undefined
}

/** Output of `vaults.list`. */
export interface ListVaultsOutput {
  readonly vaults: Vault[]
}

/** Input of `vaults.get`. */
export interface GetVaultInput {
  /** UUID. */
  readonly vault_id: string
}

/** Input of `vaults.delete`. */
export interface DeleteVaultInput {
  /** UUID. */
  readonly vault_id: string
}

/** Input of `vaults.rotateKey`. */
export interface RotateVaultKeyInput {
  /** UUID. */
  readonly vault_id: string
}

/** Output of `vaults.rotateKey`. */
export interface RotateVaultKeyOutput {
  readonly key_number: number
}

/** Input of `vaults.enableCustody`. */
export interface EnableMpcInput {
  /** UUID. */
  readonly vault_id: string
  /** Custody of the data keys of new values. */
  readonly mpc_custody: '2-of-2' | '2-of-3'
}
