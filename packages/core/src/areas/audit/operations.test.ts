import { verifySegmentFile } from '@pawl/core/maintenance'
import { memoryAuditSink, memoryHsm, memoryStorage } from '@pawl/core/ports/reference'
import { testPawl, type World, worldDefaults } from '@pawl/testkit/world'
import { recording } from '@pawl/testkit/wrappers'
import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { operation } from '../../operations/index.ts'
import { segmentHead } from './segment-file.ts'

// Goal: a window of the trail holds exactly the events between its ends, and a segment exactly those of one day. Method: a trail
// with one event at each minute or day. The test knows their times and numbers.

const minuteMs = 60_000
const dayMs = 86_400_000
const at = (ms: number) => new Date(Date.parse('2026-01-01T00:00:00Z') + ms).toISOString()

/** A trail with a `vault.create` event at the end of each of the first five minutes. */
async function fiveMinutes() {
  const world = await testPawl()
  for (let minute = 1; minute <= 5; minute++) {
    world.clock.advance(minuteMs)
    await world.owner.vaults.create({ name: `v${minute}` })
  }
  world.clock.advance(minuteMs)
  return world
}

const namesOf = async ({ owner }: World, wanted: object) =>
  (await owner.audit.events({ action: 'vault.create', ...wanted })).events.map(({ details }) => details.name)

