// Written by tools/gen-client-types.ts.

import type { CallOptions, JsonObject } from '../types.ts'
import type { AgentSmartAccount } from './agents.ts'

/** The Safe of an agent on each chain. */
export interface SmartaccountsClient {
  /**
   * Tell Pawl the Safe of an agent on a chain, in the place of an earlier one. Nothing is asked of the chain.
   *
   * @throws `agent_not_found`: The agent does not exist, or you cannot access it.
   *
   * @example
   * await client.smartaccounts.add({
   *   agent_id,
   *   chain: 'base',
   *   chain_id: 8453,
   *   safe_address: '0x5aFE3855358E112B5647B952709E6165e1c1eEEe',
   * })
   */
  add(input: AddAgentSmartAccountInput, options?: CallOptions): Promise<AddAgentSmartAccountOutput>

  /**
   * Tell Pawl an existing Safe of an agent. A node says first whether the key of the agent is an owner.
   *
   * @throws `agent_not_found`: The agent does not exist, or you cannot access it.
   * @throws `signing_key_not_found`
   * @throws `not_an_owner`
   * @throws `chain_not_configured`
   * @throws `chain_unavailable`
   *
   * @example
   * await client.smartaccounts.import({
   *   agent_id,
   *   chain: 'base',
   *   chain_id: 8453,
   *   safe_address: '0x5aFE3855358E112B5647B952709E6165e1c1eEEe',
   *   verify: false,
   * })
   */
  import(input: ImportSmartAccountInput, options?: CallOptions): Promise<ImportSmartAccountOutput>

  /**
   * Forget the Safe of an agent on a chain. The Safe itself and its owners stay as they are.
   *
   * @throws `agent_not_found`: The agent does not exist, or you cannot access it.
   * @throws `smart_account_not_found`: The agent has no smart account on this chain.
   *
   * @example
   * await client.smartaccounts.remove({ agent_id, chain_id: 8453 })
   */
  remove(input: RemoveAgentSmartAccountInput, options?: CallOptions): Promise<void>
}

/** Input of `smartaccounts.add`. */
export interface AddAgentSmartAccountInput {
  /** UUID. */
  readonly agent_id: string
  /** Name of an EVM chain, such as base. At most 64 characters. */
  readonly chain: string
  /** Number of the chain. It must agree with chain. */
  readonly chain_id: number
  /** Address of the Safe. At most 64 characters. */
  readonly safe_address: string
  /** Nonce of the deployment, kept as it is. At most 80 characters. */
  readonly nonce?: string | null | undefined
  /** Data of the deployment, kept as it is. */
  readonly init_data?: JsonObject | null | undefined
}

