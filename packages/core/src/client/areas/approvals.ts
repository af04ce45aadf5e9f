// Written by tools/gen-client-types.ts.

import type { Json } from '../../kernel/json.ts'
import type { Secret } from '../../kernel/secret.ts'
import type { CallOptions, JsonObject } from '../types.ts'

/** What waits for a human, and what the human decided. */
export interface ApprovalsClient {
  /**
   * Ask a human for approval, as an agent. Poll the answer for the decision.
   *
   * @throws `agent_not_found`: The agent does not exist, or you cannot access it.
   * @throws `resource_limit_exceeded`: A limit of the tier or of the agent leaves no room for this. The message names
   * the limit.
   * @throws `rate_limited`: Too many, too fast. `retryAfterSeconds` says when to try again.
   *
   * @example
   * await client.approvals.request({
   *   action: 'invoice.pay',
   *   target_type: 'invoice',
   *   target_id: '2026-17',
   *   summary: { supplier: 'Example Ltd', amount: '120 EUR' },
   *   reason: 'The invoice is due today.',
   * })
   */
  request(input: RequestApprovalInput, options?: CallOptions): Promise<Approval>

  /**
   * List approvals, newest first. Owners and admins see all approvals. Members see the approvals that ask them. One
   * call reads at most 1,000 approvals.
   *
   * @example
   * await client.approvals.list({ status: 'pending', limit: 10 })
   */
  readonly list: {
    (input?: ListApprovalsInput, options?: CallOptions): Promise<ListApprovalsOutput>
    /** Everything there is, page after page; `limit` is how much of it comes at once. */
    each(
      input?: Omit<ListApprovalsInput, 'offset' | 'cursor'>,
      options?: CallOptions,
    ): AsyncGenerator<Approval, void, undefined>
  }

  /**
   * Get an approval. An agent gets its own, and polls this for the decision.
   *
   * @throws `approval_not_found`: The approval does not exist, or you cannot access it.
   *
   * @example
   * await client.approvals.get({ approval_id })
   */
  get(input: GetApprovalInput, options?: CallOptions): Promise<Approval>

  /**
   * Approve or reject. What the server carries out after an approval happens at once.
   *
   * @throws `approval_not_found`: The approval does not exist, or you cannot access it.
   * @throws `approval_decided`
   * @throws `own_request`: You have asked for this approval, so another person must decide.
   * @throws `second_factor_needed`: An approval of risk tier 3 needs a second factor. Add a passkey or an
   * authenticator app first.
   *
   * @example
   * await client.approvals.decide({ approval_id, decision: 'approved', reason: 'I know the supplier.' })
   */
  decide(input: DecideApprovalInput, options?: CallOptions): Promise<Approval>

  /**
   * Approve. What the server carries out happens at once.
   *
   * @throws `approval_not_found`: The approval does not exist, or you cannot access it.
   * @throws `approval_decided`
   * @throws `own_request`: You have asked for this approval, so another person must decide.
   * @throws `second_factor_needed`: An approval of risk tier 3 needs a second factor. Add a passkey or an
   * authenticator app first.
   *
   * @example
   * await client.approvals.approve({ approval_id })
   */
  approve(input: ApproveApprovalInput, options?: CallOptions): Promise<Approval>

  /**
   * Reject what was asked for.
   *
   * @throws `approval_not_found`: The approval does not exist, or you cannot access it.
   * @throws `approval_decided`
   * @throws `own_request`: You have asked for this approval, so another person must decide.
   * @throws `second_factor_needed`: An approval of risk tier 3 needs a second factor. Add a passkey or an
   * authenticator app first.
   *
   * @example
   * await client.approvals.deny({ approval_id, reason: 'I do not know the supplier.' })
   */
  deny(input: DenyApprovalInput, options?: CallOptions): Promise<Approval>

  /**
   * Approve or reject with the link of a mail, without a sign-in. The link works once.
   *
   * @throws `approval_link_invalid`: The link is not valid. It was used, has expired, or links are turned off in this
   * organisation.
   * @throws `approval_decided`
   * @throws `own_request`: You have asked for this approval, so another person must decide.
   * @throws `rate_limited`: Too many, too fast. `retryAfterSeconds` says when to try again.
   *
   * @example
   * await client.approvals.quickDecide({ token, decision: 'approved' })
   */
  quickDecide(input: QuickDecideApprovalInput, options?: CallOptions): Promise<QuickDecideApprovalOutput>
}

