// Written by tools/gen-client-types.ts.

import type { Secret } from '../../kernel/secret.ts'
import type { CallOptions, JsonObject, NoInput } from '../types.ts'

/** Limits for what agents sign. */
export interface GuardrailsClient {
  /**
   * Stop all signing of an agent, at once and on every server. Its other rights stay.
   *
   * @throws `agent_not_found`: The agent does not exist, or you cannot access it.
   *
   * @example
   * await client.guardrails.freeze({ agent_id, reason: 'It pays unknown invoices.' })
   */
  freeze(input: FreezeAgentInput, options?: CallOptions): Promise<Freeze>

  /**
   * Let a frozen agent sign again, within its limits.
   *
   * @throws `agent_not_found`: The agent does not exist, or you cannot access it.
   *
   * @example
   * await client.guardrails.unfreeze({ agent_id })
   */
  unfreeze(input: UnfreezeAgentInput, options?: CallOptions): Promise<Freeze>

  /**
   * Stop all signing of all agents of the organisation, at once and on every server.
   *
   * @example
   * await client.guardrails.freezeOrg({ reason: 'A key was stolen.' })
   */
  freezeOrg(input?: FreezeOrgInput, options?: CallOptions): Promise<Freeze>

  /** Let the agents of a frozen organisation sign again. Agents that were frozen themselves stay frozen. */
  unfreezeOrg(input?: UnfreezeOrgInput, options?: CallOptions): Promise<Freeze>

  /** Get whether the organisation is frozen. */
  orgFreeze(input?: NoInput, options?: CallOptions): Promise<Freeze>

  /**
   * List the changes of the limits of an agent, newest first: who changed what, and when.
   *
   * @throws `agent_not_found`: The agent does not exist, or you cannot access it.
   *
   * @example
   * await client.guardrails.revisions({ agent_id })
   */
  readonly revisions: {
    (input: ListGuardrailRevisionsInput, options?: CallOptions): Promise<ListGuardrailRevisionsOutput>
    /** Everything there is, page after page; `limit` is how much of it comes at once. */
    each(
      input: Omit<ListGuardrailRevisionsInput, 'offset' | 'cursor'>,
      options?: CallOptions,
    ): AsyncGenerator<GuardrailRevision, void, undefined>
  }

  /**
   * Try other limits on what an agent has asked for: what would have been refused, and what let through.
   *
   * @throws `agent_not_found`: The agent does not exist, or you cannot access it.
   *
   * @example
   * await client.guardrails.replay({ agent_id, guardrails: { tx_max_value: '0.1' } })
   */
  replay(input: ReplayGuardrailsInput, options?: CallOptions): Promise<GuardrailReplay>
}

/** Input of `guardrails.freeze`. */
export interface FreezeAgentInput {
  /** UUID. */
  readonly agent_id: string
  /** Why, in your own words. At most 500 characters. */
  readonly reason?: string | null | undefined
}

export interface Freeze {
  /** Whether nothing is signed. */
  readonly frozen: boolean
  /** RFC 3339 time. */
  readonly frozen_at?: string | undefined
  readonly frozen_by?: string | undefined
  readonly reason?: string | undefined
}

/** Input of `guardrails.unfreeze`. */
export interface UnfreezeAgentInput {
  /** UUID. */
  readonly agent_id: string
  /**
   * Your password, or a token of POST /v1/auth/reauth/complete. With a second factor, only such a token. At most 1024
   * characters.
   */
  readonly auth_confirm?: string | Secret<string> | null | undefined
}

/** Input of `guardrails.freezeOrg`. */
export interface FreezeOrgInput {
  /** Why, in your own words. At most 500 characters. */
  readonly reason?: string | null | undefined
}

/** Input of `guardrails.unfreezeOrg`. */
export interface UnfreezeOrgInput {
  /**
   * Your password, or a token of POST /v1/auth/reauth/complete. With a second factor, only such a token. At most 1024
   * characters.
   */
  readonly auth_confirm?: string | Secret<string> | null | undefined
}

/** Input of `guardrails.revisions`. */
export interface ListGuardrailRevisionsInput {
  /** UUID. */
  readonly agent_id: string
  /** Maximum number of entries. Default: all. From 1 to 1000. */
  readonly limit?: number | null | undefined
  /** The next_cursor of the previous answer. Default: the beginning of the list. At most 1024 characters. */
  readonly cursor?: string | null | undefined
}

/** Output of `guardrails.revisions`. */
export interface ListGuardrailRevisionsOutput {
  readonly revisions: GuardrailRevision[]
  readonly next_cursor?: string | undefined
}

export interface GuardrailRevision {
  /** UUID. */
  readonly id: string
  readonly number: number
  /** RFC 3339 time. */
  readonly changed_at: string
  readonly changed_by: string
  /** The other person who agreed to a change that allows more. */
  readonly approved_by?: string | undefined
  /** By setting: its value before and after. Null: the default. */
  readonly changes: JsonObject
}

/** Input of `guardrails.replay`. */
export interface ReplayGuardrailsInput {
  /** UUID. */
  readonly agent_id: string
  /** The limits to try, as in an update of the agent. Default: the limits of now. */
  readonly guardrails: ReplayGuardrailsGuardrails
}

export interface ReplayGuardrailsGuardrails {
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
  readonly per_chain_guardrails?:
    | { readonly [name: string]: ReplayGuardrailsGuardrailsPerChainGuardrails }
    | null
    | undefined
  /** Limits by environment name. The strictest limit applies. */
  readonly per_environment_guardrails?:
    | { readonly [name: string]: ReplayGuardrailsGuardrailsPerEnvironmentGuardrails }
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
}

export interface ReplayGuardrailsGuardrailsPerChainGuardrails {
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

export interface ReplayGuardrailsGuardrailsPerEnvironmentGuardrails {
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

export interface GuardrailReplay {
  /** Number of decisions that were tried. The newest 1,000 are kept. */
  readonly decisions: number
  /** RFC 3339 time. */
  readonly since?: string | undefined
  readonly would_refuse: number
  readonly would_allow: number
  /** What was signed and would be refused. The newest 100. */
  readonly refused: GuardrailReplayRefused[]
  /** What was refused and would be signed. The newest 100. */
  readonly allowed: GuardrailReplayAllowed[]
}

export interface GuardrailReplayRefused {
  /** RFC 3339 time. */
  readonly decided_at: string
  readonly chain: string
  readonly type: string
  /** What happened. */
  readonly outcome: 'signed' | 'logged' | 'refused' | 'awaiting'
  /** The rule that would refuse, or has refused. */
  readonly rule?: string | undefined
  /** Why the proposed limits would refuse. */
  readonly reason?: string | undefined
}

export interface GuardrailReplayAllowed {
  /** RFC 3339 time. */
  readonly decided_at: string
  readonly chain: string
  readonly type: string
  /** What happened. */
  readonly outcome: 'signed' | 'logged' | 'refused' | 'awaiting'
  /** The rule that would refuse, or has refused. */
  readonly rule?: string | undefined
  /** Why the proposed limits would refuse. */
  readonly reason?: string | undefined
}
