import type { Engine } from '../../operations/index.ts'
import type { AuditBlock, AuditDraft } from '../../records/index.ts'
import { blocksFrom, firstSince, headsOf, trailOf } from '../audit/index.ts'
import { windows } from './recent.ts'

// Counters are in memory. After a start, and for what other engines on the same store do, they are filled from the trail. It is
// counted only: the engine that stored it has judged it.

/** The next event to count, by lane. Null: the lane of this engine, which sees its own events. */
export type Follows = Map<string, number | null>

const eventsMax = 10_000

/** Counts what is new in other lanes, and in the one of this engine what is older than its first block. */
export async function followLanes(
  { records }: Engine,
  org: string,
  follows: Follows,
  own: AuditBlock | null,
  count: (draft: AuditDraft, at: number) => void,
): Promise<void> {
  // The first block of the only lane: nothing is there to be counted.
  if (own?.first === 0 && !records.isShared) return
  const trail = trailOf(records, org)
  const since = records.now() - Math.max(...Object.values(windows))
  for await (const head of headsOf(trail)) {
    // What cannot be read is the business of `audit.verify`.
    if (head === null) return
    const isOwn = head.lane === own?.lane
    const known = follows.get(head.lane)
    if (head.at < since || (known === null && !isOwn)) continue
    const end = isOwn ? own.first : head.next
    const start = Math.max(known ?? (await firstSince(trail, head.lane, since, end)), end - eventsMax)
    for await (const block of blocksFrom(trail, head.lane, start)) {
      if (block === null || block.first >= end) break
      for (const [at, draft] of block.drafts.entries()) if (block.first + at >= start) count(draft, block.at)
    }
    if (!isOwn) follows.set(head.lane, end)
  }
}
