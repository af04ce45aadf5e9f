// Written by tools/gen-client-types.ts.

import type { Json } from '../../kernel/json.ts'
import type { CallOptions, JsonObject } from '../types.ts'

/** What is unusual about users and agents, and honeytokens. */
export interface RiskClient {
  /**
   * List what the risk detectors found in the last 90 days, newest first.
   *
   * @example
   * await client.risk.events({ severity: 'critical', principal_type: 'agent' })
   */
  readonly events: {
    (input?: ListRiskEventsInput, options?: CallOptions): Promise<RiskEventListResponse>
    /** Everything there is, page after page; `limit` is how much of it comes at once. */
    each(
      input?: Omit<ListRiskEventsInput, 'offset' | 'cursor'>,
      options?: CallOptions,
    ): AsyncGenerator<Json, void, undefined>
  }

  /** List the active risk verdicts of your organisation, the newest first. */
  readonly verdicts: {
    (input?: ListRiskVerdictsInput, options?: CallOptions): Promise<RiskVerdictListResponse>
    /** Everything there is, page after page; `limit` is how much of it comes at once. */
    each(
      input?: Omit<ListRiskVerdictsInput, 'offset' | 'cursor'>,
      options?: CallOptions,
    ): AsyncGenerator<Json, void, undefined>
  }

  /**
   * Get the risk verdict about a user or an agent. Null: there is none.
   *
   * @throws `risk_principal_not_found`: The organisation has no such user or agent.
   *
   * @example
   * await client.risk.verdict({ principal_type: 'agent', principal_id })
   */
  verdict(input: GetRiskVerdictInput, options?: CallOptions): Promise<GetRiskVerdictOutput>

  /**
   * Clear the risk verdict about a user or an agent, who can sign in again. Tokens that have ended stay so.
   *
   * @throws `risk_verdict_not_found`: There is no active verdict about this principal.
   * @throws `denied`: Known, but not allowed.
   *
   * @example
   * await client.risk.clearVerdict({ principal_type: 'agent', principal_id })
   */
  clearVerdict(input: ClearRiskVerdictInput, options?: CallOptions): Promise<void>

  /** List the honeytokens of your organisation, and how often each was read. */
  readonly honeytokens: {
    (input?: ListHoneytokensInput, options?: CallOptions): Promise<HoneytokenListResponse>
    /** Everything there is, page after page; `limit` is how much of it comes at once. */
    each(
      input?: Omit<ListHoneytokensInput, 'offset' | 'cursor'>,
      options?: CallOptions,
    ): AsyncGenerator<Json, void, undefined>
  }

  /**
   * Make a path a honeytoken. A caller who reads its value gets it, and cannot sign in again until it is cleared.
   *
   * @throws `vault_not_found`: The vault does not exist, or you cannot access it.
   * @throws `honeytoken_exists`: This path of the vault is a honeytoken already.
   * @throws `too_many_honeytokens`
   *
   * @example
   * await client.risk.createHoneytoken({
   *   vault_id,
   *   secret_path: 'canary/secret-key',
   *   notes: 'Nothing uses it.',
   * })
   */
  createHoneytoken(input: CreateHoneytokenInput, options?: CallOptions): Promise<CreateHoneytokenOutput>

  /**
   * Make a honeytoken a usual secret again. Its value stays.
   *
   * @throws `honeytoken_not_found`: The organisation has no honeytoken with this ID.
   *
   * @example
   * await client.risk.deleteHoneytoken({ honeytoken_id })
   */
  deleteHoneytoken(input: DeleteHoneytokenInput, options?: CallOptions): Promise<DeleteHoneytokenOutput>
}

/** Input of `risk.events`. */
export interface ListRiskEventsInput {
  /** Only events of this severity. */
  readonly severity?: 'low' | 'medium' | 'high' | 'critical' | null | undefined
  /** Only events of users, or of agents. */
  readonly principal_type?: 'user' | 'agent' | null | undefined
  /** Maximum number of events. Default: 50. From 1 to 500. */
  readonly limit?: number | null | undefined
  /** Number of events to skip. Default: 0. From 0 to 1000. */
  readonly offset?: number | null | undefined
}

export interface RiskEventListResponse {
  readonly events: RiskEvent[]
}

