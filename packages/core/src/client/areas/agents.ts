// Written by tools/gen-client-types.ts.

import type { Secret } from '../../kernel/secret.ts'
import type { CallOptions, JsonObject, NoInput } from '../types.ts'

/** Programs that have an identity and keys of their own. */
export interface AgentsClient {
  /**
   * Create an agent. The answer shows its API key, once. Only the method api_key has a key.
   *
   * @throws `vault_not_found`: The vault does not exist, or you cannot access it.
   * @throws `resource_limit_exceeded`: A limit of the tier or of the agent leaves no room for this. The message names
   * the limit.
   *
   * @example
   * const { api_key } = await client.agents.create({
   *   name: 'ci',
   *   vault_ids: [vault_id],
   *   scopes: ['db/**'],
   *   tx_max_value: '0.5',
   *   tx_allowed_chains: ['base'],
   *   token_ttl_seconds: 300,
   * })
   * api_key?.reveal()
   */
  create(input: CreateAgentInput, options?: CallOptions): Promise<CreateAgentOutput>

  /** List the agents that the caller manages. An agent sees only itself. */
  readonly list: {
    (input?: ListAgentsInput, options?: CallOptions): Promise<ListAgentsOutput>
    /** Everything there is, page after page; `limit` is how much of it comes at once. */
    each(
      input?: Omit<ListAgentsInput, 'offset' | 'cursor'>,
      options?: CallOptions,
    ): AsyncGenerator<Agent, void, undefined>
  }

  /**
   * Get the profile of the calling agent.
   *
   * @throws `agent_not_found`: The agent does not exist, or you cannot access it.
   */
  me(input?: NoInput, options?: CallOptions): Promise<AgentSelf>

  /**
   * Get an agent.
   *
   * @throws `agent_not_found`: The agent does not exist, or you cannot access it.
   *
   * @example
   * await client.agents.get({ agent_id })
   */
  get(input: GetAgentInput, options?: CallOptions): Promise<Agent>

  /**
   * Update the given fields of an agent. Null resets a field to its default. Changes take effect at once.
   *
   * @throws `agent_not_found`: The agent does not exist, or you cannot access it.
   *
   * @example
   * await client.agents.update({ agent_id, name: 'deploy', is_active: false, tx_daily_limit: '1' })
   */
  update(input: UpdateAgentInput, options?: CallOptions): Promise<Agent>

  /**
   * Permanently delete an agent with its keys, tokens and policies. Its audit events stay.
   *
   * @throws `agent_not_found`: The agent does not exist, or you cannot access it.
   * @throws `policy_governs`: A principal and a vault take their policies with them. So their removal would end a
   * rule without the agreement of people.
   *
   * @example
   * await client.agents.delete({ agent_id })
   */
  delete(input: DeleteAgentInput, options?: CallOptions): Promise<void>

  /**
   * Give an agent a new API key. The old key and all its tokens stop working at once, or after overlap_seconds.
   *
   * @throws `agent_not_found`: The agent does not exist, or you cannot access it.
   * @throws `agent_has_no_key`: The agent does not sign in with an API key, so there is no key to rotate.
   *
   * @example
   * const { api_key } = await client.agents.rotateKey({ agent_id, overlap_seconds: 60 })
   * api_key.reveal()
   */
  rotateKey(input: RotateAgentKeyInput, options?: CallOptions): Promise<RotateAgentKeyOutput>

  /**
   * Give an agent new SSH and ECDH keys. The old private keys stay as older versions of their secrets.
   *
   * @throws `agent_not_found`: The agent does not exist, or you cannot access it.
   * @throws `vault_not_found`: The vault does not exist, or you cannot access it.
   *
   * @example
   * await client.agents.rotateIdentityKeys({ agent_id })
   */
  rotateIdentityKeys(input: RotateAgentIdentityKeysInput, options?: CallOptions): Promise<Agent>

