// Written by tools/gen-client-types.ts.

import type { Secret } from '../../kernel/secret.ts'
import type { CallOptions, JsonObject } from '../types.ts'

/** What several people must agree to before an agent signs it, or before the organisation changes. */
export interface ConsensusClient {
  /**
   * Ask people to agree to a request, under a policy that is about you. A request that needs this asks automatically.
   *
   * @throws `consensus_policy_not_found`: There is no policy with this ID that has a consensus_trigger, or you cannot
   * access it.
   * @throws `consensus_trigger_unreadable`: Nothing is done under a rule that the server does not understand.
   * @throws `too_many_pending_approvals`
   * @throws `rate_limited`: Too many, too fast. `retryAfterSeconds` says when to try again.
   *
   * @example
   * await client.consensus.submit({
   *   policy_id,
   *   action: 'transaction.submit',
   *   action_payload: { chain: 'base', to: '0x000000000000000000000000000000000000dEaD', value },
   * })
   */
  submit(input: SubmitPendingApprovalInput, options?: CallOptions): Promise<SubmitPendingApprovalResponse>

  /**
   * List what waits for people to agree, and what they decided. Newest first.
   *
   * @example
   * await client.consensus.list({ status: 'pending', limit: 10 })
   */
  readonly list: {
    (input?: ListPendingApprovalsInput, options?: CallOptions): Promise<ListPendingApprovalsOutput>
    /** Everything there is, page after page; `limit` is how much of it comes at once. */
    each(
      input?: Omit<ListPendingApprovalsInput, 'offset' | 'cursor'>,
      options?: CallOptions,
    ): AsyncGenerator<PendingApprovalResponse, void, undefined>
  }

  /**
   * Get what people must agree to, with their votes.
   *
   * @throws `pending_approval_not_found`: The pending approval does not exist, or you cannot access it.
   *
   * @example
   * await client.consensus.get({ pending_approval_id })
   */
  get(input: GetPendingApprovalInput, options?: CallOptions): Promise<PendingApprovalResponse>

  /**
   * Approve or reject. You send the hash of what you have read, so that you decide about exactly that.
   *
   * @throws `pending_approval_not_found`: The pending approval does not exist, or you cannot access it.
   * @throws `pending_approval_not_open`
   * @throws `already_voted`: You have decided about this already.
   * @throws `own_submission`: You have submitted this yourself, so other people must decide.
   * @throws `stronger_proof_needed`: The policy wants a second factor for this decision. Add a passkey or an
   * authenticator app first.
   *
   * @example
   * await client.consensus.vote({
   *   pending_approval_id,
   *   decision: 'approve',
   *   payload_hash: 'deb9f59dca289f0636c2f7ba7a95b0b1dc873c68372d8b248e0bfb15a746ff97',
   *   reason: 'I know the shop.',
   * })
   */
  vote(input: ApprovePendingApprovalInput, options?: CallOptions): Promise<PendingApprovalResponse>

  /**
   * Execute an approved change in the name of its submitter. For a signature or a secret, the submitter must then
   * send the request again with approval_id.
   *
   * @throws `pending_approval_not_found`: The pending approval does not exist, or you cannot access it.
   * @throws `pending_approval_not_open`
   * @throws `change_refused`
   *
   * @example
   * await client.consensus.execute({ pending_approval_id })
   */
  execute(input: ExecutePendingApprovalInput, options?: CallOptions): Promise<ExecutePendingApprovalResponse>

  /**
   * Take back what you have submitted. Owners and admins can take back everything.
   *
   * @throws `pending_approval_not_found`: The pending approval does not exist, or you cannot access it.
   * @throws `pending_approval_not_open`
   *
   * @example
   * await client.consensus.cancel({ pending_approval_id })
   */
  cancel(input: CancelPendingApprovalInput, options?: CallOptions): Promise<PendingApprovalResponse>
}

/** Input of `consensus.submit`. */
export interface SubmitPendingApprovalInput {
  /** The policy with the consensus_trigger. UUID. */
  readonly policy_id: string
  /** What is to be done, such as transaction.submit. At most 100 characters. */
  readonly action: string
  /** The whole request. */
  readonly action_payload: JsonObject
}