/** Output of `smartaccounts.add`. */
export interface AddAgentSmartAccountOutput {
  /** Whether the agent may get tokens that identify it to other services. */
  readonly federation_enabled?: boolean | undefined
  /** Audiences that federated tokens may be issued for. Default: none. At most 100 entries. */
  readonly federation_audiences?: string[] | undefined
  /** Lifetime of federated tokens, in seconds. From 60 to 3600. */
  readonly federated_token_ttl_seconds?: number | undefined
  /** Whether the environment of the agent is locked. */
  readonly environment_locked?: boolean | undefined
  /** Whether the agent may read values without naming its environment. */
  readonly env_auto_resolve?: boolean | undefined
  /** Fingerprint of the agent’s client certificate. At most 256 characters. */
  readonly client_cert_fingerprint?: string | undefined
  /** OIDC issuer that identifies the agent. At most 2048 characters. */
  readonly oidc_issuer?: string | undefined
  /** Client ID of the agent at its OIDC issuer. At most 256 characters. */
  readonly oidc_client_id?: string | undefined
  /** Whether the agent may share a secret by link. Every holder of the link can read it. Default: false. */
  readonly link_shares_enabled?: boolean | undefined
  /** Whether the agent may call services through its bindings. */
  readonly execution_intents_enabled?: boolean | undefined
  /** Whether the agent calls services only from a trusted execution environment. */
  readonly execution_require_tee?: boolean | undefined
  readonly execution_guardrails?: JsonObject | undefined
  /** Whether the agent may sign messages. */
  readonly message_signing_enabled?: boolean | undefined
  /**
   * Whether the agent may sign bare digests and, if it has limits, messages of 32 bytes. No limit on amounts holds
   * for them. Default: false.
   */
  readonly raw_signing_enabled?: boolean | undefined
  /** Whether the agent may move only known tokens. */
  readonly tx_known_tokens_only?: boolean | undefined
  /** Whether the agent signs only in a trusted execution environment. */
  readonly intents_require_tee?: boolean | undefined
  /**
   * Whether each transaction on an EVM chain is simulated before it is signed. A transaction that fails, or that no
   * node simulates, is refused. Default: false.
   */
  readonly tx_require_simulation?: boolean | undefined
  /** Addresses that the agent may send to. Default: any address. At most 1000 entries. */
  readonly tx_to_allowlist?: string[] | undefined
  /** Chains that the agent may use. Default: any chain. At most 1000 entries. */
  readonly tx_allowed_chains?: string[] | undefined
  /** Tokens that the agent may move. Default: any token. At most 1000 entries. */
  readonly tx_token_allowlist?: string[] | undefined
  /** XRP Ledger transaction types that the agent may sign, such as Payment. At most 1000 entries. */
  readonly xrpl_allowed_tx_types?: string[] | undefined
  /** Solana wallets that the agent may create token accounts for. Default: any wallet. At most 1000 entries. */
  readonly solana_ata_allowlist?: string[] | undefined
  /** Maximum amount of one transaction, in the unit of its chain. */
  readonly tx_max_value?: string | undefined
  /** Maximum amount of all transactions of one day, in the unit of the chain. */
  readonly tx_daily_limit?: string | undefined
  /** Maximum number of transactions per day. */
  readonly tx_max_per_day?: number | undefined
  /** Maximum cost of fees and rent per day, by chain. */
  readonly tx_overhead_budget?: { readonly [name: string]: string } | undefined
  /** Limits by chain name. The strictest limit applies. */
  readonly per_chain_guardrails?: { readonly [name: string]: AddAgentSmartAccountPerChainGuardrails } | undefined
  /** Limits by environment name. The strictest limit applies. */
  readonly per_environment_guardrails?:
    | { readonly [name: string]: AddAgentSmartAccountPerEnvironmentGuardrails }
    | undefined
  readonly eip712_domain_allowlist?: (string | JsonObject)[] | undefined
  /** Policy for EIP-712 domains that are not on the allowlist. Default: deny. */
  readonly eip712_default_policy?: 'deny' | 'allow' | undefined
  /** Maximum amount that one recipient gets in 24 hours, in the unit of the chain. */
  readonly tx_recipient_daily_limit?: string | undefined
  /** What holds for an address that the agent has not paid before. approve: a human decides. Default: allow. */
  readonly tx_new_recipients?: 'deny' | 'approve' | 'allow' | undefined
  /** Maximum value of one transaction, in US dollars. What has no configured price is refused. */
  readonly tx_max_value_usd?: string | undefined
  /** Maximum value of all transactions in 24 hours, in US dollars. What has no configured price is refused. */
  readonly tx_daily_limit_usd?: string | undefined
  /** A human approves each transaction of more than this amount, in the unit of its chain. */
  readonly tx_approval_above?: string | undefined
  /**
   * Whether an agent with limits may give others an unlimited right to its tokens. Such a right passes every limit.
   */
  readonly tx_unlimited_approvals_enabled?: boolean | undefined
  /** Whether an agent with limits may sign ERC-4337 operations, which another account carries out. */
  readonly tx_user_operations_enabled?: boolean | undefined
  /** Contracts that may act for an agent with limits (EIP-7702). Default: none. At most 1000 entries. */
  readonly tx_delegate_allowlist?: string[] | undefined
  /**
   * Calls that an agent with limits may make although the server cannot read them: contract:selector, such as
   * 0xabc…:0x12345678. Default: none. At most 1000 entries.
   */
  readonly tx_unchecked_calls?: string[] | undefined
  /** log: what breaks a limit is recorded and signed all the same. Default: enforce. */
  readonly enforcement?: 'log' | 'enforce' | undefined
  /**
   * Chains for which the agent may create and rotate its own signing keys, such as ethereum. Default: none. At most
   * 1000 entries.
   */
  readonly signing_chains?: string[] | undefined
  /** Whether the agent may order cards. */
  readonly cards_enabled?: boolean | undefined
  /** Whether the agent may see the number of a card. */
  readonly card_reveal_enabled?: boolean | undefined
  /** Whether a human must approve each card order. Default: true. */
  readonly card_require_approval?: boolean | undefined
  /** Maximum value of one card, in US dollars. */
  readonly card_max_order_usd?: string | undefined
  /** Maximum value of all cards ordered in one day, in US dollars. */
  readonly card_daily_limit_usd?: string | undefined
  /** Addresses that card orders may be paid to. Default: any address. At most 1000 entries. */
  readonly card_payto_allowlist?: string[] | undefined
  readonly shroud_enabled: boolean
  readonly shroud_config?: JsonObject | undefined
  /** ETH moved on EVM chains in the last 24 hours. */
  readonly tx_spent_today?: string | undefined
  /** The same, under its older name. */
  readonly tx_spent_today_eth?: string | undefined
  /** Amount moved in the last 24 hours, by family. */
  readonly tx_spent_today_by_chain?: { readonly [name: string]: string } | undefined
  /** Transactions signed on this UTC day. */
  readonly tx_count_today?: number | undefined
  /** Fees and rent of this UTC day, by family. */
  readonly tx_overhead_today_by_chain?: { readonly [name: string]: string } | undefined
  /** Whether a human has stopped all signing of the agent. */
  readonly signing_frozen?: boolean | undefined
  readonly smart_accounts: AgentSmartAccount[]
  /** UUID. */
  readonly id: string
  readonly name: string
  readonly description: string
  readonly scopes: string[]
  readonly is_active: boolean
  readonly intents_api_enabled: boolean
  readonly ssh_public_key?: string | undefined
  readonly ecdh_public_key?: string | undefined
  /** RFC 3339 time. */
  readonly created_at: string
  /** RFC 3339 time. */
  readonly expires_at?: string | undefined
  /** RFC 3339 time. */
  readonly last_active_at?: string | undefined
  /** Whether a platform app made the agent. Only the user it was made for changes it. */
  readonly platform_locked?: boolean | undefined
  readonly auth_method: 'api_key' | 'mtls' | 'oidc_client_credentials'
  readonly vault_ids: string[]
  readonly token_ttl_seconds?: number | undefined
  readonly environment?: string | undefined
  /** RFC 3339 time. */
  readonly api_key_expires_at?: string | undefined
  readonly tx_max_value_eth?: string | undefined
  readonly tx_daily_limit_eth?: string | undefined
  readonly chain: string
  readonly chain_id: number
  readonly safe_address: string
}

