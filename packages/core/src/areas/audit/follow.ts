import { base64url, fromBase64url, fromUtf8, utf8 } from '../../kernel/bytes.ts'
import { isKeyNumber } from '../../kernel/keys.ts'
import { hour } from '../../kernel/time.ts'
import type { AuditEvent, LaneHead } from '../../records/index.ts'
import type { Proof } from './chain.ts'
import { eventsFrom } from './delivery.ts'
import { droppedKind } from './dropped.ts'
import { eventsDropped } from './errors.ts'
import { notAuthentic } from './search.ts'
import { firstSince, headsOf, type Trail } from './trail.ts'

/**
 * How far a reader has followed all lanes. Engines that share a store start a new lane each time, so a cursor leaves out the
 * lanes that were read to their end and have been quiet for an hour: it knows that everything before `since` was read.
 */
export interface Cursor {
  readonly since: number
  /** The number of the next event, by lane. */
  readonly lanes: Readonly<Record<string, number>>
}

/** Clocks of engines that share a store differ by much less. */
const quietMs = hour

export function cursorText({ since, lanes }: Cursor): string {
  return base64url(utf8(JSON.stringify([1, since, lanes])))
}

/** Null when the text is not a cursor. */
export function cursorFrom(text: string): Cursor | null {
  try {
    const [format, since, lanes] = JSON.parse(fromUtf8(fromBase64url(text) ?? new Uint8Array()))
    const places = Object.entries(lanes)
    const isCursor =
      format === 1 && isKeyNumber(since) && places.every(([lane, next]) => isLane(lane) && isKeyNumber(next))
    return isCursor ? { since, lanes: Object.fromEntries(places) as Cursor['lanes'] } : null
  } catch {
    return null
  }
}

const isLane = (name: string) => /^[0-9a-z]{1,64}$/.test(name)

/** The next events after a cursor, lane by lane, each lane in its order. */
export async function follow(proof: Proof, trail: Trail, { since, lanes }: Cursor, limit: number) {
  const events: AuditEvent[] = []
  const reached: Record<string, number> = {}
  const heads: LaneHead[] = []
  for await (const head of headsOf(trail)) {
    if (head === null) throw notAuthentic()
    heads.push(head)
    const { lane } = head
    if (lanes[lane] === undefined && head.at < since) continue
    const dropped = await trail.reading().get(droppedKind, lane)
    const first = lanes[lane] ?? (since === 0 ? (dropped?.next ?? 0) : await firstSince(trail, lane, since, head.next))
    if (dropped && first < dropped.next) throw eventsDropped()
    let next = first
    while (next < head.next && events.length < limit) {
      const some = await eventsFrom(proof, trail, lane, next)
      const taken = some.slice(0, limit - events.length)
      events.push(...taken)
      next += taken.length
    }
    reached[lane] = next
  }
  return { events, cursor: { ...withoutQuiet(heads, reached, since) } }
}

function withoutQuiet(heads: readonly LaneHead[], reached: Readonly<Record<string, number>>, before: number): Cursor {
  const newest = heads.reduce((latest, { at }) => Math.max(latest, at), 0)
  const since = Math.max(before, newest - quietMs)
  const lanes: Record<string, number> = {}
  for (const { lane, next, at } of heads) {
    const place = reached[lane]
    if (place !== undefined && (place < next || at >= since)) lanes[lane] = place
  }
  return { since, lanes }
}
