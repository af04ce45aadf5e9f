// Written by tools/gen-client-types.ts.

import type { CallOptions, JsonObject } from '../types.ts'

/** The operations of the area `audit`. */
export interface AuditClient {
  /** List audit events, newest first. Owners and admins see all events. Other callers see their own. */
  readonly events: {
    (input?: QueryAuditEventsInput, options?: CallOptions): Promise<QueryAuditEventsOutput>
    /** Everything there is, page after page; `limit` is how much of it comes at once. */
    each(
      input?: Omit<QueryAuditEventsInput, 'offset'>,
      options?: CallOptions,
    ): AsyncGenerator<AuditEvent, void, undefined>
  }

  /** Verify that no audit event in a time range was changed or removed, and that the trail is complete. */
  verify(input?: VerifyAuditChainInput, options?: CallOptions): Promise<AuditVerifyResponse>
}

/** Input of `audit.events`. */
export interface QueryAuditEventsInput {
  /** Only events about the thing with this ID. At most 600 characters. */
  readonly resource_id?: string | null | undefined
  /** Only events about things of this type, such as secret. At most 64 characters. */
  readonly resource_type?: string | null | undefined
  /** Only events in this vault. UUID. */
  readonly vault_id?: string | null | undefined
  /** Only events caused by this user or agent. At most 64 characters. */
  readonly actor_id?: string | null | undefined
  /** Only events with this action, such as secret.read. At most 128 characters. */
  readonly action?: string | null | undefined
  /** Only events at or after this time. RFC 3339 time. */
  readonly from?: string | null | undefined
  /** Only events at or before this time. RFC 3339 time. */
  readonly to?: string | null | undefined
  /** Maximum number of events. Default: 100. Maximum: 1000. */
  readonly limit?: number | null | undefined
  /** Number of entries to skip. Default: 0. */
  readonly offset?: number | null | undefined
}

/** Output of `audit.events`. */
export interface QueryAuditEventsOutput {
  readonly events: AuditEvent[]
  readonly count: number
}

export interface AuditEvent {
  /** UUID. */
  readonly id: string
  readonly action: string
  readonly actor_id: string
  readonly actor_type: string
  readonly resource_type: string
  readonly resource_id: string
  /** UUID. */
  readonly org_id: string
  readonly details: JsonObject
  readonly ip_address?: string | undefined
  /** RFC 3339 time. */
  readonly created_at: string
}

/** Input of `audit.verify`. */
export interface VerifyAuditChainInput {
  /** Only events at or after this time. RFC 3339 time. */
  readonly from?: string | null | undefined
  /** Only events at or before this time. RFC 3339 time. */
  readonly to?: string | null | undefined
  /** Maximum number of events. Default: 1000. From 1 to 10000. */
  readonly limit?: number | null | undefined
}

export interface AuditVerifyResponse {
  readonly chain_valid: boolean
  readonly events_verified: number
  readonly events_checked: number
  /** UUID. */
  readonly broken_at_event_id: string | null
  readonly problem?: string | undefined
  readonly scheme: AuditVerifyResponseScheme
}

export interface AuditVerifyResponseScheme {
  readonly algorithm: string
  readonly chain_structure: string
  readonly hash_field: string
  readonly link_field: string
  readonly documentation: string
}
