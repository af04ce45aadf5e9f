import { minute, second } from '../../kernel/time.ts'
import { type Engine, inTime, type ListeningArea, perEngine, type ScheduledTask } from '../../operations/index.ts'
import type { AuditSink } from '../../ports/audit-sink.ts'
import { type AuditEvent, eventsOf, kind, type LaneHead } from '../../records/index.ts'
import { blockProblem, type Place, type Proof, placeAfter } from './chain.ts'
import { droppedKind } from './dropped.ts'
import { auditEventInTrail } from './schemas.ts'
import { allHeads, blocksFrom, firstSince, type Trail, trailOf } from './trail.ts'

// Subscribers get the stored events of the trail, lane by lane. The audit sink gets every event. An area gets the events that it
// listens to. A record holds the position of a lane for a subscriber. So delivery continues at this position after a crash, and
// only one of several engines delivers a lane at a time.

/** The position in a lane up to which one subscriber has the events. */
interface Delivery {
  /** The lane for the sink, `<area>/<lane>` for an area. */
  readonly id: string
  /** The first event that the subscriber has not acknowledged. */
  readonly next: number
  /** Until then an engine works on the lane, or lets the subscriber recover. */
  readonly dueAt: number
  readonly failures: number
  /** The time since which the subscriber listened, at the last delivery. If it changes, delivery continues from the new time. */
  readonly since: number | null
}

export const deliveryKind = kind<Delivery>('auditDelivery', {
  shape: 2,
  upcast: (old) => ({ ...(old as Omit<Delivery, 'since'>), since: null }),
})

/** Since when an area listens. Earlier events are not delivered to it. */
interface Listening {
  /** The name of the area. */
  readonly id: string
  readonly since: number
}

export const listeningKind = kind<Listening>('auditListening', { scope: 'global' })

const eventsAtOnce = 500
const callsAtOnceMax = 100
const answerMsMax = 10 * second
const leaseMs = minute
const backoffMsMax = 15 * minute

interface Subscriber {
  /** Of the record that says how far a lane was delivered. */
  deliveryId(lane: string): string
  /** Since when it wants the events of an organisation. Null: it wants none of them. */
  since(org: string): Promise<number | null>
  /** Answers how many of the events were taken. With fewer than all, the rest is tried again later. */
  deliver(org: string, events: readonly AuditEvent[]): Promise<number>
}

/** Delivers the new events of every lane, at most a bounded number at a time. The next run delivers the rest. */
export const deliveryTask: ScheduledTask = {
  name: 'audit.deliver',
  everyMs: 0,
  run: async (engine) => {
    const subscribers = await subscribersOf(engine)
    if (subscribers.length === 0) return
    let failure: { readonly error: unknown } | null = null
    for await (const head of allHeads(engine.records)) {
      try {
        if (!failure) for (const subscriber of subscribers) await deliverIfNew(engine, subscriber, head)
      } catch (error) {
        failure = { error }
      }
      // Every lane counts, also after a failure, so that the status shows the whole lag of a sink that is down.
      await noteLag(engine, head)
    }
    if (failure) throw failure.error
  },
}

/** How many events the audit sink has not acknowledged, as of the last look; null without a sink. */
export function sinkLag(engine: Engine): number | null {
  if (engine.auditSink === null) return null
  return [...lags(engine).values()].reduce((sum, lag) => sum + lag, 0)
}

/** Per lane. */
const lags = perEngine(() => new Map<string, number>())

async function noteLag(engine: Engine, { id, org, lane, next }: LaneHead): Promise<void> {
  const delivery = await engine.records.reading(org).get(deliveryKind, lane)
  lags(engine).set(id, Math.max(0, next - (delivery?.next ?? 0)))
}

async function subscribersOf(engine: Engine): Promise<Subscriber[]> {
  const { auditSink, areas } = engine
  const listening: Subscriber[] = []
  for (const area of areas.listeners) listening.push(listenerOf(engine, area, await listeningSince(engine, area.name)))
  return auditSink === null ? listening : [sinkOf(auditSink), ...listening]
}

function sinkOf(sink: AuditSink): Subscriber {
  return {
    deliveryId: (lane) => lane,
    since: () => Promise.resolve(0),
    deliver: async (org, events) => {
      await inTime(sink.deliver(events.map((event) => auditEventInTrail(org, event))), answerMsMax)
      return events.length
    },
  }
}

function listenerOf(engine: Engine, { name, listensTo = {}, listensSince }: ListeningArea, since: number): Subscriber {
  return {
    deliveryId: (lane) => `${name}/${lane}`,
    since: (org) => (listensSince ? listensSince(engine, org) : Promise.resolve(since)),
    deliver: async (org, events) => {
      for (const [at, event] of events.entries()) {
        try {
          await (listensTo[event.action] ?? listensTo['*'])?.(engine, { ...event, org })
        } catch (error) {
          engine.log('error', 'a listener failed and will be called again', { area: name, event: event.id, error })
          return at
        }
      }
      return events.length
    },
  }
}

/** An area that is new to the vault listens from now on, and not to earlier events. */
async function listeningSince({ records }: Engine, area: string): Promise<number> {
  const known = await records.reading().get(listeningKind, area)
  if (known) return known.since
  return records.transact((unit) => {
    const other = unit.get(listeningKind, area)
    if (!other) unit.put(listeningKind, { id: area, since: records.now() })
    return other?.since ?? records.now()
  })
}

/** How many events of each lane this engine knows to be delivered, by the delivery. Null: it does not know. */
const delivered = perEngine(() => new Map<string, number | null>())

