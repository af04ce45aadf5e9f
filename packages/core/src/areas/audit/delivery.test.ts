import { registry } from '@pawl/core'
import type { AuditEventShown, AuditSink } from '@pawl/core/ports'
import { memoryAuditSink, memoryHsm, memoryStorage } from '@pawl/core/ports/reference'
import { tagged, tagsIn } from '@pawl/testkit/canary'
import { crashEverywhere, invariants } from '@pawl/testkit/faults'
import { examples, testPawl, type World, worldDefaults } from '@pawl/testkit/world'
import { afterEach, describe, expect, it, vi } from 'vitest'

const value = tagged('hunter2')

/** What the owner sees in the trail, oldest first, without the look itself. */
async function trail({ owner }: World) {
  return (await owner.audit.events({ limit: 1_000 })).events.reverse()
}

/** The events of each lane in the order in which they came first. */
function lanes(events: readonly AuditEventShown[]): Map<string, number[]> {
  const seen = new Set<string>()
  const found = new Map<string, number[]>()
  for (const { id, org_id, lane, sequence } of events) {
    if (seen.has(id)) continue
    seen.add(id)
    const name = `${org_id} ${lane}`
    found.set(name, [...(found.get(name) ?? []), sequence])
  }
  return found
}

function expectInOrder(events: readonly AuditEventShown[]): void {
  for (const sequences of lanes(events).values()) expect(sequences).toEqual([...sequences.keys()])
}

async function use(world: World, count = 3) {
  const { id: vault_id } = await world.owner.vaults.create({ name: `vault ${count}` })
  for (let at = 0; at < count; at++) await world.owner.secrets.put({ vault_id, path: `p${at}`, value })
}

afterEach(() => vi.useRealTimers())