export interface RiskEvent {
  /** UUID. */
  readonly id: string
  /** RFC 3339 time. */
  readonly occurred_at: string
  readonly principal_type: 'user' | 'agent'
  /** UUID. */
  readonly principal_id: string
  /** UUID. */
  readonly org_id: string
  /** What was found: first_seen, geo_velocity, burst, denied_storm, exfiltration or honeytoken_access. */
  readonly event_type: string
  readonly ip: string | null
  /** Always null: the geo file has no numbers of networks. */
  readonly asn: number | null
  readonly asn_org: string | null
  /** Null without a geo file that has the address. */
  readonly country_code: string | null
  readonly region: string | null
  readonly city: string | null
  readonly latitude: number | null
  readonly longitude: number | null
  /** Always null: the audit trail does not store it. */
  readonly user_agent: string | null
  readonly severity: 'low' | 'medium' | 'high' | 'critical' | null
  readonly payload: JsonObject
  /** RFC 3339 time. */
  readonly created_at: string
}

/** Input of `risk.verdicts`. */
export interface ListRiskVerdictsInput {
  /** Maximum number of entries. Default: all. From 1 to 1000. */
  readonly limit?: number | null | undefined
  /** The next_cursor of the previous answer. Default: the beginning of the list. At most 1024 characters. */
  readonly cursor?: string | null | undefined
}

export interface RiskVerdictListResponse {
  readonly verdicts: RiskVerdict[]
  readonly next_cursor?: string | undefined
}

export interface RiskVerdict {
  readonly principal_type: 'user' | 'agent'
  /** UUID. */
  readonly principal_id: string
  /** UUID. */
  readonly org_id: string
  /** From 0 to 100: the highest score of the reasons. */
  readonly score: number
  /** From high on, the principal cannot sign in. With critical, its tokens have ended too. */
  readonly severity: 'low' | 'medium' | 'high' | 'critical'
  readonly reasons: RiskVerdictReason[]
  /** RFC 3339 time. */
  readonly computed_at: string
  /** The year 9999: it ends when an owner or admin clears it. RFC 3339 time. */
  readonly expires_at: string
}

export interface RiskVerdictReason {
  readonly detector: string
  readonly severity: 'low' | 'medium' | 'high' | 'critical'
  /** What happened, and which threshold it went over. */
  readonly description: string
  /** The numbers, the audit event, and under clears, what ends it. */
  readonly metadata: JsonObject
}

/** Input of `risk.verdict`. */
export interface GetRiskVerdictInput {
  readonly principal_type: 'user' | 'agent'
  /** UUID. */
  readonly principal_id: string
}

/** Output of `risk.verdict`. */
export interface GetRiskVerdictOutput {
  readonly verdict: RiskVerdict | null
}

/** Input of `risk.clearVerdict`. */
export interface ClearRiskVerdictInput {
  readonly principal_type: 'user' | 'agent'
  /** UUID. */
  readonly principal_id: string
}

/** Input of `risk.honeytokens`. */
export interface ListHoneytokensInput {
  /** Maximum number of entries. Default: all. From 1 to 1000. */
  readonly limit?: number | null | undefined
  /** The next_cursor of the previous answer. Default: the beginning of the list. At most 1024 characters. */
  readonly cursor?: string | null | undefined
}

export interface HoneytokenListResponse {
  readonly honeytokens: Honeytoken[]
  readonly next_cursor?: string | undefined
}

export interface Honeytoken {
  /** UUID. */
  readonly id: string
  /** UUID. */
  readonly vault_id: string
  /** UUID. */
  readonly org_id: string
  readonly secret_path: string
  /** UUID. */
  readonly created_by: string
  /** RFC 3339 time. */
  readonly created_at: string
  readonly notes: string | null
  readonly triggered_count: number
  /** RFC 3339 time. */
  readonly last_triggered_at: string | null
}

/** Input of `risk.createHoneytoken`. */
export interface CreateHoneytokenInput {
  /** UUID. */
  readonly vault_id: string
  /** Path of the secret. The secret can be created later. At most 512 characters. */
  readonly secret_path: string
  /** Note for the people of your organisation. At most 1000 characters. */
  readonly notes?: string | null | undefined
}

/** Output of `risk.createHoneytoken`. */
export interface CreateHoneytokenOutput {
  readonly honeytoken: Honeytoken
}

/** Input of `risk.deleteHoneytoken`. */
export interface DeleteHoneytokenInput {
  /** UUID. */
  readonly honeytoken_id: string
}

/** Output of `risk.deleteHoneytoken`. */
export interface DeleteHoneytokenOutput {
  readonly deleted: boolean
}
