import type { AuditEventShown, AuditSink } from '@pawl/core/ports'
import { check, type Runner, testEach } from './asserts.ts'

export interface OpenedAuditSink {
  readonly sink: AuditSink
  /** The events that arrived at the target of the sink, in order. The suite calls it after an acknowledged delivery. */
  delivered(): Promise<readonly AuditEventShown[]>
  close?(): Promise<void>
}

/**
 * The behaviour of every audit sink. Each case opens a new one.
 *
 * @example
 * testAuditSink('my collector', () => ({ sink: mySink(url), delivered: () => readBack(url) }), { describe, it })
 */
export function testAuditSink(
  name: string,
  open: () => OpenedAuditSink | Promise<OpenedAuditSink>,
  runner: Runner,
): void {
  testEach(`${name}, an audit sink`, open, cases, runner)
}

const cases: Readonly<Record<string, (opened: OpenedAuditSink) => Promise<void>>> = {
  'has every event, whole and as it was, when it says so': keepsWhole,
  'keeps the order within a delivery and between deliveries': keepsOrder,
  'takes events that it has already, because a crash brings them again': takesAgain,
  'takes many at once, and none': takesMany,
  'keeps lanes that are delivered at once whole': keepsLanes,
}

async function keepsWhole({ sink, delivered }: OpenedAuditSink): Promise<void> {
  const events = [event(0), event(1)].map((one) => Object.freeze(one))
  await sink.deliver(Object.freeze(events))
  const got = await delivered()
  check(text(got) === text(events), `has ${text(got)}, not ${text(events)}`)
}

async function keepsOrder({ sink, delivered }: OpenedAuditSink): Promise<void> {
  await sink.deliver([event(0), event(1), event(2)])
  await sink.deliver([event(3)])
  await sink.deliver([event(4), event(5)])
  check(sequences(await delivered()) === '0,1,2,3,4,5', `has ${sequences(await delivered())}`)
}

async function takesAgain({ sink, delivered }: OpenedAuditSink): Promise<void> {
  await sink.deliver([event(0), event(1)])
  await sink.deliver([event(0), event(1), event(2)])
  const first = new Map((await delivered()).map((one) => [one.id, one]))
  check(sequences([...first.values()]) === '0,1,2', `has ${sequences(await delivered())}`)
}

async function takesMany({ sink, delivered }: OpenedAuditSink): Promise<void> {
  await sink.deliver([])
  check((await delivered()).length === 0, 'has something when nothing was delivered')
  const events = Array.from({ length: 1_500 }, (_, at) => event(at))
  await sink.deliver(events)
  check(text(await delivered()) === text(events), 'does not have all of 1,500')
}

async function keepsLanes({ sink, delivered }: OpenedAuditSink): Promise<void> {
  await Promise.all(['a', 'b', 'c'].map((lane) => sink.deliver([event(0, lane), event(1, lane)])))
  const got = await delivered()
  for (const lane of ['a', 'b', 'c']) {
    const own = got.filter((one) => one.lane === lane)
    check(sequences(own) === '0,1', `has ${sequences(own)} of a lane`)
  }
}

function event(sequence: number, lane = 'main'): AuditEventShown {
  return {
    id: `${lane}-${sequence}`,
    action: 'secret.read',
    actor_id: 'a1',
    actor_type: 'agent',
    resource_type: 'secret',
    resource_id: '',
    org_id: 'o1',
    details: { path: 'db/"Passwört"\n', count: sequence, tags: ['x', null] },
    ip_address: '10.0.0.1',
    created_at: '2026-01-01T00:00:00.000Z',
    lane,
    sequence,
    hash: sequence.toString(16).padStart(64, '0'),
  }
}

/** A sink may write the fields in another order. */
function text(events: readonly AuditEventShown[]): string {
  const sorted = (one: object) => Object.fromEntries(Object.entries(one).sort(([a], [b]) => (a < b ? -1 : 1)))
  return JSON.stringify(events.map(sorted))
}

function sequences(events: readonly AuditEventShown[]): string {
  return events.map(({ sequence }) => sequence).join()
}
