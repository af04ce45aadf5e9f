// Written by tools/gen-client-types.ts.

import type { CallOptions, JsonObject } from '../types.ts'

/** What happened in the organisation, and the proof that no event is missing. */
export interface AuditClient {
  /** List audit events, newest first. Owners and admins see all events. Other callers see their own. */
  readonly events: {
    (input?: QueryAuditEventsInput, options?: CallOptions): Promise<QueryAuditEventsOutput>
    /** Everything there is, page after page; `limit` is how much of it comes at once. */
    each(
      input?: Omit<QueryAuditEventsInput, 'offset' | 'cursor'>,
      options?: CallOptions,
    ): AsyncGenerator<AuditEvent, void, undefined>
  }

  /** Verify that no audit event in a time range was changed or removed, and that the trail is complete. */
  verify(input?: VerifyAuditChainInput, options?: CallOptions): Promise<AuditVerifyResponse>

  /**
   * Read the audit events that came after a cursor, oldest first, lane by lane.
   *
   * @throws `audit_events_dropped`: Events after this cursor were dropped from the vault. Begin again without a
   * cursor, or with `since`.
   */
  follow(input?: FollowAuditEventsInput, options?: CallOptions): Promise<FollowAuditEventsOutput>

  /** List the closed segments of the audit trail, by lane, oldest first. */
  segments(input?: ListAuditSegmentsInput, options?: CallOptions): Promise<ListAuditSegmentsOutput>

  /**
   * Read a part of a closed segment, as it is stored, with the signature of the whole segment.
   *
   * @throws `audit_segment_not_found`: The lane has no closed segment with this number. It may have been dropped.
   * `pawl audit segments` lists them.
   *
   * @example
   * await client.audit.exportSegment({ lane: 'main', number: 0 })
   */
  exportSegment(input: ExportAuditSegmentInput, options?: CallOptions): Promise<ExportAuditSegmentOutput>

  /**
   * Confirm that a copy of a segment was stored and verified. From then on, PAWL_AUDIT_KEEP may drop the segment.
   *
   * @throws `audit_segment_not_found`: The lane has no closed segment with this number. It may have been dropped.
   * `pawl audit segments` lists them.
   * @throws `audit_segment_differs`: The digest is not the digest of this segment. Export it again.
   * @throws `audit_copy_not_proven`: The proof is not the one of this segment. Export the segment, and compute the
   * proof from all its blocks.
   *
   * @example
   * await client.audit.confirmSegment({
   *   lane: 'main',
   *   number: 0,
   *   digest: 'aac00461e30db5edaa076eeb526afe6720c55074d5375e7ce61021ce36bb57bd',
   *   proof: '4602223024a04fc93eddc6aaa8d1d1852c7afe018183810ca30f153f0f0a90a3',
   * })
   */
  confirmSegment(input: ConfirmAuditSegmentInput, options?: CallOptions): Promise<AuditSegment>
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
  /**
   * Only events with this action, such as secret.read. In a pattern such as secret.*, the * matches any text. A
   * pattern finds the actions of installed areas. At most 128 characters.
   */
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

/** Input of `audit.follow`. */
export interface FollowAuditEventsInput {
  /** The cursor of the answer before. Default: the first event. At most 8192 characters. */
  readonly cursor?: string | null | undefined
  /** Without a cursor, only events at or after this time. RFC 3339 time. */
  readonly since?: string | null | undefined
  /** Maximum number of events. Default: 1000. From 1 to 1000. */
  readonly limit?: number | null | undefined
}

/** Output of `audit.follow`. */
export interface FollowAuditEventsOutput {
  readonly events: AuditEventInTrail[]
  readonly cursor: string
}

export interface AuditEventInTrail {
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
  readonly lane: string
  readonly sequence: number
  readonly hash: string
}

/** Input of `audit.segments`. */
export interface ListAuditSegmentsInput {
  /** With after_number, the last segment of the page before. At most 64 characters. */
  readonly after_lane?: string | null | undefined
  /** With after_lane, the last segment of the page before. */
  readonly after_number?: number | null | undefined
  /** Maximum number of segments. Default: 1000. From 1 to 1000. */
  readonly limit?: number | null | undefined
}

/** Output of `audit.segments`. */
export interface ListAuditSegmentsOutput {
  readonly segments: AuditSegment[]
}

export interface AuditSegment {
  readonly lane: string
  readonly number: number
  readonly first: number
  readonly events: number
  readonly previous: string
  readonly mac: string
  /** RFC 3339 time. */
  readonly from: string
  /** RFC 3339 time. */
  readonly to: string
  readonly digest: string
  readonly signature: string
  /** RFC 3339 time. */
  readonly exported_at: string | null
}

/** Input of `audit.exportSegment`. */
export interface ExportAuditSegmentInput {
  /** At most 64 characters. */
  readonly lane: string
  readonly number: number
  /** The number `next` of the part before. Default: the first event. */
  readonly after?: number | null | undefined
}

/** Output of `audit.exportSegment`. */
export interface ExportAuditSegmentOutput {
  /** UUID. */
  readonly org_id: string
  readonly segment: AuditSegment
  readonly public_key: string
  readonly blocks: ExportAuditSegmentBlocks[]
  readonly next: number | null
}

export interface ExportAuditSegmentBlocks {
  readonly mac: string
  readonly payload: string
}

/** Input of `audit.confirmSegment`. */
export interface ConfirmAuditSegmentInput {
  /** At most 64 characters. */
  readonly lane: string
  readonly number: number
  /** The digest of the verified copy. */
  readonly digest: string
  /** The proof that all blocks of the copy are there. docs/formats.md describes it. */
  readonly proof: string
}
