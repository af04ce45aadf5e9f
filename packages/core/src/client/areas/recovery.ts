// Written by tools/gen-client-types.ts.

import type { Secret } from '../../kernel/secret.ts'
import type { CallOptions, NoInput } from '../types.ts'

/** Resets of lost factors, with the word of an admin and a delay. */
export interface RecoveryClient {
  /**
   * Ask for a reset of your authenticator app, your passkeys or your password.
   *
   * @throws `not_authenticated`: No credential, or one that proves nothing: unknown, expired, revoked. The text does
   * not say which.
   * @throws `recovery_off`: The policy of your organisation does not allow this recovery. An owner changes it.
   * @throws `recovery_open`: You have an open request of this type. Cancel it first.
   *
   * @example
   * await client.recovery.request({ recovery_type: 'mfa_reset', reason: 'My phone broke.' })
   */
  request(input: RequestCredentialRecoveryInput, options?: CallOptions): Promise<RecoveryRequest>

  /** List the recovery requests of your organisation. */
  readonly list: {
    (input?: ListCredentialRecoveryRequestsInput, options?: CallOptions): Promise<ListCredentialRecoveryRequestsOutput>
    /** Everything there is, page after page; `limit` is how much of it comes at once. */
    each(
      input?: Omit<ListCredentialRecoveryRequestsInput, 'offset' | 'cursor'>,
      options?: CallOptions,
    ): AsyncGenerator<RecoveryRequest, void, undefined>
  }

  /**
   * Approve a recovery request of another user. The delay of the policy begins.
   *
   * @throws `denied`: Known, but not allowed.
   * @throws `recovery_not_found`: There is no recovery request with this ID.
   * @throws `recovery_not_pending`
   *
   * @example
   * await client.recovery.approve({ id })
   */
  approve(input: ApproveCredentialRecoveryInput, options?: CallOptions): Promise<ApproveCredentialRecoveryOutput>

  /**
   * Execute an approved recovery request after its delay. All sessions of the user end.
   *
   * @throws `denied`: Known, but not allowed.
   * @throws `recovery_not_found`: There is no recovery request with this ID.
   * @throws `recovery_not_pending`
   * @throws `recovery_too_early`
   * @throws `rate_limited`: Too many, too fast. `retryAfterSeconds` says when to try again.
   *
   * @example
   * const { recovery_code } = await client.recovery.execute({ id })
   * recovery_code?.reveal()
   */
  execute(input: ExecuteCredentialRecoveryInput, options?: CallOptions): Promise<ExecuteCredentialRecoveryOutput>

  /**
   * Cancel your own recovery request, or reject one as an admin.
   *
   * @throws `recovery_not_found`: There is no recovery request with this ID.
   * @throws `recovery_not_pending`
   *
   * @example
   * await client.recovery.cancel({ id })
   */
  cancel(input: CancelCredentialRecoveryInput, options?: CallOptions): Promise<void>

  /** Get how your organisation recovers lost factors. */
  policy(input?: NoInput, options?: CallOptions): Promise<RecoveryPolicy>

  /**
   * Change how your organisation recovers lost factors.
   *
   * @example
   * await client.recovery.updatePolicy({ delay_hours: 24 })
   */
  updatePolicy(input?: UpdateCredentialRecoveryPolicyInput, options?: CallOptions): Promise<RecoveryPolicy>
}

/** Input of `recovery.request`. */
export interface RequestCredentialRecoveryInput {
  /** What to reset. */
  readonly recovery_type: 'mfa_reset' | 'passkey_reset' | 'password_reset'
  /** What the admin should know. At most 500 characters. */
  readonly reason?: string | null | undefined
}

export interface RecoveryRequest {
  /** UUID. */
  readonly request_id: string
  readonly status: 'pending_approval' | 'approved' | 'rejected' | 'expired' | 'executed'
  readonly recovery_type: 'mfa_reset' | 'passkey_reset' | 'password_reset'
  /** UUID. */
  readonly user_id: string
  readonly reason: string
  /** RFC 3339 time. */
  readonly executable_at: string | null
  /** RFC 3339 time. */
  readonly created_at: string
}

/** Input of `recovery.list`. */
export interface ListCredentialRecoveryRequestsInput {
  /** Only requests in this state. */
  readonly status?: 'pending_approval' | 'approved' | 'rejected' | 'expired' | 'executed' | null | undefined
  /** Maximum number of entries. Default: all. From 1 to 1000. */
  readonly limit?: number | null | undefined
  /** The next_cursor of the previous answer. Default: the beginning of the list. At most 1024 characters. */
  readonly cursor?: string | null | undefined
}

/** Output of `recovery.list`. */
export interface ListCredentialRecoveryRequestsOutput {
  readonly requests: RecoveryRequest[]
  readonly next_cursor?: string | undefined
}

/** Input of `recovery.approve`. */
export interface ApproveCredentialRecoveryInput {
  /** ID of the request. UUID. */
  readonly id: string
}

/** Output of `recovery.approve`. */
export interface ApproveCredentialRecoveryOutput {
  /** UUID. */
  readonly request_id: string
  readonly status: 'approved'
  /** Always null: execution gives the code, after the delay. */
  readonly recovery_code: string | null
}

/** Input of `recovery.execute`. */
export interface ExecuteCredentialRecoveryInput {
  /** ID of the request. UUID. */
  readonly id: string
}

/** Output of `recovery.execute`. */
export interface ExecuteCredentialRecoveryOutput {
  /** UUID. */
  readonly request_id: string
  readonly status: 'executed'
  readonly recovery_type: 'mfa_reset' | 'passkey_reset' | 'password_reset'
  /** Of a password_reset: the token for POST /v1/auth/reset-password, for the user. */
  readonly recovery_code?: Secret<string> | undefined
  /** RFC 3339 time. */
  readonly executed_at: string
}

/** Input of `recovery.cancel`. */
export interface CancelCredentialRecoveryInput {
  /** ID of the request. UUID. */
  readonly id: string
}

export interface RecoveryPolicy {
  readonly enabled: boolean
  readonly require_admin_approval: boolean
  readonly delay_hours: number
  readonly allowed_types: ('mfa_reset' | 'passkey_reset' | 'password_reset')[]
}

/** Input of `recovery.updatePolicy`. */
export interface UpdateCredentialRecoveryPolicyInput {
  /** Whether members can ask for a recovery. */
  readonly enabled?: boolean | null | undefined
  /** Whether an admin approves a request before its delay begins. */
  readonly require_admin_approval?: boolean | null | undefined
  /** Hours between the approval and the execution. Default: 72. From 0 to 720. */
  readonly delay_hours?: number | null | undefined
  /** What can be recovered. At most 3 entries. */
  readonly allowed_types?: readonly ('mfa_reset' | 'passkey_reset' | 'password_reset')[] | null | undefined
  /**
   * Your password, or a token of POST /v1/auth/reauth/complete. With a second factor, only such a token. At most 1024
   * characters.
   */
  readonly auth_confirm?: string | Secret<string> | null | undefined
}
