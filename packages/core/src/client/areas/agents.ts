// Written by tools/gen-client-types.ts.

import type { Secret } from '../../kernel/secret.ts'
import type { CallOptions, JsonObject, NoInput } from '../types.ts'

/** The operations of the area `agents`. */
export interface AgentsClient {
  /**
   * Make an agent. Its API key is shown here, once.
   *
   * @throws `vault_not_found`: There is no such vault.
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

  /** List the agents that the caller runs. An agent finds itself. */
  list(input?: NoInput, options?: CallOptions): Promise<ListAgentsOutput>

  /**
   * Read who one is, as an agent.
   *
   * @throws `agent_not_found`: There is no such agent.
   */
  me(input?: NoInput, options?: CallOptions): Promise<AgentSelf>

  /**
   * Read an agent.
   *
   * @throws `agent_not_found`: There is no such agent.
   *
   * @example
   * await client.agents.get({ agent_id })
   */
  get(input: GetAgentInput, options?: CallOptions): Promise<Agent>

  /**
   * Change what is named about an agent, and nothing else. Null clears. It takes effect at once.
   *
   * @throws `agent_not_found`: There is no such agent.
   *
   * @example
   * await client.agents.update({ agent_id, name: 'deploy', is_active: false, tx_daily_limit: '1' })
   */
  update(input: UpdateAgentInput, options?: CallOptions): Promise<Agent>

  /**
   * Delete an agent for good, with its keys, tokens and policies. What it did stays in the trail.
   *
   * @throws `agent_not_found`: There is no such agent.
   *
   * @example
   * await client.agents.delete({ agent_id })
   */
  delete(input: DeleteAgentInput, options?: CallOptions): Promise<void>

  /**
   * Give an agent a new API key. The old key, and every token, ends at once; with overlap_seconds, the old key and
   * its tokens end after that time.
   *
   * @throws `agent_not_found`: There is no such agent.
   * @throws `agent_has_no_key`: This agent does not sign in with an API key, so there is none to rotate.
   *
   * @example
   * const { api_key } = await client.agents.rotateKey({ agent_id, overlap_seconds: 60 })
   * api_key.reveal()
   */
  rotateKey(input: RotateAgentKeyInput, options?: CallOptions): Promise<RotateAgentKeyOutput>

  /**
   * Give an agent new SSH and ECDH keys. The old private keys stay as older versions of their secrets.
   *
   * @throws `agent_not_found`: There is no such agent.
   * @throws `vault_not_found`: There is no such vault.
   *
   * @example
   * await client.agents.rotateIdentityKeys({ agent_id })
   */
  rotateIdentityKeys(input: RotateAgentIdentityKeysInput, options?: CallOptions): Promise<Agent>

  /**
   * Name the vault that holds the private keys of agents. Opening it is for owners and admins.
   *
   * @throws `agent_keys_vault_not_found`: There is no vault of agent keys yet; it is made with the first agent.
   */
  agentKeysVault(input?: NoInput, options?: CallOptions): Promise<GetAgentKeysVaultOutput>

  /**
   * Delete several agents. Those that are not there, or not the caller’s to delete, are left and named.
   *
   * @example
   * await client.agents.batchDelete({ agent_ids: [agent_id] })
   */
  batchDelete(input: BatchDeleteAgentsInput, options?: CallOptions): Promise<BatchDeleteAgentsOutput>
}

