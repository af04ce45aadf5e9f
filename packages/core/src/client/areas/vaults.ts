// Written by tools/gen-client-types.ts.

import type { CallOptions, NoInput } from '../types.ts'

/** The operations of the area `vaults`. */
export interface VaultsClient {
  /**
   * Make a vault. Who makes it owns it.
   *
   * @throws `vault_name_taken`: A vault with this name exists already.
   *
   * @example
   * await client.vaults.create({ name: 'prod' })
   */
  create(input: CreateVaultInput, options?: CallOptions): Promise<Vault>

  /** List the vaults that are the caller’s own or open to them. */
  list(input?: NoInput, options?: CallOptions): Promise<ListVaultsOutput>

  /**
   * Read a vault.
   *
   * @throws `vault_not_found`: There is no such vault.
   *
   * @example
   * await client.vaults.get({ vault_id })
   */
  get(input: GetVaultInput, options?: CallOptions): Promise<Vault>

  /**
   * Delete a vault: its keys are destroyed, and with them everything in it.
   *
   * @throws `vault_not_found`: There is no such vault.
   *
   * @example
   * await client.vaults.delete({ vault_id })
   */
  delete(input: DeleteVaultInput, options?: CallOptions): Promise<void>

  /**
   * Give a vault a new wrapping key. Values stay as they are, and reads and writes go on meanwhile.
   *
   * @throws `vault_not_found`: There is no such vault.
   *
   * @example
   * await client.vaults.rotateKey({ vault_id })
   */
  rotateKey(input: RotateVaultKeyInput, options?: CallOptions): Promise<RotateVaultKeyOutput>
}

/** What `vaults.create` takes. */
export interface CreateVaultInput {
  /** At most 255 characters. */
  readonly name: string
  /** What it is for. At most 4096 characters. */
  readonly description?: string | null | undefined
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
}

/** What `vaults.list` answers. */
export interface ListVaultsOutput {
  readonly vaults: Vault[]
}

/** What `vaults.get` takes. */
export interface GetVaultInput {
  /** UUID. */
  readonly vault_id: string
}

/** What `vaults.delete` takes. */
export interface DeleteVaultInput {
  /** UUID. */
  readonly vault_id: string
}

/** What `vaults.rotateKey` takes. */
export interface RotateVaultKeyInput {
  /** UUID. */
  readonly vault_id: string
}

/** What `vaults.rotateKey` answers. */
export interface RotateVaultKeyOutput {
  readonly key_number: number
}