export interface SubmitPendingApprovalResponse {
  /** UUID. */
  readonly pending_approval_id: string
  readonly required_approvals: number
  readonly current_approvals: number
  /** RFC 3339 time. */
  readonly expires_at: string
  readonly status: string
  readonly message: string
}

/** Input of `consensus.list`. */
export interface ListPendingApprovalsInput {
  readonly status?: 'pending' | 'approved' | 'rejected' | 'executed' | 'expired' | 'cancelled' | null | undefined
  /** Only those of this agent. UUID. */
  readonly agent_id?: string | null | undefined
  /** Maximum number. Default: 100. From 1 to 100. */
  readonly limit?: number | null | undefined
  /** Number to skip. Default: 0. From 0 to 1000000. */
  readonly offset?: number | null | undefined
  /** The next_cursor of the previous answer. Default: the beginning of the list. At most 1024 characters. */
  readonly cursor?: string | null | undefined
}

/** Output of `consensus.list`. */
export interface ListPendingApprovalsOutput {
  readonly pending_approvals: PendingApprovalResponse[]
  /** Number found from the cursor on. The server looks at 250 records for one answer. */
  readonly total: number
  readonly next_cursor?: string | undefined
}

export interface PendingApprovalResponse {
  /** UUID. */
  readonly id: string
  /** UUID. */
  readonly org_id: string
  /** UUID. */
  readonly policy_id: string
  readonly action: string
  /** The whole request, about which people decide. */
  readonly action_payload: JsonObject
  /** SHA-256 of action_payload as JSON with sorted members and without spaces. */
  readonly payload_hash: string
  readonly submitted_by: string
  readonly submitted_by_type: string
  readonly status: 'pending' | 'approved' | 'rejected' | 'executed' | 'expired' | 'cancelled'
  readonly required_approvals: number
  readonly current_approvals: number
  /** RFC 3339 time. */
  readonly expires_at: string
  /** RFC 3339 time. */
  readonly executed_at?: string | undefined
  /** RFC 3339 time. */
  readonly created_at: string
  /** RFC 3339 time. */
  readonly updated_at: string
  readonly signatures: ApprovalSignatureResponse[]
}

export interface ApprovalSignatureResponse {
  /** UUID. */
  readonly id: string
  /** UUID. */
  readonly approver_id: string
  /** The same as approver_id. UUID. */
  readonly signer_id: string
  readonly approver_type: string
  readonly decision: 'approve' | 'reject'
  readonly reason?: string | undefined
  readonly payload_hash: string
  /** RFC 3339 time. */
  readonly created_at: string
}

/** Input of `consensus.get`. */
export interface GetPendingApprovalInput {
  /** UUID. */
  readonly pending_approval_id: string
}

/** Input of `consensus.vote`. */
export interface ApprovePendingApprovalInput {
  /** UUID. */
  readonly pending_approval_id: string
  readonly decision: 'approve' | 'reject'
  /** SHA-256 of action_payload as JSON with sorted members and no spaces. At most 64 characters. */
  readonly payload_hash: string
  /** Why, in your own words. At most 1000 characters. */
  readonly reason?: string | null | undefined
  /** What you proved yourself with. The server looks at the proof itself, and not at this. At most 20 characters. */
  readonly credential_type?: string | null | undefined
  /**
   * Your password, or a token of POST /v1/auth/reauth/complete. With a second factor, only such a token. At most 1024
   * characters.
   */
  readonly auth_confirm?: string | Secret<string> | null | undefined
}

/** Input of `consensus.execute`. */
export interface ExecutePendingApprovalInput {
  /** UUID. */
  readonly pending_approval_id: string
}

export interface ExecutePendingApprovalResponse {
  /** UUID. */
  readonly pending_approval_id: string
  readonly status: string
  /** RFC 3339 time. */
  readonly executed_at: string
  /** The result of the change. If it is empty, the submitter must send the same request again with approval_id. */
  readonly result: JsonObject
}

/** Input of `consensus.cancel`. */
export interface CancelPendingApprovalInput {
  /** UUID. */
  readonly pending_approval_id: string
}
