import { minute, second } from '../../kernel/time.ts'
import { type Engine, inTime, perEngine, type ScheduledTask } from '../../operations/index.ts'
import type { AuditEventShown, AuditSink } from '../../ports/audit-sink.ts'
import { type AuditEvent, blockKind, kind, type LaneHead, laneKind } from '../../records/index.ts'
import { blockProblem } from './chain.ts'
import { auditEventBody } from './schemas.ts'
import { type Trail, trailOf, walk } from './trail.ts'

// What the trail holds is told to the audit sink, lane by lane, from what is stored. How far a lane was delivered is a
// record: whoever is there after a crash goes on where it was, and of several engines one at a time delivers a lane.

/** How far a lane was delivered. Its id is the lane. */
interface Delivery {
  readonly id: string
  /** The first event that the sink has not said to have. */
  readonly next: number
  /** Until then somebody is at work on the lane, or lets the sink recover. */
  readonly dueAt: number
  readonly failures: number
}

const deliveryKind = kind<Delivery>('auditDelivery')

const eventsAtOnce = 500
const callsAtOnceMax = 100
const answerMsMax = 10 * second
const leaseMs = minute
const backoffMsMax = 15 * minute

/** Delivers what is new in every lane, a bounded part of it at a time; the rest is delivered at the next look. */
export const deliveryTask: ScheduledTask = {
  name: 'audit.deliver',
  everyMs: 0,
  run: async (engine) => {
    const { auditSink } = engine
    if (auditSink === null) return
    for await (const head of walk(engine.records.reading, laneKind, 'org', {}, ({ org, lane }) => [org, lane])) {
      if (head === null) throw new Error('The end of an audit lane is not authentic. Run `pawl audit verify`.')
      if (delivered(engine).get(head.id) !== head.next) await deliverLane(engine, auditSink, head)
    }
  },
}

/** How many events of each lane this engine knows to be delivered. */
const delivered = perEngine(() => new Map<string, number>())

/** Throws when the sink fails, so that it is not asked about the other lanes in vain. */
async function deliverLane(engine: Engine, sink: AuditSink, head: LaneHead): Promise<void> {
  const { org, lane } = head
  const trail = trailOf(engine, org)
  let held = await claim(engine, head)
  try {
    for (let calls = 0; held !== null && held.next < head.next; calls++) {
      if (calls === callsAtOnceMax) return void (await move(engine, org, held, { ...held, dueAt: 0 }))
      const events = await eventsFrom(trail, lane, held.next)
      await inTime(sink.deliver(events.map((event) => shown(org, event))), answerMsMax)
      const next = held.next + events.length
      const dueAt = next < head.next ? engine.records.now() + leaseMs : 0
      held = await move(engine, org, held, { id: lane, next, dueAt, failures: 0 })
    }
  } catch (error) {
    if (held !== null) await postpone(engine, org, held)
    throw error
  }
  if (held !== null) delivered(engine).set(head.id, held.next)
}

/** Takes the lane for this engine; null when another has it, it waits, or there is nothing to do. */
async function claim(engine: Engine, { id, org, lane, next }: LaneHead): Promise<Delivery | null> {
  const now = engine.records.now()
  const claimed = await engine.records.transactIn(org, async (unit) => {
    const known = (await unit.get(deliveryKind, lane)) ?? { id: lane, next: 0, dueAt: 0, failures: 0 }
    if (known.dueAt > now || known.next >= next) return { known, isOurs: false }
    const ours = { ...known, dueAt: now + leaseMs }
    unit.put(deliveryKind, ours)
    return { known: ours, isOurs: true }
  })
  if (!claimed.isOurs && claimed.known.next >= next) delivered(engine).set(id, next)
  return claimed.isOurs ? claimed.known : null
}

/** Notes how far it came; null when somebody took the lane over, because this engine was too slow. */
function move({ records }: Engine, org: string, from: Delivery, to: Delivery): Promise<Delivery | null> {
  return records.transactIn(org, async (unit) => {
    const known = await unit.get(deliveryKind, from.id)
    if (known?.next !== from.next || known.dueAt !== from.dueAt) return null
    unit.put(deliveryKind, to)
    return to
  })
}

/** After each failure it takes longer until the sink is tried again. */
async function postpone(engine: Engine, org: string, held: Delivery): Promise<void> {
  const failures = held.failures + 1
  const waitMs = Math.min(second * 2 ** Math.min(failures, 20), backoffMsMax)
  await move(engine, org, held, { ...held, failures, dueAt: engine.records.now() + waitMs })
}

/** The events from this number on, in whole blocks: about as many as are delivered at once. */
async function eventsFrom(trail: Trail, lane: string, first: number): Promise<AuditEvent[]> {
  const events: AuditEvent[] = []
  const range = { tuple: [lane], from: [lane, first] }
  for await (const block of walk(trail.reading, blockKind, 'lane', range, ({ first }) => [lane, first])) {
    const isNext = block !== null && block.first === first + events.length && blockProblem(lane, block) === null
    if (!isNext) break
    events.push(...block.events)
    if (events.length >= eventsAtOnce) break
  }
  if (events.length > 0) return events
  throw new Error(`Event ${first} of the audit lane ${lane} is missing or not authentic. Run \`pawl audit verify\`.`)
}

function shown(org: string, event: AuditEvent): AuditEventShown {
  const { lane, sequence, hash } = event
  return { ...auditEventBody(org, event), lane, sequence, hash }
}