describe('a window of the trail', () => {
  it('holds the events at its two ends and between them, newest first', async () => {
    await using world = await fiveMinutes()
    expect(await namesOf(world, {})).toEqual(['v5', 'v4', 'v3', 'v2', 'v1'])
    expect(await namesOf(world, { from: at(2 * minuteMs), to: at(4 * minuteMs) })).toEqual(['v4', 'v3', 'v2'])
    expect(await namesOf(world, { from: at(2 * minuteMs + 1), to: at(4 * minuteMs - 1) })).toEqual(['v3'])
    expect(await namesOf(world, { from: at(6 * minuteMs) })).toEqual([])
    expect(await namesOf(world, { to: at(0) })).toEqual([])
    const ofTime = await world.owner.audit.events({ from: at(minuteMs), to: at(3 * minuteMs) })
    expect(ofTime.events.map(({ created_at }) => created_at)).toEqual([
      at(3 * minuteMs),
      at(2 * minuteMs),
      at(minuteMs),
    ])
    expect(ofTime.count).toBe(3)
  })

  it('is paginated, and filtered by type of resource', async () => {
    await using world = await fiveMinutes()
    expect(await namesOf(world, { limit: 2 })).toEqual(['v5', 'v4'])
    expect(await namesOf(world, { limit: 2, offset: 3 })).toEqual(['v2', 'v1'])
    expect(await namesOf(world, { offset: 5 })).toEqual([])
    expect(await namesOf(world, { resource_type: 'vault' })).toHaveLength(5)
    expect(await namesOf(world, { resource_type: 'secret' })).toEqual([])
    for (let more = 0; more < 100; more++) await world.owner.vaults.list()
    expect((await world.owner.audit.events({})).count).toBe(100)
    expect((await world.owner.audit.events({ limit: 1_001 })).count).toBeGreaterThan(100)
  })

  it('is filtered by a part of the action', async () => {
    await using world = await fiveMinutes()
    const { agent } = await world.owner.agents.create({ name: 'bot' })
    await world.owner.agents.delete({ agent_id: agent.id })
    const actionsOf = async (action: string, more: object = {}) =>
      (await world.owner.audit.events({ action, ...more })).events.map((event) => event.action)
    for (const pattern of ['agent.*', '*gent.*', 'a*.*e*e*']) {
      expect(await actionsOf(pattern)).toEqual(['agent.delete', 'agent.register'])
    }
    expect(await actionsOf('*.register')).toEqual(['agent.register'])
    expect(await actionsOf('*create*')).toEqual(expect.arrayContaining(['vault.create']))
    expect(await actionsOf('vault.*', { limit: 2, offset: 1 })).toEqual(['vault.create', 'vault.create'])
    // Longer than the action, and of no action.
    expect(await actionsOf('agent.delete*e')).toEqual([])
    expect(await actionsOf('x*')).toEqual([])
    expect((await actionsOf('*')).length).toBeGreaterThan(7)
  })

  it('holds the actions of an area that is not installed any more, also when any action is asked for', async () => {
    const [storage, hsm] = [memoryStorage(), memoryHsm(worldDefaults)]
    const act = operation({
      name: 'gone.act',
      summary: 'Does nothing.',
      effect: 'read',
      access: { signedIn: ['user'] },
      audit: { action: 'gone.act', resource: 'thing' },
      input: z.object({}),
      output: z.object({}),
      errors: [],
      run: () => ({}),
    })
    const before = await testPawl({ storage, hsm, areas: [{ name: 'gone', operations: { act } }] })
    await before.owner.gone.act({})
    await before.close()
    await using after = await testPawl({ storage, hsm })
    const actionsOf = async (action: string) =>
      (await after.owner.audit.events({ action })).events.map((event) => event.action)
    expect(await actionsOf('gone.act')).toEqual(['gone.act'])
    for (const anything of ['*', '**']) expect(await actionsOf(anything)).toContain('gone.act')
  })

  it('is filtered by a part of the action in closed segments too', async () => {
    await using world = await testPawl()
    await world.owner.vaults.create({ name: 'first' })
    for (let day = 0; day < 3; day++) {
      for (let more = 0; more < 20; more++) await world.owner.agents.list()
      world.clock.advance(dayMs)
      await world.pawl.runJobs()
    }
    const found = await world.owner.audit.events({ action: '*vault.c*' })
    expect(found.events.map(({ action }) => action)).toEqual(['vault.create'])
  })

  it('is verified between its ends, or for the newest events', async () => {
    await using world = await fiveMinutes()
    const verified = async (window: object) => {
      const { chain_valid, events_checked, events_verified, broken_at_event_id } =
        await world.owner.audit.verify(window)
      expect([chain_valid, broken_at_event_id]).toEqual([true, null])
      expect(events_verified).toBe(events_checked)
      return events_checked
    }
    expect(await verified({ from: at(2 * minuteMs), to: at(4 * minuteMs) })).toBe(3)
    expect(await verified({ from: at(2 * minuteMs + 1), to: at(4 * minuteMs - 1) })).toBe(1)
    expect(await verified({ from: at(minuteMs), to: at(5 * minuteMs), limit: 2 })).toBe(2)
    expect(await verified({ limit: 4 })).toBe(4)
    expect(await verified({ from: at(7 * minuteMs) })).toBe(0)
  })

  it('is followed from a given time, a few events at a time', async () => {
    await using world = await fiveMinutes()
    const { follow } = world.owner.audit
    const first = await follow({ since: at(3 * minuteMs), limit: 2 })
    expect(first.events.map(({ details }) => details.name)).toEqual(['v3', 'v4'])
    const rest = await follow({ cursor: first.cursor })
    expect(rest.events.map(({ action }) => action)).toEqual(['vault.create', 'audit.follow'])
    expect(rest.events.map(({ sequence }) => sequence)).toEqual(
      [1, 2].map((more) => more + (first.events[1]?.sequence ?? 0)),
    )
    // No event is older than 1970, so the answer begins with the first one.
    expect((await follow({ since: '1960-01-01T00:00:00Z', limit: 1 })).events[0]?.sequence).toBe(0)
  })
})