/** What `agents.create` takes. */
export interface CreateAgentInput {
  /** For people. At most 255 characters. */
  readonly name: string
  /** How it signs in; with a key, unless told. */
  readonly auth_method?: 'api_key' | 'mtls' | 'oidc_client_credentials' | null | undefined
  /** Such as production. */
  readonly environment?: string | null | undefined
  /** What it is for. At most 4096 characters. */
  readonly description?: string | null | undefined
  /** Globs over paths that confine it, such as db/**; with none, its policies alone decide. At most 100 entries. */
  readonly scopes?: readonly string[] | null | undefined
  /** Vaults that it is bound to; with none, it is not bound. At most 100 entries. */
  readonly vault_ids?: readonly string[] | null | undefined
  /** When it ends. RFC 3339 time. */
  readonly expires_at?: string | null | undefined
  /** When its API key ends. RFC 3339 time. */
  readonly api_key_expires_at?: string | null | undefined
  /** Seconds that its tokens live. From 60 to 2592000. */
  readonly token_ttl_seconds?: number | null | undefined
  /** Signs with keys that it cannot read. */
  readonly intents_api_enabled?: boolean | null | undefined
  /** Talks to models through the redacting proxy. */
  readonly shroud_enabled?: boolean | null | undefined
  /** Moves no token that is not known. */
  readonly tx_known_tokens_only?: boolean | null | undefined
  /** May call services through its bindings. */
  readonly execution_intents_enabled?: boolean | null | undefined
  /** Signs only in a trusted execution environment. */
  readonly intents_require_tee?: boolean | null | undefined
  /** Calls services only from a trusted execution environment. */
  readonly execution_require_tee?: boolean | null | undefined
  /** May order cards. */
  readonly cards_enabled?: boolean | null | undefined
  /** May see the number of a card. */
  readonly card_reveal_enabled?: boolean | null | undefined
  /** A human approves each order; on, unless told. */
  readonly card_require_approval?: boolean | null | undefined
  /** Stays in its environment. */
  readonly environment_locked?: boolean | null | undefined
  /** Need not name its environment when it asks for values. */
  readonly env_auto_resolve?: boolean | null | undefined
  /** May get tokens that others know it by. */
  readonly federation_enabled?: boolean | null | undefined
  /** May sign messages. */
  readonly message_signing_enabled?: boolean | null | undefined
  /** May sign digests, of which nobody can tell what they stand for. */
  readonly raw_signing_enabled?: boolean | null | undefined
  /** Addresses that it may send to; with none, to any. At most 1000 entries. */
  readonly tx_to_allowlist?: readonly string[] | null | undefined
  /** Chains that it may use; with none, any. At most 1000 entries. */
  readonly tx_allowed_chains?: readonly string[] | null | undefined
  /** Tokens that it may move; with none, any. At most 1000 entries. */
  readonly tx_token_allowlist?: readonly string[] | null | undefined
  /** What it may do on the XRP Ledger, such as Payment. At most 1000 entries. */
  readonly xrpl_allowed_tx_types?: readonly string[] | null | undefined
  /** Wallets on Solana that it may make token accounts for; with none, any. At most 1000 entries. */
  readonly solana_ata_allowlist?: readonly string[] | null | undefined
  /** Most that one transaction may move, in the unit of its chain. */
  readonly tx_max_value?: string | null | undefined
  /** Most that all transactions of a day may move. */
  readonly tx_daily_limit?: string | null | undefined
  /** How many transactions it may make in a day. */
  readonly tx_max_per_day?: number | null | undefined
  /** What fees and rents may cost in a day, by chain. */
  readonly tx_overhead_budget?: { readonly [name: string]: string } | null | undefined
  /** Limits for one chain, by its name; the strictest counts. */
  readonly per_chain_guardrails?: { readonly [name: string]: CreateAgentPerChainGuardrails } | null | undefined
  /** Limits for one environment, by its name; the strictest counts. */
  readonly per_environment_guardrails?:
    | { readonly [name: string]: CreateAgentPerEnvironmentGuardrails }
    | null
    | undefined
  /** How the redacting proxy treats it. */
  readonly shroud_config?: JsonObject | null | undefined
  /** Limits of all its calls, as those of a binding, and allowed_binding_types. */
  readonly execution_guardrails?: JsonObject | null | undefined
  /** Most that one card may be worth. */
  readonly card_max_order_usd?: string | null | undefined
  /** Most that it may order in a day. */
  readonly card_daily_limit_usd?: string | null | undefined
  /** Addresses that orders may be paid to; with none, any. At most 1000 entries. */
  readonly card_payto_allowlist?: readonly string[] | null | undefined
  /** Whom such tokens may be for; with none, nobody. At most 100 entries. */
  readonly federation_audiences?: readonly string[] | null | undefined
  /** Seconds that such tokens live. From 60 to 3600. */
  readonly federated_token_ttl_seconds?: number | null | undefined
  /** Domains of typed data that it may sign. At most 1000 entries. */
  readonly eip712_domain_allowlist?: readonly (string | JsonObject)[] | null | undefined
  /** What becomes of typed data of other domains; deny, unless told. */
  readonly eip712_default_policy?: 'deny' | 'allow' | null | undefined
  /** Of the certificate that it shows. At most 256 characters. */
  readonly client_cert_fingerprint?: string | null | undefined
  /** Who says who it is. At most 2048 characters. */
  readonly oidc_issuer?: string | null | undefined
  /** What that one calls it. At most 256 characters. */
  readonly oidc_client_id?: string | null | undefined
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

/** What `agents.create` answers. */
export interface CreateAgentOutput {
  readonly agent: Agent
  readonly api_key?: Secret<string> | undefined
}

export interface Agent {
  readonly shroud_enabled: boolean
  /** Moves no token that is not known. */
  readonly tx_known_tokens_only?: boolean | undefined
  /** May call services through its bindings. */
  readonly execution_intents_enabled?: boolean | undefined
  /** Signs only in a trusted execution environment. */
  readonly intents_require_tee?: boolean | undefined
  /** Calls services only from a trusted execution environment. */
  readonly execution_require_tee?: boolean | undefined
  /** May order cards. */
  readonly cards_enabled?: boolean | undefined
  /** May see the number of a card. */
  readonly card_reveal_enabled?: boolean | undefined
  /** A human approves each order; on, unless told. */
  readonly card_require_approval?: boolean | undefined
  /** Stays in its environment. */
  readonly environment_locked?: boolean | undefined
  /** Need not name its environment when it asks for values. */
  readonly env_auto_resolve?: boolean | undefined
  /** May get tokens that others know it by. */
  readonly federation_enabled?: boolean | undefined
  /** May sign messages. */
  readonly message_signing_enabled?: boolean | undefined
  /** May sign digests, of which nobody can tell what they stand for. */
  readonly raw_signing_enabled?: boolean | undefined
  /** Addresses that it may send to; with none, to any. At most 1000 entries. */
  readonly tx_to_allowlist?: string[] | undefined
  /** Chains that it may use; with none, any. At most 1000 entries. */
  readonly tx_allowed_chains?: string[] | undefined
  /** Tokens that it may move; with none, any. At most 1000 entries. */
  readonly tx_token_allowlist?: string[] | undefined
  /** What it may do on the XRP Ledger, such as Payment. At most 1000 entries. */
  readonly xrpl_allowed_tx_types?: string[] | undefined
  /** Wallets on Solana that it may make token accounts for; with none, any. At most 1000 entries. */
  readonly solana_ata_allowlist?: string[] | undefined
  /** Most that one transaction may move, in the unit of its chain. */
  readonly tx_max_value?: string | undefined
  /** Most that all transactions of a day may move. */
  readonly tx_daily_limit?: string | undefined
  /** How many transactions it may make in a day. */
  readonly tx_max_per_day?: number | undefined
  /** What fees and rents may cost in a day, by chain. */
  readonly tx_overhead_budget?: { readonly [name: string]: string } | undefined
  /** Limits for one chain, by its name; the strictest counts. */
  readonly per_chain_guardrails?: { readonly [name: string]: AgentPerChainGuardrails } | undefined
  /** Limits for one environment, by its name; the strictest counts. */
  readonly per_environment_guardrails?: { readonly [name: string]: AgentPerEnvironmentGuardrails } | undefined
  readonly shroud_config?: JsonObject | undefined
  readonly execution_guardrails?: JsonObject | undefined
  /** Most that one card may be worth. */
  readonly card_max_order_usd?: string | undefined
  /** Most that it may order in a day. */
  readonly card_daily_limit_usd?: string | undefined
  /** Addresses that orders may be paid to; with none, any. At most 1000 entries. */
  readonly card_payto_allowlist?: string[] | undefined
  /** Whom such tokens may be for; with none, nobody. At most 100 entries. */
  readonly federation_audiences?: string[] | undefined
  /** Seconds that such tokens live. From 60 to 3600. */
  readonly federated_token_ttl_seconds?: number | undefined
  readonly eip712_domain_allowlist?: (string | JsonObject)[] | undefined
  /** What becomes of typed data of other domains; deny, unless told. */
  readonly eip712_default_policy?: 'deny' | 'allow' | undefined
  /** Of the certificate that it shows. At most 256 characters. */
  readonly client_cert_fingerprint?: string | undefined
  /** Who says who it is. At most 2048 characters. */
  readonly oidc_issuer?: string | undefined
  /** What that one calls it. At most 256 characters. */
  readonly oidc_client_id?: string | undefined
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

/** What `agents.list` answers. */
export interface ListAgentsOutput {
  readonly agents: Agent[]
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
  /** UUID. */
  readonly org_id: string
  /** UUID. */
  readonly created_by: string
}

/** What `agents.get` takes. */
export interface GetAgentInput {
  /** UUID. */
  readonly agent_id: string
}

/** What `agents.update` takes. */
export interface UpdateAgentInput {
  /** UUID. */
  readonly agent_id: string
  /** Whether it can sign in. */
  readonly is_active?: boolean | undefined
  /** For people. At most 255 characters. */
  readonly name?: string | undefined
  /** Signs with keys that it cannot read. */
  readonly intents_api_enabled?: boolean | undefined
  /** Talks to models through the redacting proxy. */
  readonly shroud_enabled?: boolean | undefined
  /** Moves no token that is not known. */
  readonly tx_known_tokens_only?: boolean | undefined
  /** May call services through its bindings. */
  readonly execution_intents_enabled?: boolean | undefined
  /** Signs only in a trusted execution environment. */
  readonly intents_require_tee?: boolean | undefined
  /** Calls services only from a trusted execution environment. */
  readonly execution_require_tee?: boolean | undefined
  /** May order cards. */
  readonly cards_enabled?: boolean | undefined
  /** May see the number of a card. */
  readonly card_reveal_enabled?: boolean | undefined
  /** A human approves each order; on, unless told. */
  readonly card_require_approval?: boolean | undefined
  /** Stays in its environment. */
  readonly environment_locked?: boolean | undefined
  /** Need not name its environment when it asks for values. */
  readonly env_auto_resolve?: boolean | undefined
  /** May get tokens that others know it by. */
  readonly federation_enabled?: boolean | undefined
  /** May sign messages. */
  readonly message_signing_enabled?: boolean | undefined
  /** May sign digests, of which nobody can tell what they stand for. */
  readonly raw_signing_enabled?: boolean | undefined
  /** Such as production. */
  readonly environment?: string | null | undefined
  /** What it is for. At most 4096 characters. */
  readonly description?: string | null | undefined
  /** Globs over paths that confine it, such as db/**; with none, its policies alone decide. At most 100 entries. */
  readonly scopes?: readonly string[] | null | undefined
  /** Vaults that it is bound to; with none, it is not bound. At most 100 entries. */
  readonly vault_ids?: readonly string[] | null | undefined
  /** When it ends. RFC 3339 time. */
  readonly expires_at?: string | null | undefined
  /** When its API key ends. RFC 3339 time. */
  readonly api_key_expires_at?: string | null | undefined
  /** Seconds that its tokens live. From 60 to 2592000. */
  readonly token_ttl_seconds?: number | null | undefined
  /** Addresses that it may send to; with none, to any. At most 1000 entries. */
  readonly tx_to_allowlist?: readonly string[] | null | undefined
  /** Chains that it may use; with none, any. At most 1000 entries. */
  readonly tx_allowed_chains?: readonly string[] | null | undefined
  /** Tokens that it may move; with none, any. At most 1000 entries. */
  readonly tx_token_allowlist?: readonly string[] | null | undefined
  /** What it may do on the XRP Ledger, such as Payment. At most 1000 entries. */
  readonly xrpl_allowed_tx_types?: readonly string[] | null | undefined
  /** Wallets on Solana that it may make token accounts for; with none, any. At most 1000 entries. */
  readonly solana_ata_allowlist?: readonly string[] | null | undefined
  /** Most that one transaction may move, in the unit of its chain. */
  readonly tx_max_value?: string | null | undefined
  /** Most that all transactions of a day may move. */
  readonly tx_daily_limit?: string | null | undefined
  /** How many transactions it may make in a day. */
  readonly tx_max_per_day?: number | null | undefined
  /** What fees and rents may cost in a day, by chain. */
  readonly tx_overhead_budget?: { readonly [name: string]: string } | null | undefined
  /** Limits for one chain, by its name; the strictest counts. */
  readonly per_chain_guardrails?: { readonly [name: string]: UpdateAgentPerChainGuardrails } | null | undefined
  /** Limits for one environment, by its name; the strictest counts. */
  readonly per_environment_guardrails?:
    | { readonly [name: string]: UpdateAgentPerEnvironmentGuardrails }
    | null
    | undefined
  /** How the redacting proxy treats it. */
  readonly shroud_config?: JsonObject | null | undefined
  /** Limits of all its calls, as those of a binding, and allowed_binding_types. */
  readonly execution_guardrails?: JsonObject | null | undefined
  /** Most that one card may be worth. */
  readonly card_max_order_usd?: string | null | undefined
  /** Most that it may order in a day. */
  readonly card_daily_limit_usd?: string | null | undefined
  /** Addresses that orders may be paid to; with none, any. At most 1000 entries. */
  readonly card_payto_allowlist?: readonly string[] | null | undefined
  /** Whom such tokens may be for; with none, nobody. At most 100 entries. */
  readonly federation_audiences?: readonly string[] | null | undefined
  /** Seconds that such tokens live. From 60 to 3600. */
  readonly federated_token_ttl_seconds?: number | null | undefined
  /** Domains of typed data that it may sign. At most 1000 entries. */
  readonly eip712_domain_allowlist?: readonly (string | JsonObject)[] | null | undefined
  /** What becomes of typed data of other domains; deny, unless told. */
  readonly eip712_default_policy?: 'deny' | 'allow' | null | undefined
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

/** What `agents.delete` takes. */
export interface DeleteAgentInput {
  /** UUID. */
  readonly agent_id: string
}

/** What `agents.rotateKey` takes. */
export interface RotateAgentKeyInput {
  /** UUID. */
  readonly agent_id: string
  /** Seconds that the old key lives on. From 0 to 86400. */
  readonly overlap_seconds?: number | null | undefined
}

/** What `agents.rotateKey` answers. */
export interface RotateAgentKeyOutput {
  readonly api_key: Secret<string>
}

/** What `agents.rotateIdentityKeys` takes. */
export interface RotateAgentIdentityKeysInput {
  /** UUID. */
  readonly agent_id: string
}

/** What `agents.agentKeysVault` answers. */
export interface GetAgentKeysVaultOutput {
  /** UUID. */
  readonly vault_id: string
}

/** What `agents.batchDelete` takes. */
export interface BatchDeleteAgentsInput {
  /** At most 500 entries. */
  readonly agent_ids: readonly string[]
}

/** What `agents.batchDelete` answers. */
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