export interface AddAgentSmartAccountPerChainGuardrails {
  readonly max_value?: string | null | undefined
  readonly daily_limit?: string | null | undefined
  readonly max_value_eth?: string | null | undefined
  readonly daily_limit_eth?: string | null | undefined
  /** At most 1000 entries. */
  readonly to_allowlist?: string[] | null | undefined
  /** At most 1000 entries. */
  readonly token_allowlist?: string[] | null | undefined
  readonly max_per_day?: number | null | undefined
  readonly overhead_budget?: string | null | undefined
  readonly max_ata_creates_per_day?: number | null | undefined
}

export interface AddAgentSmartAccountPerEnvironmentGuardrails {
  readonly max_value?: string | null | undefined
  readonly daily_limit?: string | null | undefined
  readonly max_value_eth?: string | null | undefined
  readonly daily_limit_eth?: string | null | undefined
  /** At most 1000 entries. */
  readonly to_allowlist?: string[] | null | undefined
  /** At most 1000 entries. */
  readonly token_allowlist?: string[] | null | undefined
  readonly max_per_day?: number | null | undefined
  readonly overhead_budget?: string | null | undefined
  readonly max_ata_creates_per_day?: number | null | undefined
}

/** Input of `smartaccounts.import`. */
export interface ImportSmartAccountInput {
  /** UUID. */
  readonly agent_id: string
  /** Name of an EVM chain, such as base. At most 64 characters. */
  readonly chain: string
  /** Number of the chain. It must agree with chain. */
  readonly chain_id: number
  /** Address of the Safe. At most 64 characters. */
  readonly safe_address: string
  /** false: store the address without asking a node. Default: true. */
  readonly verify?: boolean | null | undefined
}

/** Output of `smartaccounts.import`. */
export interface ImportSmartAccountOutput {
  /** UUID. */
  readonly id: string
  /** UUID. */
  readonly agent_id: string
  readonly chain: string
  readonly chain_id: number
  readonly safe_address: string
  readonly nonce: number | null
  /** RFC 3339 time. */
  readonly created_at: string
}

/** Input of `smartaccounts.remove`. */
export interface RemoveAgentSmartAccountInput {
  /** UUID. */
  readonly agent_id: string
  /** Number of the chain. */
  readonly chain_id: number
}
