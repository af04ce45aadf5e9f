// Written by tools/gen-client-types.ts.

import type { CallOptions } from '../types.ts'

/** Places for secrets. Each vault has keys of its own. */
export interface VaultsClient {
  /**
   * Create a vault. The caller becomes its owner.
   *
   * @throws `vault_name_taken`: A vault with this name already exists.
   * @throws `custody_not_configured`: The organisation has too few key stores. An operator configures key stores.
   * @throws `resource_limit_exceeded`: A limit of the tier or of the agent leaves no room for this. The message names
   * the limit.
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
   * @throws `policy_governs`: A principal and a vault take their policies with them. So their removal would end a
   * rule without the agreement of people.
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
   * Move the wrapping key of a vault to another key store of your organisation. Reads and writes continue meanwhile.
   *
   * @throws `vault_not_found`: The vault does not exist, or you cannot access it.
   * @throws `system_vault`: The engine manages this vault. Its custody and its encryption cannot be changed.
   * @throws `resource_limit_exceeded`: A limit of the tier or of the agent leaves no room for this. The message names
   * the limit.
   *
   * @example
   * await client.vaults.moveKey({ vault_id, key_store: 'acme' })
   */
  moveKey(input: MoveVaultKeyInput, options?: CallOptions): Promise<Vault>

  /**
   * Get the key stores of a vault, whether they are available, and how far the last change of its key is.
   *
   * @throws `vault_not_found`: The vault does not exist, or you cannot access it.
   *
   * @example
   * await client.vaults.getKey({ vault_id })
   */
  getKey(input: GetVaultKeyInput, options?: CallOptions): Promise<VaultKeyState>

  /** List the key stores that your organisation can use for the keys of its vaults. */
  readonly keyStores: {
    (input?: ListKeyStoresInput, options?: CallOptions): Promise<ListKeyStoresOutput>
    /** Everything there is, page after page; `limit` is how much of it comes at once. */
    each(
      input?: Omit<ListKeyStoresInput, 'offset' | 'cursor'>,
      options?: CallOptions,
    ): AsyncGenerator<ListKeyStoresKeyStores, void, undefined>
  }

  /**
   * Split data keys. 2-of-2: each caller who stores a value gets the client share once. 2-of-3: between key stores.
   *
   * @throws `vault_not_found`: The vault does not exist, or you cannot access it.
   * @throws `system_vault`: The engine manages this vault. Its custody and its encryption cannot be changed.
   * @throws `custody_not_configured`: The organisation has too few key stores. An operator configures key stores.
   * @throws `resource_limit_exceeded`: A limit of the tier or of the agent leaves no room for this. The message names
   * the limit.
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
  /**
   * Custody 2-of-3: the three key stores. Default: those of the organisation, if there are three. At most 8 entries.
   */
  readonly providers?: readonly string[] | null | undefined
  /**
   * The key store of your organisation for the wrapping key. Default: server, that of the server. At most 64
   * characters.
   */
  readonly key_store?: string | null | undefined
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
  /** Whether a removed agent made the vault. No command and no MCP session chooses such a vault as its default. */
  readonly made_by_agent?: boolean | undefined
  readonly cmek_enabled: boolean
  readonly cmek_fingerprint?: string | undefined
  readonly mpc_custody?: string | undefined
  readonly mpc_threshold?: number | undefined
  readonly mpc_providers?: string[] | undefined
  /** The key store of the organisation that has the wrapping key. Left out for that of the server. */
  readonly key_store?: string | undefined
  /** Whether a platform app made the vault. Only the user it was made for opens it. */
  readonly platform_locked?: boolean | undefined
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

/** Input of `vaults.moveKey`. */
export interface MoveVaultKeyInput {
  /** UUID. */
  readonly vault_id: string
  /** The name of the key store. `server` is that of the server. At most 64 characters. */
  readonly key_store: string
}

/** Input of `vaults.getKey`. */
export interface GetVaultKeyInput {
  /** UUID. */
  readonly vault_id: string
}

export interface VaultKeyState {
  /** Key stores that the vault needs: of its key, and of earlier keys until all values have the new one. */
  readonly key_stores: VaultKeyStateKeyStores[]
  readonly key_number: number
  /** The last change of the key. It waits while a key store is not available. */
  readonly change?: VaultKeyStateChange | undefined
}

export interface VaultKeyStateKeyStores {
  readonly name: string
  readonly status: 'ok' | 'unavailable'
}

export interface VaultKeyStateChange {
  readonly status: 'running' | 'waiting' | 'completed'
  /** Number of values, with older versions of secrets. */
  readonly total_values: number
  readonly processed: number
  /** RFC 3339 time. */
  readonly started_at: string
  /** RFC 3339 time. */
  readonly completed_at?: string | undefined
  readonly error?: string | undefined
}

/** Input of `vaults.keyStores`. */
export interface ListKeyStoresInput {
  /** Maximum number of entries. Default: all. From 1 to 1000. */
  readonly limit?: number | null | undefined
  /** The next_cursor of the previous answer. Default: the beginning of the list. At most 1024 characters. */
  readonly cursor?: string | null | undefined
}

/** Output of `vaults.keyStores`. */
export interface ListKeyStoresOutput {
  readonly key_stores: ListKeyStoresKeyStores[]
  readonly next_cursor?: string | undefined
}

export interface ListKeyStoresKeyStores {
  readonly name: string
  readonly status: 'ok' | 'unavailable'
}

/** Input of `vaults.enableCustody`. */
export interface EnableMpcInput {
  /** UUID. */
  readonly vault_id: string
  /** Custody of the data keys of new values. */
  readonly mpc_custody: '2-of-2' | '2-of-3'
  /**
   * Custody 2-of-3: the three key stores. Default: those of the organisation, if there are three. At most 8 entries.
   */
  readonly providers?: readonly string[] | null | undefined
}
