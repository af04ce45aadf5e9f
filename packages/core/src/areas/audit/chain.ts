import type { Crypto } from '../../ports/crypto.ts'
import { type AuditBlock, type AuditEvent, isUnchanged } from '../../records/index.ts'

/** What it takes to recompute the chains of an organisation. */
export interface Proof {
  readonly crypto: Crypto
  readonly key: Uint8Array
  readonly org: string
}

/** How far a lane has been followed. */
export interface Place {
  readonly next: number
  readonly hash: string
  readonly lastId: string | null
  readonly at: number
}

export const laneStart: Place = { next: 0, hash: '', lastId: null, at: 0 }

export function placeAfter({ sequence, hash, id, at }: AuditEvent): Place {
  return { next: sequence + 1, hash, lastId: id, at }
}

/** What is wrong with an event, given what stands before it in its lane; null when it is as it was written. */
export function eventProblem({ crypto, key, org }: Proof, lane: string, before: Place, event: AuditEvent) {
  if (event.lane !== lane) return 'The event belongs to another lane.'
  if (event.sequence !== before.next) return `Event ${before.next} is missing or out of place.`
  if (event.previousId !== before.lastId) return 'The event does not follow the one before it.'
  if (event.at < before.at) return 'The event is older than the one before it.'
  return isUnchanged(crypto, key, org, before.hash, event) ? null : 'The event was changed.'
}

/** What is wrong with a block as the frame of its events. */
export function blockProblem(lane: string, { events, first, ...block }: AuditBlock): string | null {
  if (block.lane !== lane || block.id !== `${lane}.${first}`) return 'The block belongs to another lane.'
  if (events.length === 0 || events[0]?.sequence !== first) return `Event ${first} is missing or out of place.`
  return null
}
