import { hex, utf8 } from '../kernel/bytes.ts'
import { canonicalJson, type Json, legacyCanonicalJson } from '../kernel/json.ts'
import type { Crypto } from '../ports/crypto.ts'

/** What an operation says happened; the lane adds time, place in the chain and proof. */
export interface AuditDraft {
  readonly action: string
  readonly actorType: string
  readonly actorId: string
  readonly resourceType: string
  readonly resourceId: string
  readonly details: Readonly<Record<string, Json>>
  readonly ip: string | null
}

export interface AuditEvent extends AuditDraft {
  readonly id: string
  readonly at: number
  readonly lane: string
  readonly sequence: number
  readonly previousId: string | null
  readonly hash: string
}

/** An event that has its place in a chain, and no hash yet. */
type PlacedDraft = AuditDraft & Pick<AuditEvent, 'at' | 'lane' | 'sequence'>

/**
 * The HMAC of an event, over the JSON array [previous hash, organisation, actor type, actor, action, metadata, time].
 * The metadata holds everything else the event says, so that nothing in it can be changed unnoticed.
 */
export function eventHash(crypto: Crypto, key: Uint8Array, org: string, previous: string, event: PlacedDraft): string {
  return hex(crypto.hmacSha256(key, utf8(canonicalJson(hashedFields(org, previous, event)))))
}

/**
 * Whether an event is as it was written. Both forms of JSON that were ever hashed say which event they are of, so an event
 * that has a hash over either was not changed.
 */
export function isUnchanged(
  crypto: Crypto,
  key: Uint8Array,
  org: string,
  previous: string,
  event: AuditEvent,
): boolean {
  if (eventHash(crypto, key, org, previous, event) === event.hash) return true
  const legacy = legacyCanonicalJson(hashedFields(org, previous, event))
  return hex(crypto.hmacSha256(key, utf8(legacy))) === event.hash
}

function hashedFields(org: string, previous: string, event: PlacedDraft): readonly unknown[] {
  const { actorType, actorId, action, at, details, ip, lane, resourceId, resourceType, sequence } = event
  // In the order of their names, so that the canonical form is made the fast way.
  const metadata = { details, ip, lane, resourceId, resourceType, sequence }
  return [previous, org, actorType, actorId, action, metadata, at]
}

/** Ids follow from the hash, so an id names exactly one event and cannot be given to another. */
export function eventId(hash: string): string {
  const variant = '89ab'[Number.parseInt(hash[16] as string, 16) & 3]
  return `${hash.slice(0, 8)}-${hash.slice(8, 12)}-4${hash.slice(13, 16)}-${variant}${hash.slice(17, 20)}-${hash.slice(20, 32)}`
}
