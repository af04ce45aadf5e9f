// Written by tools/gen-client-types.ts.

import type { Secret } from '../../kernel/secret.ts'
import type { CallOptions } from '../types.ts'
import type { PolicyPermission } from './policies.ts'

/** Agents that ask for an identity of their own, and wait until a user allows them. */
export interface EnrolmentsClient {
  /**
   * Request an identity as an agent. A user must allow it. The answer has no key. The user gets it, or with a public
   * key, the agent collects it.
   *
   * @throws `rate_limited`: Too many, too fast. `retryAfterSeconds` says when to try again.
   *
   * @example
   * const { poll_token } = await client.enrolments.enroll({
   *   name: 'my-agent',
   *   human_email: 'owner@example.com',
   * })
   * poll_token?.reveal()
   */
  enroll(input: EnrollAgentInput, options?: CallOptions): Promise<AgentEnrollment>

  /** List the agents that ask you for an identity. */
  readonly list: {
    (input?: ListEnrollmentsInput, options?: CallOptions): Promise<ListEnrollmentsOutput>
    /** Everything there is, page after page; `limit` is how much of it comes at once. */
    each(
      input?: Omit<ListEnrollmentsInput, 'offset' | 'cursor'>,
      options?: CallOptions,
    ): AsyncGenerator<PendingEnrollment, void, undefined>
  }

  /**
   * Get a pending request of an agent, by the token of its link or by its ID.
   *
   * @throws `not_authenticated`: No credential, or one that proves nothing: unknown, expired, revoked. The text does
   * not say which.
   * @throws `enrolment_not_found`: The request does not exist, has expired, was decided, or is for another user.
   *
   * @example
   * await client.enrolments.show({ token })
   */
  show(input?: ShowEnrollmentInput, options?: CallOptions): Promise<PendingEnrollment>

  /**
   * Allow an agent that asked for an identity. You become its creator. The answer shows its API key, once, unless the
   * agent collects it.
   *
   * @throws `not_authenticated`: No credential, or one that proves nothing: unknown, expired, revoked. The text does
   * not say which.
   * @throws `enrolment_not_found`: The request does not exist, has expired, was decided, or is for another user.
   * @throws `vault_not_found`: The vault does not exist, or you cannot access it.
   * @throws `denied`: Known, but not allowed.
   * @throws `resource_limit_exceeded`: A limit of the tier or of the agent leaves no room for this. The message names
   * the limit.
   *
   * @example
   * const { api_key } = await client.enrolments.approve({
   *   token,
   *   vault_id,
   *   secret_path_pattern: 'api-keys/**',
   * })
   * api_key?.reveal()
   */
  approve(input?: ApproveEnrollmentInput, options?: CallOptions): Promise<ApprovedEnrollment>

  /**
   * Deny the request of an agent. It gets no identity.
   *
   * @throws `not_authenticated`: No credential, or one that proves nothing: unknown, expired, revoked. The text does
   * not say which.
   * @throws `enrolment_not_found`: The request does not exist, has expired, was decided, or is for another user.
   *
   * @example
   * await client.enrolments.deny({ token })
   */
  deny(input?: DenyEnrollmentInput, options?: CallOptions): Promise<PendingEnrollment>

  /**
   * Get whether a user has allowed you. The first answer after that has your API key, and no later one.
   *
   * @throws `enrolment_not_found`: The request does not exist, has expired, was decided, or is for another user.
   * @throws `rate_limited`: Too many, too fast. `retryAfterSeconds` says when to try again.
   *
   * @example
   * const { api_key } = await client.enrolments.status({ pairing_id, poll_token })
   * api_key?.reveal()
   */
  status(input: EnrollmentStatusInput, options?: CallOptions): Promise<EnrollmentStatus>
}

/** Input of `enrolments.enroll`. */
export interface EnrollAgentInput {
  /** Display name. At most 255 characters. */
  readonly name: string
  /** E-mail address of the user who decides. Default: the answer has a link for a user. */
  readonly human_email?: '' | string | null | undefined
  /** Purpose, in your own words. At most 4096 characters. */
  readonly description?: string | null | undefined
  /**
   * Public key of the agent: a line of OpenSSH, or base64. It is one part of the fingerprint. At most 1024
   * characters.
   */
  readonly public_key?: string | null | undefined
}