describe('a segment', () => {
  const segmentsOf = async ({ owner }: World, page: object = {}) => (await owner.audit.segments(page)).segments

  it('is closed when its first event is a day old, and no sooner, and the next begins where it ends', async () => {
    await using world = await testPawl()
    await world.owner.vaults.list()
    world.clock.advance(dayMs - minuteMs)
    await world.owner.vaults.list()
    await world.pawl.runJobs()
    expect(await segmentsOf(world)).toEqual([])
    world.clock.advance(minuteMs)
    await world.pawl.runJobs()
    const [first] = await segmentsOf(world)
    expect(first).toMatchObject({ lane: 'main', number: 0, first: 0, previous: '', exported_at: null })
    expect([first?.from, first?.to]).toEqual([at(0), at(dayMs - minuteMs)])
    // The two lists above wrote events after the first segment was closed. The next segment closes when these are a day old.
    for (const [passed, count] of [
      [dayMs - minuteMs, 1],
      [minuteMs, 2],
    ] as const) {
      world.clock.advance(passed)
      await world.pawl.runJobs()
      expect(await segmentsOf(world)).toHaveLength(count)
    }
    const [, second] = await segmentsOf(world)
    expect(second).toMatchObject({ number: 1, first: first?.events, previous: first?.mac })
  })

  it('is the last one of a lane without new events', async () => {
    await using world = await testPawl()
    await world.owner.vaults.list()
    const { as: admin } = await world.member({ role: 'admin' })
    world.clock.advance(dayMs)
    await world.pawl.runJobs()
    for (let days = 0; days < 3; days++) {
      world.clock.advance(dayMs)
      await world.pawl.runJobs()
    }
    expect((await admin.audit.segments({})).segments).toHaveLength(1)
  })

  it('is listed and read in pages, and each export has an audit event', async () => {
    await using world = await testPawl()
    for (let days = 0; days < 3; days++) {
      for (let reads = 0; reads < 4; reads++) await world.owner.vaults.list()
      world.clock.advance(dayMs)
      await world.pawl.runJobs()
    }
    const all = await segmentsOf(world)
    expect(all.map(({ number }) => number)).toEqual([0, 1, 2])
    expect(await segmentsOf(world, { limit: 2 })).toEqual(all.slice(0, 2))
    expect(await segmentsOf(world, { after_lane: 'main', after_number: 0 })).toEqual(all.slice(1))
    expect(await segmentsOf(world, { after_lane: 'main', after_number: 2 })).toEqual([])
    const { exportSegment } = world.owner.audit
    const whole = await exportSegment({ lane: 'main', number: 1 })
    expect(whole).toMatchObject({ org_id: world.org, segment: all[1], next: null })
    const { first, events } = whole.segment
    const rest = await exportSegment({ lane: 'main', number: 1, after: first + 2 })
    expect(rest.blocks).toEqual(whole.blocks.slice(2))
    expect(whole.blocks).toHaveLength(events)
    async function* lines() {
      yield* [segmentHead(whole), ...whole.blocks].map((line) => JSON.stringify(line))
    }
    const report = await verifySegmentFile(lines(), [whole.public_key])
    const { digest } = whole.segment
    const confirm = () => world.owner.audit.confirmSegment({ lane: 'main', number: 1, digest, proof: report.proof })
    const confirmed = await confirm()
    expect(confirmed).toEqual({ ...all[1], exported_at: at(3 * dayMs) })
    world.clock.advance(minuteMs)
    expect(await confirm()).toEqual(confirmed)
    const trail = await world.owner.audit.events({ from: at(3 * dayMs), limit: 20 })
    const exports = trail.events.map(
      ({ action, resource_type, resource_id, details }) => [action, resource_type, resource_id, details] as const,
    )
    expect(exports.filter(([action]) => action !== 'audit.segments')).toMatchObject([
      ['audit.exported', 'audit', 'main.1', { digest }],
      ['audit.exported', 'audit', 'main.1', { digest }],
      ['audit.export', 'audit', 'main.1', { after: first + 2 }],
      ['audit.export', 'audit', 'main.1', {}],
    ])
    for (const lane of ['Main', 'a.b', '']) {
      await expect(exportSegment({ lane, number: 0 })).rejects.toMatchObject({ kind: 'invalid' })
    }
  })
})

describe('a segment of more than a thousand events', () => {
  it('is exported in parts, which are the whole segment', async () => {
    await using world = await testPawl()
    const { list } = world.owner.vaults
    for (let round = 0; round < 12; round++) await Promise.all(Array.from({ length: 100 }, () => list()))
    world.clock.advance(dayMs)
    await world.pawl.runJobs()
    const { exportSegment } = world.owner.audit
    const first = await exportSegment({ lane: 'main', number: 0 })
    expect(first.segment.events).toBe(1_200)
    expect(first.next).toBeGreaterThanOrEqual(1_000)
    expect(first.next).toBeLessThan(1_200)
    const rest = await exportSegment({ lane: 'main', number: 0, after: first.next ?? 0 })
    expect(rest.next).toBeNull()
    async function* lines() {
      yield* [segmentHead(first), ...first.blocks, ...rest.blocks].map((line) => JSON.stringify(line))
    }
    const report = await verifySegmentFile(lines(), [first.public_key])
    expect(report).toMatchObject({ problem: null, events: 1_200 })
  })
})