  /**
   * Get the vault that holds the private keys of agents. Only owners and admins can access this vault.
   *
   * @throws `agent_keys_vault_not_found`: The vault of agent keys does not exist yet. Pawl creates it with the first
   * agent.
   */
  agentKeysVault(input?: NoInput, options?: CallOptions): Promise<GetAgentKeysVaultOutput>

  /**
   * Delete several agents. The answer names the agents that do not exist or that the caller may not delete.
   *
   * @example
   * await client.agents.batchDelete({ agent_ids: [agent_id] })
   */
  batchDelete(input: BatchDeleteAgentsInput, options?: CallOptions): Promise<BatchDeleteAgentsOutput>
}

/** Input of `agents.create`. */
export interface CreateAgentInput {
  /** Display name. At most 255 characters. */
  readonly name: string
  /** How the agent signs in. Default: api_key. */
  readonly auth_method?: 'api_key' | 'mtls' | 'oidc_client_credentials' | null | undefined
  /** Environment of the agent, such as production. */
  readonly environment?: string | null | undefined
  /** Purpose, in your own words. At most 4096 characters. */
  readonly description?: string | null | undefined
  /** Path patterns that limit the agent, such as db/**. Default: only its policies limit it. At most 100 entries. */
  readonly scopes?: readonly string[] | null | undefined
  /** Vaults that the agent may use. Default: any vault that a policy opens. At most 100 entries. */
  readonly vault_ids?: readonly string[] | null | undefined
  /** When the agent expires. Default: never. RFC 3339 time. */
  readonly expires_at?: string | null | undefined
  /** When the API key of the agent expires. RFC 3339 time. */
  readonly api_key_expires_at?: string | null | undefined
  /** Lifetime of the agent’s tokens, in seconds. From 60 to 2592000. */
  readonly token_ttl_seconds?: number | null | undefined
  /** Whether the agent signs with keys that it cannot read. */
  readonly intents_api_enabled?: boolean | null | undefined
  /**
   * ID of an executed pending approval. Needed when a consensus_trigger governs this action. It is valid once, for
   * exactly the same request. UUID.
   */
  readonly approval_id?: string | null | undefined
  /** Whether the agent may get tokens that identify it to other services. */
  readonly federation_enabled?: boolean | null | undefined
  /** Audiences that federated tokens may be issued for. Default: none. At most 100 entries. */
  readonly federation_audiences?: readonly string[] | null | undefined
  /** Lifetime of federated tokens, in seconds. From 60 to 3600. */
  readonly federated_token_ttl_seconds?: number | null | undefined
  /** Whether the environment of the agent is locked. */
  readonly environment_locked?: boolean | null | undefined
  /** Whether the agent may read values without naming its environment. */
  readonly env_auto_resolve?: boolean | null | undefined
  /** Fingerprint of the agent’s client certificate. At most 256 characters. */
  readonly client_cert_fingerprint?: string | null | undefined
  /** OIDC issuer that identifies the agent. At most 2048 characters. */
  readonly oidc_issuer?: string | null | undefined
  /** Client ID of the agent at its OIDC issuer. At most 256 characters. */
  readonly oidc_client_id?: string | null | undefined
  /** Whether the agent may share a secret by link. Every holder of the link can read it. Default: false. */
  readonly link_shares_enabled?: boolean | null | undefined
  /** Whether the agent may call services through its bindings. */
  readonly execution_intents_enabled?: boolean | null | undefined
  /** Whether the agent calls services only from a trusted execution environment. */
  readonly execution_require_tee?: boolean | null | undefined
  /** Limits for all calls of the agent: the guardrails of a binding, and allowed_binding_types. */
  readonly execution_guardrails?: CreateAgentExecutionGuardrails | null | undefined
  /** Whether the agent may sign messages. */
  readonly message_signing_enabled?: boolean | null | undefined
  /**
   * Whether the agent may sign bare digests and, if it has limits, messages of 32 bytes. No limit on amounts holds
   * for them. Default: false.
   */
  readonly raw_signing_enabled?: boolean | null | undefined
  /** Whether the agent may move only known tokens. */
  readonly tx_known_tokens_only?: boolean | null | undefined
  /** Whether the agent signs only in a trusted execution environment. */
  readonly intents_require_tee?: boolean | null | undefined
  /**
   * Whether each transaction on an EVM chain is simulated before it is signed. A transaction that fails, or that no
   * node simulates, is refused. Default: false.
   */
  readonly tx_require_simulation?: boolean | null | undefined
  /** Addresses that the agent may send to. Default: any address. At most 1000 entries. */
  readonly tx_to_allowlist?: readonly string[] | null | undefined
  /** Chains that the agent may use. Default: any chain. At most 1000 entries. */
  readonly tx_allowed_chains?: readonly string[] | null | undefined
  /** Tokens that the agent may move. Default: any token. At most 1000 entries. */
  readonly tx_token_allowlist?: readonly string[] | null | undefined
  /** XRP Ledger transaction types that the agent may sign, such as Payment. At most 1000 entries. */
  readonly xrpl_allowed_tx_types?: readonly string[] | null | undefined
  /** Solana wallets that the agent may create token accounts for. Default: any wallet. At most 1000 entries. */
  readonly solana_ata_allowlist?: readonly string[] | null | undefined
  /** Maximum amount of one transaction, in the unit of its chain. */
  readonly tx_max_value?: string | null | undefined
  /** Maximum amount of all transactions of one day, in the unit of the chain. */
  readonly tx_daily_limit?: string | null | undefined
  /** Maximum number of transactions per day. */
  readonly tx_max_per_day?: number | null | undefined
  /** Maximum cost of fees and rent per day, by chain. */
  readonly tx_overhead_budget?: { readonly [name: string]: string } | null | undefined
  /** Limits by chain name. The strictest limit applies. */
  readonly per_chain_guardrails?: { readonly [name: string]: CreateAgentPerChainGuardrails } | null | undefined
  /** Limits by environment name. The strictest limit applies. */
  readonly per_environment_guardrails?:
    | { readonly [name: string]: CreateAgentPerEnvironmentGuardrails }
    | null
    | undefined
  /**
   * EIP-712 domains whose typed data the agent may sign. Limits on amounts do not count typed data, such as a Permit.
   * At most 1000 entries.
   */
  readonly eip712_domain_allowlist?: readonly (string | JsonObject)[] | null | undefined
  /** Policy for EIP-712 domains that are not on the allowlist. Default: deny. */
  readonly eip712_default_policy?: 'deny' | 'allow' | null | undefined
  /** Maximum amount that one recipient gets in 24 hours, in the unit of the chain. */
  readonly tx_recipient_daily_limit?: string | null | undefined
  /** What holds for an address that the agent has not paid before. approve: a human decides. Default: allow. */
  readonly tx_new_recipients?: 'deny' | 'approve' | 'allow' | null | undefined
  /** Maximum value of one transaction, in US dollars. What has no configured price is refused. */
  readonly tx_max_value_usd?: string | null | undefined
  /** Maximum value of all transactions in 24 hours, in US dollars. What has no configured price is refused. */
  readonly tx_daily_limit_usd?: string | null | undefined
  /** A human approves each transaction of more than this amount, in the unit of its chain. */
  readonly tx_approval_above?: string | null | undefined
  /**
   * Whether an agent with limits may give others an unlimited right to its tokens. Such a right passes every limit.
   */
  readonly tx_unlimited_approvals_enabled?: boolean | null | undefined
  /** Whether an agent with limits may sign ERC-4337 operations, which another account carries out. */
  readonly tx_user_operations_enabled?: boolean | null | undefined
  /** Contracts that may act for an agent with limits (EIP-7702). Default: none. At most 1000 entries. */
  readonly tx_delegate_allowlist?: readonly string[] | null | undefined
  /**
   * Calls that an agent with limits may make although the server cannot read them: contract:selector, such as
   * 0xabc…:0x12345678. Default: none. At most 1000 entries.
   */
  readonly tx_unchecked_calls?: readonly string[] | null | undefined
  /** log: what breaks a limit is recorded and signed all the same. Default: enforce. */
  readonly enforcement?: 'log' | 'enforce' | null | undefined
  /**
   * Chains for which the agent may create and rotate its own signing keys, such as ethereum. Default: none. At most
   * 1000 entries.
   */
  readonly signing_chains?: readonly string[] | null | undefined
  /** Whether the agent may order cards. */
  readonly cards_enabled?: boolean | null | undefined
  /** Whether the agent may see the number of a card. */
  readonly card_reveal_enabled?: boolean | null | undefined
  /** Whether a human must approve each card order. Default: true. */
  readonly card_require_approval?: boolean | null | undefined
  /** Maximum value of one card, in US dollars. */
  readonly card_max_order_usd?: string | null | undefined
  /** Maximum value of all cards ordered in one day, in US dollars. */
  readonly card_daily_limit_usd?: string | null | undefined
  /** Addresses that card orders may be paid to. Default: any address. At most 1000 entries. */
  readonly card_payto_allowlist?: readonly string[] | null | undefined
  /** Whether the agent calls models through the redacting proxy. */
  readonly shroud_enabled?: boolean | null | undefined
  /**
   * Settings of the redacting proxy for this agent. An update changes only the settings that it names. Null resets a
   * setting to its default.
   */
  readonly shroud_config?: JsonObject | null | undefined
}

