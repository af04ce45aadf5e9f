import { minute } from '../../kernel/time.ts'
import { nextTurn } from '../../kernel/turn.ts'
import { auditEvent, type Engine, type ScheduledTask } from '../../operations/index.ts'
import { blockKind, type Kind, type LaneHead, type PageOptions, type Recorded } from '../../records/index.ts'
import { checkpointKind } from './checkpoints.ts'
import { firstUndelivered } from './delivery.ts'
import { type Dropped, droppedKind, droppedMessage, droppedPart } from './dropped.ts'
import { searchIndexKind } from './search-index.ts'
import { closingMessage, exportedMessage, type Segment, segmentKind } from './segments.ts'
import { isSignedBy, signedBy, trustedKeys } from './signing-keys.ts'
import { allHeads, type Trail, trailOf } from './trail.ts'

// The engine drops events that are older than the operator keeps, segment by segment, from the beginning of a lane. First the
// HSM signs where the lane begins from now on, then the records are deleted. A crash in between leaves records that the next
// run deletes, and never a gap that no signature explains.

const recordsAtOnce = 40
/** Maximum that one run deletes. The next run continues. */
const recordsAtOnceMax = 4_000
/** How often a run asks the store to give free space back. */
const shrinksAtOnceMax = 64

export const retentionTask: ScheduledTask = {
  name: 'audit.retention',
  everyMs: minute,
  run: async (engine) => {
    if (engine.settings.auditKeepMs === null) return
    const budget = { left: recordsAtOnceMax }
    for await (const head of allHeads(engine.records)) {
      await dropOld(engine, head, budget)
      if (budget.left <= 0) break
    }
    for (let calls = 0; calls < shrinksAtOnceMax && (await engine.records.shrink()); calls++) await nextTurn()
  },
}

interface Budget {
  left: number
}

async function dropOld(engine: Engine, head: LaneHead, budget: Budget): Promise<void> {
  const { org, lane } = head
  const trail = trailOf(engine.records, org)
  const { crypto, hsm, records } = engine
  const signingKeys = await trustedKeys(crypto, hsm, records.reading())
  const dropped = await droppedPart({ crypto, signingKeys }, trail, lane)
  if (dropped.problem) throw new Error(`Audit lane ${lane}: ${dropped.problem} Run \`pawl audit verify\`.`)
  let { end } = dropped
  if (end) await deleteUpTo(engine, org, end, budget)
  while (budget.left > 0) {
    const segment = await nextSegment(trail, lane, end)
    if (!segment || !(await mayGo(engine, trail, head, segment, signingKeys))) return
    end = await noteDropped(engine, org, segment, end)
    if (!end) return
    await deleteUpTo(engine, org, end, budget)
  }
}

/** The first remaining segment of a lane. */
async function nextSegment(trail: Trail, lane: string, end: Dropped | null): Promise<Segment | null> {
  const number = end ? end.number + 1 : 0
  const [segment] = await trail.reading().page(segmentKind, 'lane', { tuple: [lane, number], limit: 1 })
  return segment?.first === (end?.next ?? 0) ? segment : null
}

/** Whether a segment can be dropped: it is old enough, exported and verified, and every receiver of events has its events. */
async function mayGo(
  engine: Engine,
  trail: Trail,
  head: LaneHead,
  segment: Segment,
  keys: readonly Uint8Array[],
): Promise<boolean> {
  const { crypto, records, settings } = engine
  const { exported, signature, next, to } = segment
  if (!exported || to > records.now() - (settings.auditKeepMs ?? Number.POSITIVE_INFINITY)) return false
  const isSigned =
    isSignedBy(crypto, keys, closingMessage(trail.org, segment), signature) &&
    isSignedBy(crypto, keys, exportedMessage(trail.org, segment, exported.at), exported.signature)
  if (!isSigned) throw new Error(`The audit segment ${segment.id} is not signed. Run \`pawl audit verify\`.`)
  return (await firstUndelivered(engine, trail, head)) >= next
}

/** Signs where the lane begins from now on. Null when another engine was faster. */
async function noteDropped(engine: Engine, org: string, segment: Segment, before: Dropped | null) {
  const { lane: id, number, first, next, mac, to: at } = segment
  const place = { id, number, next, mac, at }
  const dropped = { ...place, signature: await signedBy(engine, droppedMessage(org, place)) }
  const system = { type: 'anonymous', id: '', ip: null }
  const resource = { type: 'audit', id: segment.id }
  const details = { events: next - first, reason: 'retention' }
  return engine.records.transactIn(org, (unit) => {
    if ((unit.get(droppedKind, id)?.number ?? null) !== (before?.number ?? null)) return null
    unit.put(droppedKind, dropped)
    unit.audit(auditEvent(system, { action: 'audit.dropped', resource, details }))
    return dropped
  })
}

/** From the beginning on, so that what a crash leaves still leads to the end of what was dropped. */
async function deleteUpTo(engine: Engine, org: string, { id: lane, number, next }: Dropped, budget: Budget) {
  const below = (end: number) => ({ tuple: [lane], to: [lane, end] })
  await deleteAll(engine, org, blockKind, below(next), budget)
  await deleteAll(engine, org, checkpointKind, below(next), budget)
  await deleteAll(engine, org, searchIndexKind, below(number + 1), budget)
  await deleteAll(engine, org, segmentKind, below(number + 1), budget)
}

async function deleteAll<T extends Recorded>(
  { records }: Engine,
  org: string,
  kind: Kind<T>,
  range: Omit<PageOptions, 'limit'>,
  budget: Budget,
): Promise<void> {
  for (let deleted = recordsAtOnce; deleted === recordsAtOnce && budget.left > 0; budget.left -= deleted) {
    deleted = await records.transactIn(org, (unit) => {
      const some = unit.page(kind, 'lane', { ...range, limit: recordsAtOnce })
      for (const record of some) unit.delete(kind, record)
      return some.length
    })
    await nextTurn()
  }
}
