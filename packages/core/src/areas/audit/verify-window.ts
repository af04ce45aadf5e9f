import { type AuditEvent, blockKind, eventId, type LaneHead } from '../../records/index.ts'
import { blockProblem, eventProblem, laneStart, type Place, type Proof, placeAfter } from './chain.ts'
import { checkpointKind, checkpointsOf, isSigned } from './checkpoints.ts'
import { blocksByTime, eventAt, headsOf, lanesIn, type TimeRange, type Trail } from './trail.ts'

/** Where, and in what way, a trail is not what it was. */
export interface Finding {
  readonly lane: string
  readonly eventId: string | null
  readonly problem: string
}

export interface Verdict {
  readonly checked: number
  readonly verified: number
  readonly finding: Finding | null
}

export interface Window extends Pick<TimeRange, 'from' | 'to'> {
  readonly limit: number
}

export type Checking = Proof & { readonly signingKeys: readonly Uint8Array[] }

/**
 * Checks a window of all lanes: from its beginning on when that is given, otherwise the newest events in it. What
 * stands before the window is loaded, not assumed. A window without an end also says whether the lanes end where they
 * should, and any window whether they still hold what was signed last.
 */
export async function verifyWindow(proof: Checking, trail: Trail, window: Window): Promise<Verdict> {
  const heads = await collect(headsOf(trail))
  const { events, problem } = await eventsIn(trail, window)
  const lanes = byLane(events)

  const findings: (Finding | null)[] = []
  let verified = 0
  for (const [lane, own] of lanes) {
    const followed = await follow(proof, trail, lane, own)
    verified += followed.verified
    findings.push(followed.finding)
  }
  if (problem) findings.push({ lane: '', eventId: null, problem })
  if (window.to === undefined) findings.push(...(await endProblems(trail, heads)))
  for (const lane of await allLanes(trail, heads)) findings.push(await checkpointProblem(proof, trail, lane))
  return { checked: events.length, verified, finding: findings.find((finding) => finding !== null) ?? null }
}

async function eventsIn(trail: Trail, { from, to, limit }: Window) {
  const newestFirst = from === undefined
  const events: AuditEvent[] = []
  let problem: string | null = null
  for await (const block of blocksByTime(trail, { from, to, newestFirst })) {
    problem = block ? blockProblem(block.lane, block) : 'A block of the audit trail is not authentic.'
    if (block === null || problem !== null) break
    events.push(...(newestFirst ? block.events.toReversed() : block.events))
    if (events.length >= limit) break
  }
  const some = events.slice(0, limit)
  return { events: newestFirst ? some.reverse() : some, problem }
}

function byLane(events: readonly AuditEvent[]): Map<string, AuditEvent[]> {
  const lanes = new Map<string, AuditEvent[]>()
  for (const event of events) {
    const own = lanes.get(event.lane)
    if (own) own.push(event)
    else lanes.set(event.lane, [event])
  }
  return lanes
}

async function follow(proof: Proof, trail: Trail, lane: string, events: readonly AuditEvent[]) {
  let verified = 0
  let place = await placeBefore(trail, lane, events[0] as AuditEvent)
  for (const event of events) {
    const problem = place === null ? 'The previous event is missing.' : eventProblem(proof, lane, place, event)
    if (problem) return { verified, finding: { lane, eventId: event.id, problem } }
    place = placeAfter(event)
    verified++
  }
  return { verified, finding: null }
}

async function placeBefore(trail: Trail, lane: string, { sequence }: AuditEvent): Promise<Place | null> {
  if (sequence === 0) return laneStart
  const event = await eventAt(trail, lane, sequence - 1)
  return event && placeAfter(event)
}

/** The ends were read before the events, because others go on writing. An end that was set back, nobody can extend. */
async function endProblems(trail: Trail, heads: readonly (LaneHead | null)[]): Promise<Finding[]> {
  const findings: Finding[] = []
  for (const head of heads) {
    if (head === null) findings.push({ lane: '', eventId: null, problem: 'The end of a lane is not authentic.' })
    else if ((await eventAt(trail, head.lane, head.next - 1))?.hash !== head.hash) {
      findings.push({ lane: head.lane, eventId: head.lastId, problem: 'The last event of the lane is missing.' })
    }
  }
  return findings
}

/** A checkpoint is signed only over a lane that holds the one before, so the latest speaks for all. */
async function checkpointProblem(
  { crypto, signingKeys, org }: Checking,
  trail: Trail,
  lane: string,
): Promise<Finding | null> {
  for await (const last of checkpointsOf(trail, lane, { newestFirst: true })) {
    if (last === null) return { lane, eventId: null, problem: 'A checkpoint is not authentic.' }
    const id = eventId(last.hash)
    if (!isSigned(crypto, signingKeys, org, last)) return { lane, eventId: id, problem: 'A checkpoint is not signed.' }
    const event = await eventAt(trail, lane, last.next - 1)
    return event?.hash === last.hash ? null : { lane, eventId: id, problem: 'Signed events are missing.' }
  }
  return null
}

/** Also those of which only a part is left. */
async function allLanes(trail: Trail, heads: readonly (LaneHead | null)[]): Promise<Set<string>> {
  const withEnds = heads.flatMap((head) => (head ? [head.lane] : []))
  return new Set([...withEnds, ...(await lanesIn(trail, blockKind)), ...(await lanesIn(trail, checkpointKind))])
}

async function collect<T>(walked: AsyncGenerator<T>): Promise<T[]> {
  const all: T[] = []
  for await (const one of walked) all.push(one)
  return all
}