export interface AgentEnrollment {
  /** The nil UUID. The agent gets its ID when it is allowed. */
  readonly agent_id: string
  readonly message: string
  readonly approval_url?: string | undefined
  /** UUID. */
  readonly pairing_id?: string | undefined
  /** Fingerprint of this request. Show it to the user, who must type it to allow you. */
  readonly fingerprint?: string | undefined
  /** For X-Poll-Token of the status. Keep it secret. */
  readonly poll_token?: Secret<string> | undefined
}

/** Input of `enrolments.list`. */
export interface ListEnrollmentsInput {
  /** Maximum number of entries. Default: all. From 1 to 1000. */
  readonly limit?: number | null | undefined
  /** The next_cursor of the previous answer. Default: the beginning of the list. At most 1024 characters. */
  readonly cursor?: string | null | undefined
}

/** Output of `enrolments.list`. */
export interface ListEnrollmentsOutput {
  readonly enrollments: PendingEnrollment[]
  readonly next_cursor?: string | undefined
}

export interface PendingEnrollment {
  /** UUID. */
  readonly id: string
  readonly name: string
  readonly description: string
  /** Whether the agent shows a fingerprint, and collects its key itself. */
  readonly is_paired: boolean
  /** IP address of the agent. Empty: unknown. */
  readonly requested_from: string
  /** RFC 3339 time. */
  readonly requested_at: string
  /** RFC 3339 time. */
  readonly expires_at: string
}

/** Input of `enrolments.show`. */
export interface ShowEnrollmentInput {
  /** Token of the link to the request. At most 100 characters. */
  readonly token?: string | Secret<string> | null | undefined
  /** ID of a request for you, instead of its token. UUID. */
  readonly enrollment_id?: string | null | undefined
}

/** Input of `enrolments.approve`. */
export interface ApproveEnrollmentInput {
  /**
   * ID of an executed pending approval. Needed when a consensus_trigger governs this action. It is valid once, for
   * exactly the same request. UUID.
   */
  readonly approval_id?: string | null | undefined
  /** Token of the link to the request. At most 100 characters. */
  readonly token?: string | Secret<string> | null | undefined
  /** ID of a request for you, instead of its token. UUID. */
  readonly enrollment_id?: string | null | undefined
  /** Vault to grant. Default: the agent can read nothing yet. UUID. */
  readonly vault_id?: string | null | undefined
  /** Paths of the vault to grant. Default: all, **. At most 512 characters. */
  readonly secret_path_pattern?: string | null | undefined
  /** Permissions to grant. Default: read. At most 16 entries. */
  readonly permissions?: readonly PolicyPermission[] | null | undefined
  /**
   * Fingerprint that the agent shows, or its first 12 characters after SHA256:. Needed if the request has one. At
   * most 100 characters.
   */
  readonly fingerprint?: string | null | undefined
  /** Whether the API key also goes to your mailbox. Default: true. */
  readonly mail_key?: boolean | null | undefined
}

export interface ApprovedEnrollment {
  /** UUID. */
  readonly agent_id: string
  readonly name: string
  /** Not there if the agent collects it. */
  readonly api_key?: Secret<string> | undefined
  /** UUID. */
  readonly policy_id?: string | undefined
  /** Whether the API key also goes to your mailbox. */
  readonly mailed: boolean
}

/** Input of `enrolments.deny`. */
export interface DenyEnrollmentInput {
  /** Token of the link to the request. At most 100 characters. */
  readonly token?: string | Secret<string> | null | undefined
  /** ID of a request for you, instead of its token. UUID. */
  readonly enrollment_id?: string | null | undefined
}

/** Input of `enrolments.status`. */
export interface EnrollmentStatusInput {
  /** UUID. */
  readonly pairing_id: string
  /** Poll token of the answer to the enrolment. At most 100 characters. */
  readonly poll_token: string | Secret<string>
}

export interface EnrollmentStatus {
  readonly status: 'pending' | 'approved' | 'denied' | 'expired'
  /** UUID. */
  readonly agent_id?: string | undefined
  readonly api_key?: Secret<string> | undefined
}