/** Input of `approvals.request`. */
export interface RequestApprovalInput {
  /** What needs approval, such as policy_change or invoice.pay. At most 100 characters. */
  readonly action: string
  /** Type of what it is about, such as policy. At most 100 characters. */
  readonly target_type: string
  /** ID of what it is about. At most 255 characters. */
  readonly target_id: string
  /**
   * What a human must know. A human reads it, and the server carries out nothing from it. At most 16384 characters.
   */
  readonly summary: JsonObject | string
  /** Why, in your own words. At most 1000 characters. */
  readonly reason?: string | null | undefined
  /** The least care that you ask for. Default: the tier of the action. Tiers above 3 are 3. From 1 to 5. */
  readonly risk_tier?: number | null | undefined
}

export interface Approval {
  /** UUID. */
  readonly id: string
  /** UUID. */
  readonly org_id: string
  /** The user who is asked. Owners and admins can decide too. UUID. */
  readonly user_id: string
  /** UUID. */
  readonly agent_id: string | null
  readonly action: string
  readonly target_type: string
  readonly target_id: string
  /** From 1 to 3. */
  readonly risk_tier: number
  readonly status: 'pending' | 'approved' | 'rejected' | 'expired'
  /** What the requester wrote. */
  readonly summary: JsonObject
  /** What the server carries out. It wrote this itself. Absent: nothing. */
  readonly payload?: Json | undefined
  /** SHA-256 of the bytes that are signed after an approval. */
  readonly payload_hash?: string | undefined
  readonly reason: string | null
  readonly decision_reason: string | null
  readonly decided_by: string | null
  /** RFC 3339 time. */
  readonly decided_at: string | null
  /** RFC 3339 time. */
  readonly used_at?: string | undefined
  /** Why the server could not carry out what was approved. */
  readonly failure?: string | undefined
  /** RFC 3339 time. */
  readonly expires_at: string | null
  /** RFC 3339 time. */
  readonly created_at: string
}

/** Input of `approvals.list`. */
export interface ListApprovalsInput {
  readonly status?: 'pending' | 'approved' | 'rejected' | 'expired' | 'denied' | null | undefined
  /** Maximum number of approvals. Default: 50. From 1 to 500. */
  readonly limit?: number | null | undefined
  /** Number of approvals to skip. Default: 0. From 0 to 1000000. */
  readonly offset?: number | null | undefined
  /** The next_cursor of the previous answer. Default: the beginning of the list. At most 1024 characters. */
  readonly cursor?: string | null | undefined
}

/** Output of `approvals.list`. */
export interface ListApprovalsOutput {
  readonly approvals: Approval[]
  readonly next_cursor?: string | undefined
}

/** Input of `approvals.get`. */
export interface GetApprovalInput {
  /** UUID. */
  readonly approval_id: string
}

/** Input of `approvals.decide`. */
export interface DecideApprovalInput {
  /** UUID. */
  readonly approval_id: string
  readonly decision: 'approve' | 'approved' | 'reject' | 'rejected' | 'deny' | 'denied'
  /** Why, in your own words. At most 1000 characters. */
  readonly reason?: string | null | undefined
  /**
   * Your password, or a token of POST /v1/auth/reauth/complete. With a second factor, only such a token. At most 1024
   * characters.
   */
  readonly auth_confirm?: string | Secret<string> | null | undefined
}

/** Input of `approvals.approve`. */
export interface ApproveApprovalInput {
  /** UUID. */
  readonly approval_id: string
  /** Why, in your own words. At most 1000 characters. */
  readonly reason?: string | null | undefined
  /**
   * Your password, or a token of POST /v1/auth/reauth/complete. With a second factor, only such a token. At most 1024
   * characters.
   */
  readonly auth_confirm?: string | Secret<string> | null | undefined
}

/** Input of `approvals.deny`. */
export interface DenyApprovalInput {
  /** UUID. */
  readonly approval_id: string
  /** Why, in your own words. At most 1000 characters. */
  readonly reason?: string | null | undefined
}

/** Input of `approvals.quickDecide`. */
export interface QuickDecideApprovalInput {
  /** At most 100 characters. */
  readonly token: string | Secret<string>
  readonly decision: 'approve' | 'approved' | 'reject' | 'rejected' | 'deny' | 'denied'
}

/** Output of `approvals.quickDecide`. */
export interface QuickDecideApprovalOutput {
  /** UUID. */
  readonly id: string
  readonly status: 'approved' | 'rejected'
}