describe('an audit sink', () => {
  const lagOf = async ({ pawl }: World) => (await pawl.status()).auditSinkLag

  it('lags by the events that it has not accepted, and the status shows their number', async () => {
    await using plain = await testPawl()
    await plain.pawl.runJobs()
    expect(await lagOf(plain)).toBeNull()
    const sink = memoryAuditSink()
    let isDown = false
    const deliver: typeof sink.deliver = async (events) => {
      if (isDown) throw new Error('down')
      await sink.deliver(events)
    }
    await using world = await testPawl({ auditSink: { deliver } })
    await world.owner.vaults.list()
    await world.pawl.runJobs()
    expect(await lagOf(world)).toBe(0)
    isDown = true
    const { owner: other } = await world.otherOrg()
    const before = sink.events.length
    for (let reads = 0; reads < 3; reads++) await world.owner.vaults.list()
    await other.vaults.list()
    await world.pawl.runJobs()
    const lag = await lagOf(world)
    isDown = false
    world.clock.advance(dayMs)
    await world.pawl.runJobs()
    expect(lag).toBe(sink.events.length - before)
    expect(await lagOf(world)).toBe(0)
  })

  it('that fails is asked once in a run, for whichever lane comes first', async () => {
    let calls = 0
    const deliver = async () => {
      calls++
      throw new Error('down')
    }
    await using world = await testPawl({ auditSink: { deliver } })
    const { owner: other } = await world.otherOrg()
    await world.owner.vaults.list()
    await other.vaults.list()
    await world.pawl.runJobs()
    expect(calls).toBe(1)
    expect(await lagOf(world)).toBeGreaterThan(1)
  })

  it('waits two seconds after its first failure, and again after a failure that follows a success', async () => {
    const sink = memoryAuditSink()
    let isDown = true
    let calls = 0
    const deliver: typeof sink.deliver = async (events) => {
      calls++
      if (isDown) throw new Error('down')
      await sink.deliver(events)
    }
    await using world = await testPawl({ auditSink: { deliver } })
    const callsAfter = async (ms: number) => {
      world.clock.advance(ms)
      const before = calls
      await world.pawl.runJobs()
      return calls - before
    }
    await world.owner.vaults.list()
    expect([await callsAfter(0), await callsAfter(1_999), await callsAfter(1)]).toEqual([1, 0, 1])
    expect([await callsAfter(3_999), await callsAfter(1)]).toEqual([0, 1])
    isDown = false
    expect(await callsAfter(8_000)).toBe(1)
    isDown = true
    await world.owner.vaults.list()
    expect([await callsAfter(0), await callsAfter(1_999), await callsAfter(1)]).toEqual([1, 0, 1])
  })

  it('is not asked, and nothing is written, when there is no new event', async () => {
    const storage = recording(memoryStorage())
    await using world = await testPawl({ storage, auditSink: memoryAuditSink() })
    await world.owner.vaults.list()
    await world.pawl.runJobs()
    const before = storage.calls.length
    await world.pawl.runJobs()
    const asked = JSON.stringify(storage.calls.slice(before))
    expect(asked).toContain('auditLane')
    expect(asked).not.toMatch(/commit|auditBlock|auditDropped/)
  })

  it('gets a new event of a long trail without a walk through the old ones', async () => {
    const storage = recording(memoryStorage())
    await using world = await testPawl({ storage, auditSink: memoryAuditSink() })
    for (let reads = 0; reads < 40; reads++) await world.owner.vaults.list()
    await world.pawl.runJobs()
    await world.owner.vaults.list()
    const before = storage.calls.length
    await world.pawl.runJobs()
    const scans = storage.calls.slice(before).filter((call) => JSON.stringify(call).includes('auditBlock'))
    expect(scans.length).toBeLessThanOrEqual(2)
  })

  it('gets new events at once from an engine that found nothing to deliver when it started', async () => {
    const [storage, hsm, sink] = [memoryStorage(), memoryHsm(worldDefaults), memoryAuditSink()]
    const first = await testPawl({ storage, hsm, auditSink: sink })
    await first.owner.vaults.list()
    await first.pawl.runJobs()
    await first.close()
    await using second = await testPawl({ storage, hsm, auditSink: sink })
    await second.pawl.runJobs()
    const before = sink.events.length
    await second.owner.vaults.list()
    await second.pawl.runJobs()
    expect(sink.events.slice(before).map(({ action }) => action)).toEqual(['vault.list'])
  })
})
