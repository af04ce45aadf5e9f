import { day, second } from '../../kernel/time.ts'
import { type Engine, perEngine, type ScheduledTask } from '../../operations/index.ts'
import { blockKind, type LaneHead } from '../../records/index.ts'
import { blockProblem, laneStart, type Place, placeAfter } from './chain.ts'
import { checkpointKind } from './checkpoints.ts'
import { droppedKind } from './dropped.ts'
import { IndexBuilder, searchIndexKind } from './search-index.ts'
import {
  closingMessage,
  digestAfter,
  placeAfterSegment,
  type Segment,
  segmentId,
  segmentKind,
  segmentsOf,
} from './segments.ts'
import { signedBy } from './signing-keys.ts'
import { allHeads, blocksOf, type Trail, trailOf, walk } from './trail.ts'

/** The task closes a segment that has this many events, or whose first event has this age. The last block is always complete. */
const segmentEvents = 4_096
const segmentMsMax = day
/** Maximum number of events that one run reads, over all lanes. The next run continues. */
const eventsAtOnceMax = 32 * segmentEvents

/** Closes segments in the background. No commit waits for it. */
export const segmentTask: ScheduledTask = {
  name: 'audit.segments',
  everyMs: 10 * second,
  run: async (engine) => {
    let left = eventsAtOnceMax
    for await (const head of allHeads(engine.records)) {
      while (left > 0) {
        const closed = await closeNext(engine, head)
        if (closed === null) break
        left -= closed.next - closed.first
      }
    }
  },
}

/** Where the closed part of a lane ends. */
interface Closed {
  readonly place: Place
  /** Of the next segment. */
  readonly number: number
  /** When the first event after it was stored; null while there is none. */
  readonly since: number | null
}

/** The state of each lane in this engine. Another engine may be ahead. */
const known = perEngine(() => new Map<string, Closed>())

/** Closes the next segment of a lane when there is enough in it, and answers it. */
async function closeNext(engine: Engine, head: LaneHead): Promise<Segment | null> {
  const trail = trailOf(engine.records, head.org)
  const closed = await closedPart(engine, trail, head)
  const open = head.next - closed.place.next
  const isDue = open >= segmentEvents || (closed.since !== null && engine.records.now() - closed.since >= segmentMsMax)
  if (!isDue || open === 0) return null
  const { segment, table } = await follow(engine, trail, head, closed)
  const signature = await signedBy(engine, closingMessage(head.org, segment))
  const id = segmentId(segment.lane, segment.number)
  const made = { id, ...segment, signature }
  const { lane, number, first, next, from, to } = segment
  await engine.records.transactIn(head.org, (unit) => {
    if (unit.get(segmentKind, id)) return
    unit.put(segmentKind, made)
    unit.put(searchIndexKind, { id, lane, number, first, next, from, to, table })
  })
  known(engine).delete(head.id)
  return made
}

async function closedPart(engine: Engine, trail: Trail, { id, lane, next }: LaneHead): Promise<Closed> {
  const before = known(engine).get(id)
  if (before && (before.since !== null || before.place.next === next)) return before
  const { value: last } = await segmentsOf(trail, lane, { newestFirst: true }).next()
  if (last === null) throw new Error(`A segment of the audit lane ${lane} is not authentic. Run \`pawl audit verify\`.`)
  const dropped = last ? null : await trail.reading().get(droppedKind, lane)
  const newest = last ?? dropped
  const place = last ? placeAfterSegment(last) : (dropped ?? laneStart)
  const range = { tuple: [lane], from: [lane, place.next], limit: 1 }
  const [open] = await trail.reading().page(blockKind, 'lane', range)
  const closed = { place, number: newest ? newest.number + 1 : 0, since: open?.at ?? null }
  known(engine).set(id, closed)
  return closed
}

/** Verifies the blocks of the next segment while it reads them, because the engine signs only verified blocks. */
async function follow(engine: Engine, trail: Trail, { lane, next: end }: LaneHead, { place: start, number }: Closed) {
  const { crypto } = engine
  const proof = { crypto, key: engine.auditKey(trail.org) }
  const signed = await signedPlaces(trail, lane, start.next)
  const index = new IndexBuilder(crypto, proof.key)
  let place = start
  let digest = ''
  let from: number | null = null
  for await (const block of blocksOf(trail, lane, start.next, end)) {
    const problem = block ? blockProblem(proof, lane, place, block) : 'The block is not authentic.'
    if (!block || problem)
      throw new Error(`Audit lane ${lane}, event ${place.next}: ${problem} Run \`pawl audit verify\`.`)
    index.add(block)
    digest = digestAfter(crypto, digest, block)
    from ??= block.at
    place = placeAfter(block)
    const mac = signed.get(place.next) ?? place.mac
    if (mac !== place.mac) throw new Error(`The audit lane ${lane} lost signed events. Run \`pawl audit verify\`.`)
    if (place.next - start.next >= segmentEvents) break
  }
  const { next, mac, at: to } = place
  const segment = { lane, number, first: start.next, next, previous: start.mac, mac, from: from ?? to, to, digest }
  return { segment, table: index.table() }
}

/** The checkpoints from there on: the number of the next event, and the MAC that was signed with it. */
async function signedPlaces(trail: Trail, lane: string, from: number): Promise<ReadonlyMap<number, string>> {
  const places = new Map<number, string>()
  const range = { tuple: [lane], from: [lane, from] }
  for await (const signed of walk(trail.reading, checkpointKind, 'lane', range, ({ next }) => [lane, next])) {
    if (signed === null)
      throw new Error(`A checkpoint of the audit lane ${lane} is not authentic. Run \`pawl audit verify\`.`)
    places.set(signed.next, signed.mac)
  }
  return places
}
