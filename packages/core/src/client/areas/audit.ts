// Written by tools/gen-client-types.ts.

import type { CallOptions, JsonObject } from '../types.ts'

/** The operations of the area `audit`. */
export interface AuditClient {
  /** List what happened, newest first: all of it for owners and admins, their own doings for everybody else. */
  readonly events: {
    (input?: QueryAuditEventsInput, options?: CallOptions): Promise<QueryAuditEventsOutput>
    /** Everything there is, page after page; `limit` is how much of it comes at once. */
    each(
      input?: Omit<QueryAuditEventsInput, 'offset'>,
      options?: CallOptions,
    ): AsyncGenerator<AuditEvent, void, undefined>
  }

  /** Check that no event of a window was changed or taken away, and that the trail ends where it should. */
  verify(input?: VerifyAuditChainInput, options?: CallOptions): Promise<AuditVerifyResponse>
}

/** What `audit.events` takes. */
export interface QueryAuditEventsInput {
  /** Only what happened to this one. At most 600 characters. */
  readonly resource_id?: string | null | undefined
  /** Only what happened to things of this kind, such as secret. At most 64 characters. */
  readonly resource_type?: string | null | undefined
  /** Only what happened in this vault. UUID. */
  readonly vault_id?: string | null | undefined
  /** Only what this user or agent did. At most 64 characters. */
  readonly actor_id?: string | null | undefined
  /** Only this, such as secret.read. At most 128 characters. */
  readonly action?: string | null | undefined
  /** Nothing before. RFC 3339 time. */
  readonly from?: string | null | undefined
  /** Nothing after. RFC 3339 time. */
  readonly to?: string | null | undefined
  /** How many; 100, unless told, and at most 1000. */
  readonly limit?: number | null | undefined
  /** How many to pass over. */
  readonly offset?: number | null | undefined
}

/** What `audit.events` answers. */
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

/** What `audit.verify` takes. */
export interface VerifyAuditChainInput {
  /** Nothing before. RFC 3339 time. */
  readonly from?: string | null | undefined
  /** Nothing after. RFC 3339 time. */
  readonly to?: string | null | undefined
  /** How many events; 1000, unless told. From 1 to 10000. */
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