export interface CreateAgentExecutionGuardrails {
  /** At most 100 entries. */
  readonly allowed_hosts?: readonly string[] | null | undefined
  /** From 1 to 120000. */
  readonly max_duration_ms?: number | null | undefined
  /** From 1 to 600. */
  readonly max_requests_per_minute?: number | null | undefined
  /** At most 100 entries. */
  readonly allowed_binding_types?: readonly string[] | null | undefined
  readonly [name: string]: unknown
}

export interface CreateAgentPerChainGuardrails {
  readonly max_value?: string | null | undefined
  readonly daily_limit?: string | null | undefined
  readonly max_value_eth?: string | null | undefined
  readonly daily_limit_eth?: string | null | undefined
  /** At most 1000 entries. */
  readonly to_allowlist?: readonly string[] | null | undefined
  /** At most 1000 entries. */
  readonly token_allowlist?: readonly string[] | null | undefined
  readonly max_per_day?: number | null | undefined
  readonly overhead_budget?: string | null | undefined
  readonly max_ata_creates_per_day?: number | null | undefined
}

export interface CreateAgentPerEnvironmentGuardrails {
  readonly max_value?: string | null | undefined
  readonly daily_limit?: string | null | undefined
  readonly max_value_eth?: string | null | undefined
  readonly daily_limit_eth?: string | null | undefined
  /** At most 1000 entries. */
  readonly to_allowlist?: readonly string[] | null | undefined
  /** At most 1000 entries. */
  readonly token_allowlist?: readonly string[] | null | undefined
  readonly max_per_day?: number | null | undefined
  readonly overhead_budget?: string | null | undefined
  readonly max_ata_creates_per_day?: number | null | undefined
}

