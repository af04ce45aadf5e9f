import { openAuditVerifier, segmentHead, verifySegmentFile } from '@pawl/core/maintenance'
import { memoryAuditSink, memoryHsm, memoryStorage } from '@pawl/core/ports/reference'
import { testPawl, type World, worldDefaults } from '@pawl/testkit/world'
import { failing, failingHsm } from '@pawl/testkit/wrappers'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isLong, tries } from '../../../../../tools/test-run/index.ts'
import type { Hsm } from '../../ports/hsm.ts'
import type { Snapshot, Storage } from '../../ports/storage.ts'

// Goal: nothing leaves the vault that was not exported and verified, and no crash leaves a gap that verifies. Method: a trail of
// some days, exported in part, whose retention dies at every call to the store and to the HSM, and a copy of all its events.

const dayMs = 86_400_000
const auditKeepMs = 2 * dayMs

type Store = ReturnType<typeof memoryStorage>

/** A store with a segment for each of five days. Those up to `exportedUpTo` were exported. Closed. */
async function fiveDays(exportedUpTo: number) {
  const [storage, hsm] = [memoryStorage(), memoryHsm(worldDefaults)]
  const world = await testPawl({ storage, hsm })
  for (let passed = 0; passed < 5; passed++) {
    for (let reads = 0; reads < 3; reads++) await world.owner.vaults.list()
    world.clock.advance(dayMs)
    await world.pawl.runJobs()
  }
  const { segments } = await world.owner.audit.segments({})
  const exported = new Set<string>()
  for (const segment of segments.slice(0, exportedUpTo)) {
    const { ids, proof } = await exportOf(world, segment)
    for (const id of ids) exported.add(id)
    await world.owner.audit.confirmSegment({ ...segment, proof })
  }
  const ids = await idsOf(world)
  await world.close()
  return { storage, hsm, segments, exported, ids, now: world.clock.now() }
}

/** What `pawl audit export --segment` writes, verified as `pawl audit verify --file` does, and the ids of its events. */
async function exportOf({ owner }: World, { lane, number }: { lane: string; number: number }) {
  const part = await owner.audit.exportSegment({ lane, number })
  expect(part.next).toBeNull()
  const lines = [segmentHead(part), ...part.blocks].map((line) => JSON.stringify(line))
  const report = await verifySegmentFile(from(lines), [part.public_key])
  expect(report).toMatchObject({ problem: null, events: part.segment.events })
  const { events } = await owner.audit.follow({})
  const [first, end] = [part.segment.first, part.segment.first + part.segment.events]
  const own = events.filter((event) => event.lane === lane && event.sequence >= first && event.sequence < end)
  return { lines, key: part.public_key, proof: report.proof, ids: own.map(({ id }) => id) }
}

async function* from(lines: readonly string[]) {
  yield* lines
}

async function idsOf({ owner }: World): Promise<string[]> {
  return (await owner.audit.follow({})).events.map(({ id }) => id)
}

async function reports(storage: Storage, hsm: Hsm) {
  const found = []
  for await (const report of (await openAuditVerifier({ ...worldDefaults, storage, hsm })).lanes()) found.push(report)
  return found
}

async function copyOf(storage: Storage & Snapshot): Promise<Store> {
  const copy = memoryStorage()
  for await (const some of storage.snapshot()) {
    for (const one of some) await copy.commit([{ op: 'put', ...one, expect: null }])
  }
  return copy
}

/** An engine that keeps two days of the trail, at a time when all five days are older. */
async function laterWorld(storage: Storage, hsm: Hsm, now: number, options: Parameters<typeof testPawl>[0] = {}) {
  const world = await testPawl({ storage, hsm, auditKeepMs, ...options })
  world.clock.advance(now + 9 * dayMs - world.clock.now())
  return world
}

async function removeOne(storage: Storage, kind: string, at: number): Promise<void> {
  const hits = await storage.scan({ kind, index: 'lane', from: '', to: '~', limit: 1_000 })
  const hit = hits[at % hits.length]
  if (hit) await storage.commit([{ op: 'delete', kind, id: hit.id, expect: hit.version }])
}