describe('an audit sink', () => {
  it('gets every event as its callers see it, in the order of its lane, and once when nothing goes wrong', async () => {
    const sink = memoryAuditSink()
    const world = await testPawl({ auditSink: sink })
    await use(world)
    const other = await world.otherOrg()
    await other.owner.vaults.create({ name: 'theirs' })
    await world.pawl.runJobs()
    const told = sink.events.filter(({ org_id }) => org_id === world.org)
    expect(told.map(({ lane: _, sequence: __, hash: ___, ...event }) => event)).toEqual(await trail(world))
    expect(lanes(sink.events).size).toBe(2)
    expectInOrder(sink.events)
    expect(new Set(sink.events.map(({ id }) => id)).size).toBe(sink.events.length)
    expect(tagsIn(Buffer.from(JSON.stringify(sink.events)))).toEqual([])
  })

  it('is told by the next engine what the last one had no time for, and nothing twice', async () => {
    const [storage, hsm, sink] = [memoryStorage(), memoryHsm(worldDefaults), memoryAuditSink()]
    const first = await testPawl({ storage, hsm, auditSink: sink })
    await use(first)
    await first.pawl.runJobs()
    const before = sink.events.length
    await first.owner.vaults.create({ name: 'late' })
    await first.close()
    expect(sink.events.length).toBe(before)
    const second = await testPawl({ storage, hsm, auditSink: sink })
    await second.pawl.runJobs()
    expect(sink.events.slice(before).map(({ action }) => action)).toContain('vault.create')
    expect(new Set(sink.events.map(({ id }) => id)).size).toBe(sink.events.length)
    expectInOrder(sink.events)
  })

  it('that fails keeps nobody from working, is left in peace for longer each time, and gets it all in the end', async () => {
    const inner = memoryAuditSink()
    let isDown = true
    let calls = 0
    const sink: AuditSink = {
      deliver: async (events) => {
        calls++
        if (isDown) throw new Error('down')
        await inner.deliver(events)
      },
    }
    const world = await testPawl({ auditSink: sink })
    for (let minute = 0; minute < 60; minute++) {
      await world.owner.vaults.create({ name: `vault ${minute}` })
      await world.pawl.runJobs()
      world.clock.advance(60_000)
    }
    expect(calls).toBeLessThan(15)
    expect(inner.events).toEqual([])
    isDown = false
    world.clock.advance(15 * 60_000)
    await world.pawl.runJobs()
    expect(inner.events.filter(({ action }) => action === 'vault.create')).toHaveLength(60)
    expectInOrder(inner.events)
  })

  it('that never answers is given up on, and gets the same again', async () => {
    const inner = memoryAuditSink()
    let isStuck = true
    let isAsked = false
    const sink: AuditSink = {
      deliver: (events) => {
        isAsked = true
        return isStuck ? new Promise(() => {}) : inner.deliver(events)
      },
    }
    const world = await testPawl({ auditSink: sink })
    await use(world)
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const running = world.pawl.runJobs()
    while (!isAsked) await new Promise((resolve) => setImmediate(resolve))
    await new Promise((resolve) => setImmediate(resolve))
    vi.advanceTimersByTime(10_000)
    await running
    vi.useRealTimers()
    isStuck = false
    world.clock.advance(60_000)
    await world.pawl.runJobs()
    expect(inner.events.map(({ id }) => id)).toEqual((await trail(world)).map(({ id }) => id))
  })

  it('gets a long trail in parts, in order, with nothing left out between them', async () => {
    const parts: number[] = []
    const inner = memoryAuditSink()
    const deliver: AuditSink['deliver'] = (events) => {
      parts.push(events.length)
      return inner.deliver(events)
    }
    const [storage, hsm] = [memoryStorage(), memoryHsm(worldDefaults)]
    const before = await testPawl({ storage, hsm })
    const { id: vault_id } = await before.owner.vaults.create({ name: 'busy' })
    for (let round = 0; round < 13; round++)
      await Promise.all(Array.from({ length: 100 }, () => before.owner.vaults.get({ vault_id })))
    await before.close()
    const world = await testPawl({ storage, hsm, auditSink: { deliver } })
    await world.pawl.runJobs()
    // Of several blocks each.
    expect(parts).toHaveLength(3)
    expect(Math.max(...parts)).toBeLessThan(1_000)
    expect(inner.events.filter(({ action }) => action === 'vault.read')).toHaveLength(1_300)
    expectInOrder(inner.events)
  })

  it('gets each lane of engines that share a store from one of them at a time', async () => {
    const { exclusive: _, ...storage } = memoryStorage()
    const [hsm, inner] = [memoryHsm(worldDefaults), memoryAuditSink()]
    const busy = new Set<string>()
    const deliver: AuditSink['deliver'] = async (events) => {
      const lane = `${events[0]?.org_id} ${events[0]?.lane}`
      if (busy.has(lane)) throw new Error('two at once')
      busy.add(lane)
      await new Promise((resolve) => setImmediate(resolve))
      await inner.deliver(events)
      busy.delete(lane)
    }
    const errors: unknown[] = []
    const log = (level: string, message: string) => level === 'error' && errors.push(message)
    const one = await testPawl({ storage, hsm, auditSink: { deliver }, log })
    const two = await testPawl({ storage, hsm, auditSink: { deliver }, log, clock: one.clock, seed: 'two' })
    for (let round = 0; round < 5; round++) {
      await Promise.all([use(one, round + 1), two.owner.vaults.list()])
      await Promise.all([one.pawl.runJobs(), two.pawl.runJobs()])
    }
    await one.pawl.runJobs()
    expect(errors).toEqual([])
    expect(inner.events.map(({ id }) => id).sort()).toEqual((await trail(one)).map(({ id }) => id).sort())
    expect(lanes(inner.events).size).toBeGreaterThan(1)
    expectInOrder(inner.events)
  })

  it('gets nothing of what was tampered with, nor of what comes after it, and the operator hears of it', async () => {
    const [storage, sink] = [memoryStorage(), memoryAuditSink()]
    const errors: string[] = []
    const log = (level: string, _: string, fields?: Readonly<Record<string, unknown>>) => {
      if (level === 'error') errors.push(String(fields?.error))
    }
    const world = await testPawl({ storage, auditSink: sink, log })
    await world.pawl.runJobs()
    const before = sink.events.length
    await world.owner.vaults.create({ name: 'hidden' })
    const [block] = await storage.scan({
      kind: 'auditBlock',
      index: 'lane',
      from: '',
      to: '~',
      limit: 1,
      reverse: true,
    })
    if (!block) throw new Error('there is a block')
    await storage.commit([{ op: 'delete', kind: block.kind, id: block.id, expect: block.version }])
    await world.owner.vaults.list()
    await world.pawl.runJobs()
    expect(sink.events).toHaveLength(before)
    expect(errors.join()).toContain('pawl audit verify')
  })

  it('misses nothing wherever a process dies or the store fails', async () => {
    let sink = memoryAuditSink()
    const engine = () => {
      sink = memoryAuditSink()
      return { auditSink: sink }
    }
    const isTold = {
      name: 'all that the trail holds was delivered, in order',
      check: async ({ world }: Parameters<(typeof invariants)[number]['check']>[0]) => {
        world.clock.advance(3_600_000)
        await world.pawl.runJobs()
        expectInOrder(sink.events)
        const ids = new Set(sink.events.map(({ id }) => id))
        expect((await trail(world)).filter(({ id }) => !ids.has(id))).toEqual([])
      },
    }
    const scenario = { name: 'secrets.put', operation: registry.secrets.put, example: examples.secrets.put }
    expect(await crashEverywhere(scenario, { engine, invariants: [isTold, ...invariants] })).toBeGreaterThan(10)
  })
})
