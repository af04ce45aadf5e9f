import { openAuditVerifier, segmentHead, verifySegmentFile } from '@pawl/core/maintenance'
import { memoryAuditSink, memoryHsm, memoryStorage, nobleCrypto, seededRandom } from '@pawl/core/ports/reference'
import { testPawl, type World, worldDefaults } from '@pawl/testkit/world'
import { failing, failingHsm } from '@pawl/testkit/wrappers'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isLong, tries } from '../../../../../tools/test-run/index.ts'
import { openKeyring } from '../../crypto/keyring.ts'
import type { Hsm } from '../../ports/hsm.ts'
import type { Snapshot, Storage } from '../../ports/storage.ts'
import { codec } from '../../records/codec.ts'
import { blockKind, type Kind, newBlock, type Recorded } from '../../records/index.ts'
import { checkpointKind } from './checkpoints.ts'
import { droppedKind } from './dropped.ts'

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

/** Other bytes for a record, with the keys that it has in each index. */
async function overwrite(storage: Storage & Snapshot, { kind, id }: { kind: string; id: string }, body: Uint8Array) {
  for await (const some of storage.snapshot()) {
    const stored = some.find((one) => one.kind === kind && one.id === id)
    if (stored) return storage.commit([{ op: 'put', ...stored, body, expect: stored.version }])
  }
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

/** A store whose retention dropped three of five segments, and a way to bring back records that it deleted. */
async function droppedStore() {
  const days = await fiveDays(3)
  const { storage: before, hsm, now, segments } = days
  const storage = await copyOf(before)
  const world = await laterWorld(storage, hsm, now)
  await world.pawl.runJobs()
  await world.close()
  const end = segments.slice(0, 3).reduce((sum, { events }) => sum + events, 0)
  const bringBack = async (kind: string, isBack: (number: number) => boolean = () => true) => {
    for await (const some of before.snapshot()) {
      for (const one of some) {
        const isGone = one.kind === kind && (await storage.get([one]))[0] === null
        if (isGone && isBack(numberOf(one))) await storage.commit([{ op: 'put', ...one, expect: null }])
      }
    }
  }
  return { ...days, before, storage, end, org: world.org, bringBack }
}

/** Blocks are named by their first event, segments by their number. */
const numberOf = ({ id }: { readonly id: string }) => Number(id.split('.').at(-1))

async function numbersIn(storage: Storage, kind: string): Promise<number[]> {
  const hits = await storage.scan({ kind, index: 'lane', from: '', to: '~', limit: 1_000 })
  return hits.map(numberOf)
}

describe('a trail whose retention was cut off while it deleted', () => {
  const kinds = ['auditCheckpoint', 'auditSegment', 'auditIndex'] as const

  it('verifies, is followed from the signed beginning, and loses the rest at the next run', async () => {
    const { storage, hsm, now, end, bringBack } = await droppedStore()
    await bringBack('auditBlock', (first) => first > 1)
    for (const kind of kinds) await bringBack(kind)
    expect(Math.min(...(await numbersIn(storage, 'auditBlock')))).toBeLessThan(end)
    expect(await reports(storage, hsm)).toMatchObject([{ problem: null, droppedEvents: end }])
    const world = await laterWorld(storage, hsm, now)
    for (const window of [{}, { from: '2026-01-01T00:00:00Z' }, { from: '2026-01-01T00:00:00Z', limit: 1 }]) {
      expect(await world.owner.audit.verify(window)).toMatchObject({ chain_valid: true, problem: undefined })
    }
    expect((await world.owner.audit.follow({})).events[0]?.sequence).toBe(end)
    const early = { since: '2026-01-01T00:00:01Z' }
    await expect(world.owner.audit.follow(early)).rejects.toMatchObject({ code: 'audit_events_dropped' })
    await world.pawl.runJobs()
    await world.close()
    expect(Math.min(...(await numbersIn(storage, 'auditBlock')))).toBe(end)
    expect(Math.min(...(await numbersIn(storage, 'auditCheckpoint')))).toBeGreaterThanOrEqual(end)
    for (const kind of ['auditSegment', 'auditIndex']) expect(Math.min(...(await numbersIn(storage, kind)))).toBe(3)
    expect(await reports(storage, hsm)).toMatchObject([{ problem: null, droppedEvents: end }])
  })

  it('does not verify when the blocks that are left do not lead to the signed beginning', async () => {
    const alone = await droppedStore()
    await alone.bringBack('auditBlock', (first) => first === 1)
    expect(await reports(alone.storage, alone.hsm)).toMatchObject([
      { problem: 'What is left of the dropped events does not end where the signature says.' },
    ])
    const other = await droppedStore()
    const { storage, hsm, org, end } = other
    let last = -1
    await other.bringBack('auditBlock', (first) => {
      if (first < end) last = Math.max(last, first)
      return false
    })
    await other.bringBack('auditBlock', (first) => first === last)
    const keyring = await openKeyring(storage, hsm, nobleCrypto, seededRandom('forger'))
    const sealed = codec(keyring)
    const [stored] = await storage.get([{ kind: 'auditBlock', id: `${org}/main.${last}` }])
    if (!stored) throw new Error('the last dropped block is back')
    const { value } = sealed.open(blockKind, org, stored)
    const drafts = value.drafts.map((draft) => ({ ...draft, actorId: 'somebody else' }))
    const forged = newBlock(nobleCrypto, keyring.audit(org), { ...value, drafts })
    await storage.commit([sealed.put(blockKind, org, forged, stored.version, 'forged.1')])
    expect(await reports(storage, hsm)).toMatchObject([
      { problem: 'What is left of the dropped events does not end where the signature says.' },
    ])
    const withGap = await droppedStore()
    await withGap.bringBack('auditBlock', (first) => first > 0 && first !== 2)
    expect(await reports(withGap.storage, withGap.hsm)).toMatchObject([
      { problem: expect.stringMatching(/^Event 2: .* missing/) },
    ])
  })
})

describe('the store, after what was dropped is deleted', () => {
  it.each([
    [false, 1],
    [true, 64],
  ])(
    'is asked to give free space back while it says that there is more (%s), at most 64 times',
    async (more, times) => {
      let calls = 0
      const shrink = async () => {
        calls++
        return more
      }
      await using world = await testPawl({ storage: { ...memoryStorage(), shrink }, auditKeepMs })
      world.clock.advance(60_000)
      await world.pawl.runJobs()
      expect(calls).toBe(times)
    },
  )
})

describe('the record of dropped events', () => {
  it('explains nothing without a signature of the HSM: the trail does not verify, and no more is dropped', async () => {
    const { storage, hsm, now, org, end } = await droppedStore()
    const sealed = codec(await openKeyring(storage, hsm, nobleCrypto, seededRandom('forger')))
    const [stored] = await storage.get([{ kind: 'auditDropped', id: `${org}/main` }])
    if (!stored) throw new Error('nothing was dropped')
    const { value } = sealed.open(droppedKind, org, stored)
    const forged = { ...value, signature: Buffer.alloc(64, 1).toString('base64') }
    await storage.commit([sealed.put(droppedKind, org, forged, stored.version, 'forged.1')])
    const problem = 'The record of dropped events is not signed.'
    expect(await reports(storage, hsm)).toMatchObject([{ problem }])
    const errors: string[] = []
    const log = (level: string, _: string, fields?: object) =>
      level === 'error' && errors.push(Object.values(fields ?? {}).join(' '))
    const world = await laterWorld(storage, hsm, now, { log })
    const window = { from: '2026-01-01T00:00:00Z', limit: 1 }
    expect(await world.owner.audit.verify(window)).toMatchObject({
      chain_valid: false,
      problem: 'The previous event is missing.',
    })
    await world.pawl.runJobs()
    expect(errors.join()).toContain(problem)
    await world.close()
    expect(Math.min(...(await numbersIn(storage, 'auditBlock')))).toBe(end)
  })

  it('lets an earlier report speak only of what is left', async () => {
    const { before, storage, hsm } = await droppedStore()
    const [earlier] = await reports(before, hsm)
    if (!earlier) throw new Error('there is a lane')
    const problemOf = async (events: number, hash: string) => {
      const expected = [{ ...earlier, events, hash }]
      const verifier = await openAuditVerifier({ ...worldDefaults, storage, hsm, expected })
      for await (const { problem } of verifier.lanes()) return problem
    }
    const unknown = 'f'.repeat(64)
    expect(await problemOf(3, unknown)).toBeNull()
    expect(await problemOf(earlier.events, earlier.hash)).toBeNull()
    expect(await problemOf(earlier.events, unknown)).toContain('are not those that were known')
  })
})

describe('segments of several lanes', () => {
  it('are dropped from the beginning of each lane, when they were exported', async () => {
    const { exclusive: _, ...storage } = memoryStorage()
    const hsm = memoryHsm(worldDefaults)
    const one = await testPawl({ storage, hsm, auditKeepMs, seed: 'one' })
    const two = await testPawl({ storage, hsm, auditKeepMs, seed: 'two', clock: one.clock })
    for (let days = 0; days < 3; days++) {
      for (const { owner } of [one, two]) for (let reads = 0; reads < 2; reads++) await owner.vaults.list()
      one.clock.advance(dayMs)
      await one.pawl.runJobs()
    }
    const { segments } = await one.owner.audit.segments({})
    const lanes = [...new Set(segments.map(({ lane }) => lane))]
    expect(lanes).toHaveLength(2)
    const old = segments.filter(({ number }) => number < 2)
    for (const segment of old) {
      const { proof } = await exportOf(one, segment)
      await one.owner.audit.confirmSegment({ ...segment, proof })
    }
    one.clock.advance(9 * dayMs)
    await one.pawl.runJobs()
    const { events } = await one.owner.audit.events({ action: 'audit.dropped' })
    expect(events.map(({ resource_id }) => resource_id).sort()).toEqual(old.map((s) => `${s.lane}.${s.number}`).sort())
    const left = (await one.owner.audit.segments({})).segments
    for (const lane of lanes) expect(left.find((one) => one.lane === lane)).toMatchObject({ number: 2 })
    expect(await one.owner.audit.verify({})).toMatchObject({ chain_valid: true })
    await two.close()
    await one.close()
    for (const report of await reports(storage, hsm)) {
      const own = old.filter(({ lane }) => lane === report.lane).reduce((sum, { events }) => sum + events, 0)
      expect(report).toMatchObject({ problem: null, droppedEvents: own })
    }
  })
})

describe('a segment', () => {
  const tamperedWith = async (kind: string, change: (body: Uint8Array) => Uint8Array) => {
    const { storage, hsm, now } = await fiveDays(0)
    const [hit] = await storage.scan({ kind, index: 'lane', from: '', to: '~', limit: 1 })
    if (!hit) throw new Error(`there is no ${kind}`)
    await overwrite(storage, hit, change(hit.body))
    return { storage, hsm, now }
  }

  it('that was changed in the store does not verify, and is not exported', async () => {
    const { storage, hsm } = await tamperedWith('auditSegment', (body) => body.slice(1))
    expect(await reports(storage, hsm)).toMatchObject([{ problem: 'A checkpoint is not authentic.' }])
    await using world = await testPawl({ storage, hsm })
    await expect(world.owner.audit.exportSegment({ lane: 'main', number: 0 })).rejects.toMatchObject({
      kind: 'internal',
    })
  })

  it('is not exported, and not confirmed, when one of its blocks was changed or is missing', async () => {
    const { storage, hsm, segments } = await fiveDays(0)
    const [segment] = segments
    const whole = await testPawl({ storage: await copyOf(storage), hsm })
    const { proof } = await exportOf(whole, segment as { lane: string; number: number })
    await whole.close()
    const blocks = await storage.scan({ kind: 'auditBlock', index: 'lane', from: '', to: '~', limit: 2 })
    const [, block] = blocks
    if (!block || !segment) throw new Error('there are blocks')
    const changed = await copyOf(storage)
    await overwrite(changed, block, block.body.slice(1))
    const without = await copyOf(storage)
    await without.commit([{ op: 'delete', kind: block.kind, id: block.id, expect: block.version }])
    for (const store of [changed, without]) {
      await using world = await testPawl({ storage: store, hsm })
      await expect(world.owner.audit.exportSegment({ lane: 'main', number: 0 })).rejects.toMatchObject({
        kind: 'internal',
      })
      await expect(world.owner.audit.confirmSegment({ ...segment, proof })).rejects.toMatchObject({
        kind: expect.stringMatching(/internal|denied|conflict/),
      })
    }
  })

  it('is closed over any number of checkpoints, and a trail of any number of segments verifies', async () => {
    const [storage, hsm] = [memoryStorage(), memoryHsm(worldDefaults)]
    const errors: unknown[] = []
    const log = (level: string, message: string) => level === 'error' && errors.push(message)
    const world = await testPawl({ storage, hsm, log })
    for (let checkpoints = 0; checkpoints < 13; checkpoints++) {
      await world.owner.vaults.list()
      world.clock.advance(600_000)
      await world.pawl.runJobs()
    }
    for (let days = 0; days < 13; days++) {
      await world.owner.vaults.list()
      world.clock.advance(dayMs)
      await world.pawl.runJobs()
    }
    expect(errors).toEqual([])
    expect(await numbersIn(storage, 'auditSegment')).toEqual([...Array(13).keys()])
    expect(await world.owner.audit.verify({})).toMatchObject({ chain_valid: true })
    await world.close()
    expect(await reports(storage, hsm)).toMatchObject([{ problem: null, events: 27, signedEvents: 27 }])
  })

  it.each([
    ['auditBlock', 'bytes', 'event 1: The block is not authentic'],
    ['auditBlock', 'block', 'event 1: The block was changed'],
    ['auditCheckpoint', 'bytes', 'A checkpoint of the audit lane main is not authentic'],
    ['auditCheckpoint', 'checkpoint', 'The audit lane main lost signed events'],
  ])('is not closed over a changed %s (%s), and the operator hears why', async (kind, how, problem) => {
    const [storage, hsm] = [memoryStorage(), memoryHsm(worldDefaults)]
    const first = await testPawl({ storage, hsm })
    for (let reads = 0; reads < 3; reads++) await first.owner.vaults.list()
    await first.close()
    const hit = (await storage.scan({ kind, index: 'lane', from: '', to: '~', limit: 2 })).at(-1)
    if (!hit) throw new Error(`there is no ${kind}`)
    if (how === 'bytes') await overwrite(storage, hit, hit.body.slice(1))
    else {
      // Somebody who holds the keys of the engine, but not the HSM.
      const sealed = codec(await openKeyring(storage, hsm, nobleCrypto, seededRandom('forger')))
      const forge = <T extends Recorded>(of: Kind<T>) => {
        const { value } = sealed.open(of, first.org, hit)
        return sealed.put(of, first.org, { ...value, mac: 'f' }, hit.version, 'forged.1')
      }
      await storage.commit([how === 'block' ? forge(blockKind) : forge(checkpointKind)])
    }
    const errors: string[] = []
    const log = (level: string, _: string, fields?: object) =>
      level === 'error' && errors.push(Object.values(fields ?? {}).join(' '))
    await using world = await testPawl({ storage, hsm, log })
    world.clock.advance(dayMs)
    await world.pawl.runJobs()
    expect(errors.join()).toContain(problem)
    expect(await numbersIn(storage, 'auditSegment')).toEqual([])
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