describe('PAWL_AUDIT_KEEP', () => {
  it('drops what is old, exported and verified, and nothing else, and verification says where it begins', async () => {
    const { storage, hsm, segments, ids, exported, now } = await fiveDays(3)
    expect(segments.length).toBeGreaterThanOrEqual(5)
    const world = await laterWorld(storage, hsm, now)
    await world.pawl.runJobs()
    const left = await idsOf(world)
    expect(left.slice(0, ids.length - exported.size)).toEqual(ids.filter((id) => !exported.has(id)))
    expect(await world.owner.audit.verify({})).toMatchObject({ chain_valid: true })
    const dropped = segments.slice(0, 3).reduce((sum, { events }) => sum + events, 0)
    const { events } = await world.owner.audit.events({ action: 'audit.dropped' })
    expect(events.map(({ resource_id }) => resource_id)).toEqual(['main.2', 'main.1', 'main.0'])
    await world.close()
    expect(await reports(storage, hsm)).toMatchObject([{ problem: null, droppedEvents: dropped }])
  })

  it('drops nothing that is younger, or for ever when it is not set', async () => {
    const { storage, hsm, ids, now } = await fiveDays(5)
    for (const options of [{ auditKeepMs: 99 * dayMs }, { auditKeepMs: null }]) {
      const world = await laterWorld(storage, hsm, now, options)
      await world.pawl.runJobs()
      expect((await idsOf(world)).slice(0, ids.length)).toEqual(ids)
      await world.close()
    }
  })

  it('waits for an audit sink that has not taken the events yet', async () => {
    const { storage, hsm, ids, now } = await fiveDays(5)
    const sink = memoryAuditSink()
    let isDown = true
    const deliver: typeof sink.deliver = async (events) => {
      if (isDown) throw new Error('down')
      await sink.deliver(events)
    }
    const world = await laterWorld(storage, hsm, now, { auditSink: { deliver } })
    await world.pawl.runJobs()
    expect((await idsOf(world)).slice(0, ids.length)).toEqual(ids)
    isDown = false
    for (let hours = 0; hours < 3; hours++) {
      world.clock.advance(3_600_000)
      await world.pawl.runJobs()
    }
    expect(sink.events.map(({ id }) => id).slice(0, ids.length)).toEqual(ids)
    expect(await idsOf(world)).not.toContain(ids[0])
    await world.close()
  })

  it('loses nothing that was not exported, and leaves no gap, wherever the process dies', async () => {
    const { storage, hsm, ids, exported, now } = await fiveDays(3)
    const isKept = (left: readonly string[]) => ids.filter((id) => !exported.has(id) && !left.includes(id))
    const callsBetween = isLong('retention that dies at every call') ? 1 : 12
    let deaths = 0
    for (const after of [false, true]) {
      for (let at = 1; ; at += callsBetween) {
        const copy = await copyOf(storage)
        let calls = Number.NEGATIVE_INFINITY
        const count = () => ++calls === at
        const isDead = { every: 1, only: () => calls > at }
        const dying = {
          storage: failing(failing(copy, isDead), { every: 1, only: count, after }),
          hsm: failingHsm(failingHsm(hsm, isDead), { every: 1, only: count, after }),
        }
        const world = await laterWorld(dying.storage, dying.hsm, now)
        calls = 0
        await world.pawl.runJobs().catch(() => {})
        if (calls < at) break
        deaths++
        expect(await reports(copy, hsm), `death at call ${at}`).toMatchObject([{ problem: null }])
        const next = await laterWorld(copy, hsm, now)
        expect(await next.owner.audit.verify({})).toMatchObject({ chain_valid: true })
        next.clock.advance(3_600_000)
        await next.pawl.runJobs()
        const left = await idsOf(next)
        expect(isKept(left)).toEqual([])
        expect(left).not.toContain(ids[0])
        await next.close()
        expect(await reports(copy, hsm)).toMatchObject([{ problem: null }])
      }
    }
    expect(deaths).toBeGreaterThan(20 / callsBetween)
  })

  it('does not verify when anything that is left is taken away as well', async () => {
    const { storage, hsm, now } = await fiveDays(3)
    const world = await laterWorld(storage, hsm, now)
    await world.pawl.runJobs()
    await world.close()
    await fc.assert(
      fc.asyncProperty(fc.nat(), async (at) => {
        const copy = await copyOf(storage)
        await removeOne(copy, 'auditBlock', at)
        expect((await reports(copy, hsm))[0]?.problem).not.toBeNull()
      }),
      { numRuns: tries(10, 4) },
    )
    const copy = await copyOf(storage)
    const [stored] = await copy.get([{ kind: 'auditDropped', id: `${world.org}/main` }])
    await copy.commit([{ op: 'delete', kind: 'auditDropped', id: stored?.id ?? '', expect: stored?.version ?? '' }])
    expect((await reports(copy, hsm))[0]?.problem).toContain('Event 0')
  })
})