/** Output of `agents.create`. */
export interface CreateAgentOutput {
  readonly agent: Agent
  readonly api_key?: Secret<string> | undefined
}

export interface Agent {
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
  readonly per_chain_guardrails?: { readonly [name: string]: AgentPerChainGuardrails } | undefined
  /** Limits by environment name. The strictest limit applies. */
  readonly per_environment_guardrails?: { readonly [name: string]: AgentPerEnvironmentGuardrails } | undefined
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
  /** The Safe of the agent on each chain. */
  readonly smart_accounts?: AgentSmartAccount[] | undefined
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
}

export interface AgentPerChainGuardrails {
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

export interface AgentPerEnvironmentGuardrails {
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

export interface AgentSmartAccount {
  /** UUID. */
  readonly id: string
  readonly chain: string
  readonly chain_id: number
  readonly safe_address: string
  readonly nonce?: string | undefined
  readonly init_data?: JsonObject | undefined
  /** RFC 3339 time. */
  readonly created_at: string
}

/** Input of `agents.list`. */
export interface ListAgentsInput {
  /** Maximum number of entries. Default: all. From 1 to 1000. */
  readonly limit?: number | null | undefined
  /** The next_cursor of the previous answer. Default: the beginning of the list. At most 1024 characters. */
  readonly cursor?: string | null | undefined
}

/** Output of `agents.list`. */
export interface ListAgentsOutput {
  readonly agents: Agent[]
  readonly next_cursor?: string | undefined
}

export interface AgentSelf {
  /** UUID. */
  readonly id: string
  readonly name: string
  readonly description: string
  readonly scopes: string[]
  readonly is_active: boolean
  readonly intents_api_enabled: boolean
  readonly shroud_enabled: boolean
  readonly shroud_config?: JsonObject | undefined
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
  /** UUID. */
  readonly org_id: string
  /** UUID. */
  readonly created_by: string
}

/** Input of `agents.get`. */
export interface GetAgentInput {
  /** UUID. */
  readonly agent_id: string
}

/** Input of `agents.update`. */
export interface UpdateAgentInput {
  /** UUID. */
  readonly agent_id: string
  /** Whether the agent can sign in. */
  readonly is_active?: boolean | undefined
  /** Display name. At most 255 characters. */
  readonly name?: string | undefined
  /** Whether the agent signs with keys that it cannot read. */
  readonly intents_api_enabled?: boolean | undefined
  /** Environment of the agent, such as production. */
  readonly environment?: string | null | undefined
  /** Purpose, in your own words. At most 4096 characters. */
  readonly description?: string | null | undefined
  /** Path patterns that limit the agent, such as db/**. Default: only its policies limit it. At most 100 entries. */
  readonly scopes?: readonly string[] | null | undefined
  /** Vaults that the agent may use. Default: any vault that a policy opens. At most 100 entries. */
  readonly vault_ids?: readonly string[] | null | undefined
  /** When the agent expires. Default: never. RFC 3339 time. */
  readonly expires_at?: string | null | undefined
  /** When the API key of the agent expires. RFC 3339 time. */
  readonly api_key_expires_at?: string | null | undefined
  /** Lifetime of the agent’s tokens, in seconds. From 60 to 2592000. */
  readonly token_ttl_seconds?: number | null | undefined
  /** Whether the agent may get tokens that identify it to other services. */
  readonly federation_enabled?: boolean | undefined
  /** Audiences that federated tokens may be issued for. Default: none. At most 100 entries. */
  readonly federation_audiences?: readonly string[] | null | undefined
  /** Lifetime of federated tokens, in seconds. From 60 to 3600. */
  readonly federated_token_ttl_seconds?: number | null | undefined
  /** Whether the environment of the agent is locked. */
  readonly environment_locked?: boolean | undefined
  /** Whether the agent may read values without naming its environment. */
  readonly env_auto_resolve?: boolean | undefined
  /** Whether the agent may share a secret by link. Every holder of the link can read it. Default: false. */
  readonly link_shares_enabled?: boolean | undefined
  /** Whether the agent may call services through its bindings. */
  readonly execution_intents_enabled?: boolean | undefined
  /** Whether the agent calls services only from a trusted execution environment. */
  readonly execution_require_tee?: boolean | undefined
  /** Limits for all calls of the agent: the guardrails of a binding, and allowed_binding_types. */
  readonly execution_guardrails?: UpdateAgentExecutionGuardrails | null | undefined
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
  readonly tx_to_allowlist?: readonly string[] | null | undefined
  /** Chains that the agent may use. Default: any chain. At most 1000 entries. */
  readonly tx_allowed_chains?: readonly string[] | null | undefined
  /** Tokens that the agent may move. Default: any token. At most 1000 entries. */
  readonly tx_token_allowlist?: readonly string[] | null | undefined
  /** XRP Ledger transaction types that the agent may sign, such as Payment. At most 1000 entries. */
  readonly xrpl_allowed_tx_types?: readonly string[] | null | undefined
  /** Solana wallets that the agent may create token accounts for. Default: any wallet. At most 1000 entries. */
  readonly solana_ata_allowlist?: readonly string[] | null | undefined
  /** Maximum amount of one transaction, in the unit of its chain. */
  readonly tx_max_value?: string | null | undefined
  /** Maximum amount of all transactions of one day, in the unit of the chain. */
  readonly tx_daily_limit?: string | null | undefined
  /** Maximum number of transactions per day. */
  readonly tx_max_per_day?: number | null | undefined
  /** Maximum cost of fees and rent per day, by chain. */
  readonly tx_overhead_budget?: { readonly [name: string]: string } | null | undefined
  /** Limits by chain name. The strictest limit applies. */
  readonly per_chain_guardrails?: { readonly [name: string]: UpdateAgentPerChainGuardrails } | null | undefined
  /** Limits by environment name. The strictest limit applies. */
  readonly per_environment_guardrails?:
    | { readonly [name: string]: UpdateAgentPerEnvironmentGuardrails }
    | null
    | undefined
  /**
   * EIP-712 domains whose typed data the agent may sign. Limits on amounts do not count typed data, such as a Permit.
   * At most 1000 entries.
   */
  readonly eip712_domain_allowlist?: readonly (string | JsonObject)[] | null | undefined
  /** Policy for EIP-712 domains that are not on the allowlist. Default: deny. */
  readonly eip712_default_policy?: 'deny' | 'allow' | null | undefined
  /** Maximum amount that one recipient gets in 24 hours, in the unit of the chain. */
  readonly tx_recipient_daily_limit?: string | null | undefined
  /** What holds for an address that the agent has not paid before. approve: a human decides. Default: allow. */
  readonly tx_new_recipients?: 'deny' | 'approve' | 'allow' | null | undefined
  /** Maximum value of one transaction, in US dollars. What has no configured price is refused. */
  readonly tx_max_value_usd?: string | null | undefined
  /** Maximum value of all transactions in 24 hours, in US dollars. What has no configured price is refused. */
  readonly tx_daily_limit_usd?: string | null | undefined
  /** A human approves each transaction of more than this amount, in the unit of its chain. */
  readonly tx_approval_above?: string | null | undefined
  /**
   * Whether an agent with limits may give others an unlimited right to its tokens. Such a right passes every limit.
   */
  readonly tx_unlimited_approvals_enabled?: boolean | undefined
  /** Whether an agent with limits may sign ERC-4337 operations, which another account carries out. */
  readonly tx_user_operations_enabled?: boolean | undefined
  /** Contracts that may act for an agent with limits (EIP-7702). Default: none. At most 1000 entries. */
  readonly tx_delegate_allowlist?: readonly string[] | null | undefined
  /**
   * Calls that an agent with limits may make although the server cannot read them: contract:selector, such as
   * 0xabc…:0x12345678. Default: none. At most 1000 entries.
   */
  readonly tx_unchecked_calls?: readonly string[] | null | undefined
  /** log: what breaks a limit is recorded and signed all the same. Default: enforce. */
  readonly enforcement?: 'log' | 'enforce' | null | undefined
  /**
   * Chains for which the agent may create and rotate its own signing keys, such as ethereum. Default: none. At most
   * 1000 entries.
   */
  readonly signing_chains?: readonly string[] | null | undefined
  /** Whether the agent may order cards. */
  readonly cards_enabled?: boolean | undefined
  /** Whether the agent may see the number of a card. */
  readonly card_reveal_enabled?: boolean | undefined
  /** Whether a human must approve each card order. Default: true. */
  readonly card_require_approval?: boolean | undefined
  /** Maximum value of one card, in US dollars. */
  readonly card_max_order_usd?: string | null | undefined
  /** Maximum value of all cards ordered in one day, in US dollars. */
  readonly card_daily_limit_usd?: string | null | undefined
  /** Addresses that card orders may be paid to. Default: any address. At most 1000 entries. */
  readonly card_payto_allowlist?: readonly string[] | null | undefined
  /** Whether the agent calls models through the redacting proxy. */
  readonly shroud_enabled?: boolean | undefined
  /**
   * Settings of the redacting proxy for this agent. An update changes only the settings that it names. Null resets a
   * setting to its default.
   */
  readonly shroud_config?: JsonObject | null | undefined
}

export interface UpdateAgentExecutionGuardrails {
  /** At most 100 entries. */
  readonly allowed_hosts?: readonly string[] | null | undefined
  /** From 1 to 120000. */
  readonly max_duration_ms?: number | null | undefined
  /** From 1 to 600. */
  readonly max_requests_per_minute?: number | null | undefined
  /** At most 100 entries. */
  readonly allowed_binding_types?: readonly string[] | null | undefined
  readonly [name: string]: unknown
}

export interface UpdateAgentPerChainGuardrails {
  readonly max_value?: string | null | undefined
  readonly daily_limit?: string | null | undefined
  readonly max_value_eth?: string | null | undefined
  readonly daily_limit_eth?: string | null | undefined
  /** At most 1000 entries. */
  readonly to_allowlist?: readonly string[] | null | undefined
  /** At most 1000 entries. */
  readonly token_allowlist?: readonly string[] | null | undefined
  readonly max_per_day?: number | null | undefined
  readonly overhead_budget?: string | null | undefined
  readonly max_ata_creates_per_day?: number | null | undefined
}

export interface UpdateAgentPerEnvironmentGuardrails {
  readonly max_value?: string | null | undefined
  readonly daily_limit?: string | null | undefined
  readonly max_value_eth?: string | null | undefined
  readonly daily_limit_eth?: string | null | undefined
  /** At most 1000 entries. */
  readonly to_allowlist?: readonly string[] | null | undefined
  /** At most 1000 entries. */
  readonly token_allowlist?: readonly string[] | null | undefined
  readonly max_per_day?: number | null | undefined
  readonly overhead_budget?: string | null | undefined
  readonly max_ata_creates_per_day?: number | null | undefined
}

/** Input of `agents.delete`. */
export interface DeleteAgentInput {
  /** UUID. */
  readonly agent_id: string
  /**
   * ID of an executed pending approval. Needed when a consensus_trigger governs this action. It is valid once, for
   * exactly the same request. UUID.
   */
  readonly approval_id?: string | null | undefined
}

/** Input of `agents.rotateKey`. */
export interface RotateAgentKeyInput {
  /** UUID. */
  readonly agent_id: string
  /** Seconds that the old key keeps working. Default: 0. From 0 to 86400. */
  readonly overlap_seconds?: number | null | undefined
}

/** Output of `agents.rotateKey`. */
export interface RotateAgentKeyOutput {
  readonly api_key: Secret<string>
}

/** Input of `agents.rotateIdentityKeys`. */
export interface RotateAgentIdentityKeysInput {
  /** UUID. */
  readonly agent_id: string
}

/** Output of `agents.agentKeysVault`. */
export interface GetAgentKeysVaultOutput {
  /** UUID. */
  readonly vault_id: string
}

/** Input of `agents.batchDelete`. */
export interface BatchDeleteAgentsInput {
  /** At most 500 entries. */
  readonly agent_ids: readonly string[]
  /**
   * ID of an executed pending approval. Needed when a consensus_trigger governs this action. It is valid once, for
   * exactly the same request. UUID.
   */
  readonly approval_id?: string | null | undefined
}

/** Output of `agents.batchDelete`. */
export interface BatchDeleteAgentsOutput {
  readonly deleted: number
  readonly failed: number
  readonly errors: BatchDeleteAgentsErrors[]
}

export interface BatchDeleteAgentsErrors {
  /** UUID. */
  readonly id: string
  readonly reason: string
}
