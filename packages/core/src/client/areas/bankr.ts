// Written by tools/gen-client-types.ts.

import type { Secret } from '../../kernel/secret.ts'
import type { CallOptions, NoInput } from '../types.ts'

/** Short-lived keys of Bankr wallets for agents. */
export interface BankrClient {
  /**
   * Lease a short-lived key of a Bankr wallet for an agent. The key is shown once and not stored.
   *
   * @throws `agent_not_found`: The agent does not exist, or you cannot access it.
   * @throws `partner_key_missing`: The organisation has no partner key of Bankr. An owner or admin must set it with
   * PUT /v1/org/bankr-config.
   * @throws `leases_full`
   * @throws `lease_not_found`: The agent has no lease with this ID.
   * @throws `service_not_configured`: A service of others is missing, or one member of it.
   * @throws `service_failed`
   *
   * @example
   * const { api_key } = await client.bankr.lease({ agent_id })
   * api_key.reveal()
   */
  lease(input: LeaseBankrKeyInput, options?: CallOptions): Promise<LeaseBankrKeyOutput>

  /**
   * List the leases of an agent that have not ended, without their keys.
   *
   * @throws `agent_not_found`: The agent does not exist, or you cannot access it.
   *
   * @example
   * await client.bankr.list({ agent_id })
   */
  readonly list: {
    (input: ListBankrKeysInput, options?: CallOptions): Promise<ListBankrKeysOutput>
    /** Everything there is, page after page; `limit` is how much of it comes at once. */
    each(
      input: Omit<ListBankrKeysInput, 'offset' | 'cursor'>,
      options?: CallOptions,
    ): AsyncGenerator<ListBankrKeysLeases, void, undefined>
  }

  /**
   * End a lease of an agent, and revoke its key at Bankr.
   *
   * @throws `agent_not_found`: The agent does not exist, or you cannot access it.
   * @throws `lease_not_found`: The agent has no lease with this ID.
   *
   * @example
   * await client.bankr.revoke({ agent_id, lease_id })
   */
  revoke(input: RevokeBankrKeyInput, options?: CallOptions): Promise<void>

  /** See whether the organisation has a partner key of Bankr. The key itself is never shown. */
  getConfig(input?: NoInput, options?: CallOptions): Promise<BankrConfigResponse>

  /**
   * Set the partner key of Bankr for the organisation. Another key ends all leases of the one before.
   *
   * @throws `service_not_configured`: A service of others is missing, or one member of it.
   *
   * @example
   * await client.bankr.setConfig({ partner_key, default_wallet_id: 'wlt_example' })
   */
  setConfig(input: UpsertOrgBankrConfigInput, options?: CallOptions): Promise<BankrConfigResponse>

  /**
   * Delete the partner key of Bankr. All leases of the organisation end.
   *
   * @throws `bankr_config_not_found`: The organisation has no partner key of Bankr.
   */
  deleteConfig(input?: NoInput, options?: CallOptions): Promise<void>
}

/** Input of `bankr.lease`. */
export interface LeaseBankrKeyInput {
  /** UUID. */
  readonly agent_id: string
  /** Wallet at Bankr. Default: the one of the organisation. At most 128 characters. */
  readonly wallet_id?: string | null | undefined
  /** Default: 3600. From 60 to 86400. */
  readonly ttl_seconds?: number | null | undefined
  /** What the key can do at Bankr. */
  readonly permissions?: LeaseBankrKeyPermissions | null | undefined
}

export interface LeaseBankrKeyPermissions {
  /** Default: true. */
  readonly llm_gateway_enabled?: boolean | null | undefined
  /** Default: false. */
  readonly agent_api_enabled?: boolean | null | undefined
  /** Default: true. */
  readonly read_only?: boolean | null | undefined
}

/** Output of `bankr.lease`. */
export interface LeaseBankrKeyOutput {
  /** UUID. */
  readonly lease_id: string
  readonly api_key: Secret<string>
  readonly wallet_id: string
  /** RFC 3339 time. */
  readonly expires_at: string
}

/** Input of `bankr.list`. */
export interface ListBankrKeysInput {
  readonly agent_id: string
  /** Maximum number of entries. Default: all. From 1 to 1000. */
  readonly limit?: number | null | undefined
  /** The next_cursor of the previous answer. Default: the beginning of the list. At most 1024 characters. */
  readonly cursor?: string | null | undefined
}

/** Output of `bankr.list`. */
export interface ListBankrKeysOutput {
  readonly leases: ListBankrKeysLeases[]
  readonly next_cursor?: string | undefined
}

export interface ListBankrKeysLeases {
  /** UUID. */
  readonly id: string
  readonly wallet_id: string
  /** Absent: Bankr has not answered yet. */
  readonly bankr_key_id?: string | undefined
  readonly permissions: ListBankrKeysLeasesPermissions
  /** RFC 3339 time. */
  readonly expires_at: string
  /** RFC 3339 time. */
  readonly created_at: string
}

export interface ListBankrKeysLeasesPermissions {
  readonly llm_gateway_enabled: boolean
  readonly agent_api_enabled: boolean
  readonly read_only: boolean
}

/** Input of `bankr.revoke`. */
export interface RevokeBankrKeyInput {
  /** UUID. */
  readonly agent_id: string
  /** UUID. */
  readonly lease_id: string
}

export interface BankrConfigResponse {
  readonly configured: boolean
  readonly partner_key_prefix?: string | undefined
  readonly default_wallet_id?: string | undefined
  /** RFC 3339 time. */
  readonly updated_at?: string | undefined
  /** Always false: each organisation uses its own partner key. */
  readonly using_platform_fallback: boolean
}

/** Input of `bankr.setConfig`. */
export interface UpsertOrgBankrConfigInput {
  /** Partner key of Bankr. It begins with bk_ptr_. At most 512 characters. */
  readonly partner_key: string | Secret<string>
  /** Wallet of leases that name none. At most 128 characters. */
  readonly default_wallet_id?: string | null | undefined
}