describe('an exported segment', () => {
  it('does not verify with another key, nor when a byte of any line was changed or a line is missing', async () => {
    const { storage, hsm } = await fiveDays(0)
    await using world = await testPawl({ storage, hsm })
    const { lines, key } = await exportOf(world, { lane: 'main', number: 1 })
    const other = Buffer.alloc(32, 7).toString('base64')
    expect(await verifySegmentFile(from(lines), [other])).toMatchObject({
      problem: expect.stringContaining('No given'),
    })
    expect(await verifySegmentFile(from(lines), [])).toMatchObject({ problem: expect.stringContaining('No given') })
    await fc.assert(
      fc.asyncProperty(fc.nat(lines.length - 1), fc.double({ min: 0, max: 0.999, noNaN: true }), async (at, where) => {
        const line = lines[at] as string
        const position = Math.floor(where * line.length)
        const changed = `${line.slice(0, position)}${line[position] === '7' ? '8' : '7'}${line.slice(position + 1)}`
        // The key in the head proves nothing, so it may say anything.
        fc.pre(!(at === 0 && position > line.indexOf('"public_key"') - 2))
        const report = await verifySegmentFile(from(lines.with(at, changed)), [key])
        expect(report, changed).toMatchObject({ events: 0, problem: expect.any(String) })
        const less = await verifySegmentFile(from(lines.filter((_, one) => one !== at)), [key])
        expect(less.problem).not.toBeNull()
      }),
      { numRuns: tries(60, 4) },
    )
  })

  it('is confirmed with its own digest only, by owners and admins', async () => {
    const { storage, hsm } = await fiveDays(0)
    await using world = await testPawl({ storage, hsm })
    const named = { lane: 'main', number: 1 }
    const digest = '0'.repeat(64)
    await expect(world.owner.audit.confirmSegment({ ...named, digest, proof: digest })).rejects.toMatchObject({
      code: 'audit_segment_differs',
    })
    await expect(world.owner.audit.exportSegment({ lane: 'main', number: 99 })).rejects.toMatchObject({
      code: 'audit_segment_not_found',
    })
    const { as: member } = await world.member()
    await expect(member.audit.exportSegment(named)).rejects.toMatchObject({ kind: 'denied' })
  })

  it('is confirmed only by a caller who has all of it: what lists and heads show is not enough', async () => {
    const { storage, hsm, segments } = await fiveDays(0)
    await using world = await testPawl({ storage, hsm })
    const [segment, other] = segments
    if (!segment || !other) throw new Error('no segment was closed')
    const { proof } = await exportOf(world, segment)
    const confirm = (claimed: string) => world.owner.audit.confirmSegment({ ...segment, proof: claimed })
    const shown = [segment.digest, segment.mac, other.digest, other.mac, (await exportOf(world, other)).proof]
    for (const claimed of shown) await expect(confirm(claimed)).rejects.toMatchObject({ code: 'audit_copy_not_proven' })
    expect((await world.owner.audit.segments({})).segments[0]?.exported_at).toBeNull()
    expect((await confirm(proof)).exported_at).not.toBeNull()
  })
})