async function deliverIfNew(engine: Engine, subscriber: Subscriber, head: LaneHead): Promise<void> {
  const name = `${head.org} ${subscriber.deliveryId(head.lane)}`
  if (delivered(engine).get(name) === head.next) return
  const since = await subscriber.since(head.org)
  if (since === null) return
  delivered(engine).set(name, await deliverLane(engine, subscriber, head, since))
}

/** Answers how far the lane was delivered, or null when that is not known. Throws when the sink fails. */
async function deliverLane(
  engine: Engine,
  subscriber: Subscriber,
  head: LaneHead,
  since: number,
): Promise<number | null> {
  const { org, lane } = head
  const trail = trailOf(engine.records, org)
  const proof = { crypto: engine.crypto, key: engine.auditKey(org) }
  const claimed = await claim(engine, subscriber, trail, head, since)
  if (!claimed.isOurs) return claimed.delivery.next >= head.next ? head.next : null
  let held: Delivery | null = claimed.delivery
  try {
    for (let calls = 0; held !== null && held.next < head.next; calls++) {
      if (calls === callsAtOnceMax) {
        await move(engine, org, held, { ...held, dueAt: 0 })
        return null
      }
      const events = await eventsFrom(proof, trail, lane, held.next)
      const taken = await subscriber.deliver(org, events)
      const next: number = held.next + taken
      const dueAt = next < head.next ? engine.records.now() + leaseMs : 0
      held = await move(engine, org, held, {
        ...held,
        next,
        dueAt,
        failures: taken === events.length ? 0 : held.failures,
      })
      if (taken === events.length || held === null) continue
      await postpone(engine, org, held)
      return null
    }
  } catch (error) {
    if (held !== null) await postpone(engine, org, held)
    throw error
  }
  return held?.next ?? null
}

interface Claimed {
  readonly delivery: Delivery
  readonly isOurs: boolean
}

/** Takes the lane for this engine. It is not ours when another engine has it, it waits, or there is nothing to do. */
async function claim(
  engine: Engine,
  subscriber: Subscriber,
  trail: Trail,
  head: LaneHead,
  since: number,
): Promise<Claimed> {
  const id = subscriber.deliveryId(head.lane)
  const first = await firstWanted(engine, subscriber, trail, head, since)
  const dropped = await trail.reading().get(droppedKind, head.lane)
  const now = engine.records.now()
  return engine.records.transactIn(head.org, (unit) => {
    const known = unit.get(deliveryKind, id) ?? { id, next: first, dueAt: 0, failures: 0, since }
    const delivery = fromThere(known, Math.max(first, dropped?.next ?? 0))
    if (delivery.dueAt > now || delivery.next >= head.next) return { delivery, isOurs: false }
    const ours = { ...delivery, dueAt: now + leaseMs, since }
    unit.put(deliveryKind, ours)
    return { delivery: ours, isOurs: true }
  })
}

/** The first event of a lane that a subscriber still wants. */
async function firstWanted(
  { records }: Engine,
  subscriber: Subscriber,
  trail: Trail,
  { org, lane, next }: LaneHead,
  since: number,
): Promise<number> {
  const known = await records.reading(org).get(deliveryKind, subscriber.deliveryId(lane))
  if (known && (known.since ?? since) === since) return known.next
  const first = since === 0 ? 0 : await firstSince(trail, lane, since, next)
  return Math.max(known?.next ?? 0, first)
}

/** The delivery to a subscriber that was away while events were dropped. It continues after the dropped events. */
function fromThere(delivery: Delivery, first: number): Delivery {
  return delivery.next < first ? { ...delivery, next: first } : delivery
}

/** The first event of a lane that a subscriber has not acknowledged. */
export async function firstUndelivered(engine: Engine, trail: Trail, head: LaneHead): Promise<number> {
  let first = Number.POSITIVE_INFINITY
  for (const subscriber of await subscribersOf(engine)) {
    const since = await subscriber.since(head.org)
    if (since !== null) first = Math.min(first, await firstWanted(engine, subscriber, trail, head, since))
  }
  return first
}

/** Notes how far it came; null when another engine took the lane over, because this one was too slow. */
function move({ records }: Engine, org: string, from: Delivery, to: Delivery): Promise<Delivery | null> {
  return records.transactIn(org, (unit) => {
    const known = unit.get(deliveryKind, from.id)
    if (known?.next !== from.next || known.dueAt !== from.dueAt) return null
    unit.put(deliveryKind, to)
    return to
  })
}

/** After each failure it takes longer until the subscriber is tried again. */
async function postpone(engine: Engine, org: string, held: Delivery): Promise<void> {
  const failures = held.failures + 1
  const waitMs = Math.min(second * 2 ** Math.min(failures, 20), backoffMsMax)
  await move(engine, org, held, { ...held, failures, dueAt: engine.records.now() + waitMs })
}

/** The events from this number on, to the end of a block: about as many as are delivered at once. */
export async function eventsFrom(proof: Proof, trail: Trail, lane: string, next: number): Promise<AuditEvent[]> {
  const events: AuditEvent[] = []
  let place: Place | null = null
  for await (const block of blocksFrom(trail, lane, next)) {
    if (block === null || (place === null && block.first > next)) break
    place ??= { next: block.first, mac: block.previous, at: block.at }
    if (blockProblem(proof, lane, place, block) !== null) break
    events.push(...eventsOf(proof.crypto, block).filter(({ sequence }) => sequence >= next))
    place = placeAfter(block)
    if (events.length >= eventsAtOnce) break
  }
  if (events.length > 0) return events
  throw new Error(`Event ${next} of the audit lane ${lane} is missing or not authentic. Run \`pawl audit verify\`.`)
}
