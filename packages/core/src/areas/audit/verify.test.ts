import { createHash, createHmac, createPublicKey, verify } from 'node:crypto'
import type { Pawl } from '@pawl/core'
import { openAuditVerifier } from '@pawl/core/maintenance'
import { memoryHsm, memoryStorage, nobleCrypto, seededRandom } from '@pawl/core/ports/reference'
import { tagged } from '@pawl/testkit/canary'
import { testPawl, worldDefaults } from '@pawl/testkit/world'
import { slow } from '@pawl/testkit/wrappers'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { tries } from '../../../../../tools/test-run/index.ts'
import { openKeyring } from '../../crypto/keyring.ts'
import { frame, utf8 } from '../../kernel/bytes.ts'
import type { GroupCommit, Storage, Stored } from '../../ports/storage.ts'
import { type Codec, codec } from '../../records/codec.ts'
import {
  type AuditBlock,
  type AuditDraft,
  type BlockParts,
  blockKind,
  type Kind,
  type LaneHead,
  laneKind,
  newBlock,
} from '../../records/index.ts'
import { type Checkpoint, checkpointKind } from './checkpoints.ts'
import { laneListKind } from './lane-list.ts'
import { auditKeysKind } from './signing-keys.ts'
import type { LaneReport } from './verify-lane.ts'

// Goal: whatever happens to the engine, its trail verifies; whatever is done to the trail, it does not. Method: random
// interleavings of two engines, and a list of everything somebody could do who holds the store, and the keyring too.

type Store = ReturnType<typeof memoryStorage>
type Hsm = ReturnType<typeof memoryHsm>

const minutes = (count: number) => count * 60_000

async function problems(storage: Storage, hsm: Hsm): Promise<string[]> {
  const found: string[] = []
  for await (const { problem } of (await openAuditVerifier({ ...worldDefaults, storage, hsm })).lanes())
    if (problem) found.push(problem)
  return found
}

/** A store with a day's work of two organisations in it, closed. Checkpoints are signed in the middle and at the end. */
async function usedStore() {
  const storage = memoryStorage()
  const hsm = memoryHsm(worldDefaults)
  const world = await testPawl({ storage, hsm })
  const { id } = await world.owner.vaults.create({ name: 'prod' })
  const place = { vault_id: id, path: 'db/password' }
  await world.owner.secrets.put({ ...place, value: tagged('hunter2') })
  const { secrets, vaults } = world.owner
  await Promise.all([vaults.list(), ...Array.from({ length: 5 }, () => secrets.get(place))])
  const other = await world.otherOrg()
  await other.owner.vaults.create({ name: 'theirs' })
  world.clock.advance(minutes(11))
  await world.pawl.runJobs()
  for (let at = 0; at < 4; at++) {
    world.clock.advance(1_000)
    await world.owner.secrets.get(place)
  }
  await world.close()
  return { storage, hsm, org: world.org, otherOrg: other.org }
}

type Used = Awaited<ReturnType<typeof usedStore>>

/** Everything that whoever holds the disk and the engine's own keys can do, but for the HSM's. */
async function forger({ storage, hsm, org }: Used) {
  const keyring = await openKeyring(storage, hsm, nobleCrypto, seededRandom('forger'))
  const sealed: Codec = codec(keyring)
  let writes = 0
  const version = () => `forged.${writes++}`
  const all = async <T extends { id: string }>(kind: Kind<T>, index: string, of = org): Promise<T[]> => {
    const hits = await storage.scan({ kind: kind.name, index, from: `${of}!`, to: `${of}"`, limit: 1_000 })
    return hits.map((hit) => sealed.open(kind, kind.scope === 'org' ? of : null, hit).value)
  }
  const stored = async (kind: Kind<never>, id: string): Promise<Stored> => {
    const [found] = await storage.get([{ kind: kind.name, id: kind.scope === 'org' ? `${org}/${id}` : id }])
    if (!found) throw new Error(`no ${kind.name} ${id}`)
    return found
  }
  return {
    keyring,
    blocks: () => all(blockKind, 'lane'),
    heads: () => all(laneKind, 'org'),
    checkpoints: () => all(checkpointKind, 'lane'),
    stored,
    read: async <T extends { id: string }>(kind: Kind<T>, id: string): Promise<T> =>
      sealed.open(kind, kind.scope === 'org' ? org : null, await stored(kind as never, id)).value,
    put: async <T extends { id: string }>(kind: Kind<T>, record: T, of = org) => {
      const scope = kind.scope === 'org' ? of : null
      const [before] = await storage.get([{ kind: kind.name, id: sealed.refId(kind, scope, record.id) }])
      await storage.commit([sealed.put(kind, scope, record, before?.version ?? null, version())])
    },
    remove: async (kind: Kind<never>, id: string) => {
      const { version: expect, ...ref } = await stored(kind, id)
      await storage.commit([{ op: 'delete', kind: ref.kind, id: ref.id, expect }])
    },
    /** The bytes of one record in the place of another, keys and all. */
    overwrite: async (target: Stored, { body, version }: Pick<Stored, 'body' | 'version'>) => {
      const keys = await keysOf(storage, target)
      const [now] = await storage.get([target])
      await storage.commit([{ op: 'put', ...target, body, version, expect: now?.version ?? null, keys }])
    },
  }
}

type Forger = Awaited<ReturnType<typeof forger>>

async function keysOf(storage: Store, { kind, id }: Stored) {
  const indexes = { auditBlock: ['time', 'lane'], auditLane: ['org'], auditCheckpoint: ['lane'] }[kind] ?? []
  const found = []
  for (const index of indexes) {
    const hits = await storage.scan({ kind, index, from: '', to: '~~~', limit: 1_000 })
    for (const hit of hits) if (hit.id === id) found.push({ index, key: hit.key })
  }
  return found
}

/** Rewrites history, as the engine would have written it: every MAC and link fits again. */
async function rewrite(tools: Forger, org: string, change: (blocks: AuditBlock[]) => void): Promise<void> {
  const before = await tools.blocks()
  const [head] = await tools.heads()
  const blocks = [...before]
  change(blocks)
  const rechained = rechain(tools.keyring.audit(org), blocks)
  for (const { id } of before.slice(blocks.length)) await tools.remove(blockKind as never, id)
  for (const block of rechained) await tools.put(blockKind, block)
  const last = rechained[rechained.length - 1] as AuditBlock
  await tools.put(laneKind, { ...(head as LaneHead), next: last.first + last.drafts.length, mac: last.mac })
}

function rechain(key: Uint8Array, blocks: readonly AuditBlock[]): AuditBlock[] {
  let previous = ''
  return blocks.map((block) => {
    const chained = newBlock(nobleCrypto, key, { ...block, previous })
    previous = chained.mac
    return chained
  })
}

/** A block with something changed, under the MAC it had. */
function forgedBlock(block: AuditBlock, changes: Partial<BlockParts>): AuditBlock {
  return { ...newBlock(nobleCrypto, new Uint8Array(32), { ...block, ...changes }), mac: block.mac }
}

const someoneElse = (block: AuditBlock): AuditBlock => ({
  ...block,
  drafts: block.drafts.map((draft) => ({ ...draft, actorId: 'somebody else' })),
})

function idOf(mac: string, sequence: number): string {
  const hash = createHash('sha256').update(`pawl/1/event\n${mac}\n${sequence}`).digest('hex')
  const [a, b, c, d, e] = [
    hash.slice(0, 8),
    hash.slice(8, 12),
    hash.slice(13, 16),
    hash.slice(17, 20),
    hash.slice(20, 32),
  ]
  return `${a}-${b}-4${c}-${'89ab'[Number.parseInt(hash.charAt(16), 16) & 3]}${d}-${e}`
}

describe('an engine that verifies while it signs for the first time', () => {
  it.each(['auditBlock', 'auditCheckpoint', 'auditLanes'])(
    'finds its trail whole: it signs before %s is read',
    async (kind) => {
      let meanwhile: (() => Promise<unknown>) | null = null
      const before = async (kinds: readonly string[]) => {
        const sign = meanwhile
        if (!sign || !kinds.includes(kind)) return
        meanwhile = null
        await sign()
      }
      const store = memoryStorage()
      const storage: typeof store = {
        ...store,
        scan: (range) => before([range.kind]).then(() => store.scan(range)),
        get: (refs) => before(refs.map((ref) => ref.kind)).then(() => store.get(refs)),
      }
      const world = await testPawl({ storage })
      await world.owner.vaults.create({ name: 'prod' })
      world.clock.advance(minutes(11))
      meanwhile = () => world.pawl.runJobs()
      expect(await world.owner.audit.verify({})).toMatchObject({ chain_valid: true })
      expect(meanwhile).toBeNull()
      await world.close()
    },
  )
})

describe('a trail that was verified before', () => {
  it('M6: must still hold what the earlier report says of each lane', async () => {
    const { storage, hsm, org } = await usedStore()
    const reports = async (expected: LaneReport[] = []) => {
      const found = []
      for await (const report of (await openAuditVerifier({ storage, hsm, expected })).lanes()) found.push(report)
      return found
    }
    const before = await reports()
    expect(await reports(before)).toEqual(before)
    const problemWith = async (changes: Partial<LaneReport>) => {
      const changed = before.map((one) => (one.org === org ? { ...one, ...changes } : one))
      return (await reports(changed)).find(({ problem }) => problem !== null)
    }
    expect(await problemWith({ hash: before.find((one) => one.org !== org)?.hash ?? '' })).toMatchObject({
      ...{ org, lane: 'main', problem: 'The first 12 events are not those that were known.' },
    })
    expect(await problemWith({ events: 13 })).toMatchObject({
      ...{ org, problem: 'Events from number 12 on are missing. 13 events were known.' },
    })
    expect(await problemWith({ lane: 'gone' })).toMatchObject({
      ...{ org, lane: 'gone', problem: 'The lane is missing. 12 events were known.' },
    })
    expect(await problemWith({ lane: 'empty', events: 0 })).toBeUndefined()
  })
})

describe('a trail that nobody touched', () => {
  it('verifies, offline and through the operation, and says how much of it is signed', async () => {
    const { storage, hsm, org } = await usedStore()
    const reports = []
    for await (const report of (await openAuditVerifier({ ...worldDefaults, storage, hsm })).lanes())
      reports.push(report)
    expect(reports).toHaveLength(2)
    const told: number[] = []
    const verifier = await openAuditVerifier({ ...worldDefaults, storage, hsm })
    for await (const _ of verifier.lanes((events) => told.push(events)));
    expect(told).toEqual(told.toSorted((one, other) => one - other))
    expect(told.at(-1)).toBe(reports.reduce((sum, { events }) => sum + events, 0))
    expect(reports.find((report) => report.org === org)).toMatchObject({
      lane: 'main',
      events: 12,
      signedEvents: 12,
      problem: null,
    })
    const errors: string[] = []
    const log = (level: string, message: string) => level === 'error' && errors.push(message)
    await using world = await testPawl({ storage, hsm, log })
    const answer = await world.owner.audit.verify({})
    expect(errors).toEqual([])
    expect(answer).toMatchObject({
      chain_valid: true,
      events_checked: 12,
      events_verified: 12,
      broken_at_event_id: null,
      scheme: { algorithm: 'HMAC-SHA256', hash_field: 'integrity_hash', link_field: 'prev_event_id' },
    })
  })

  it('has the MACs and ids that block.ts describes, recomputed with node:crypto from the keys in the HSM', async () => {
    const used = await usedStore()
    const { storage, hsm, org } = used
    const [kept] = await storage.get([{ kind: 'keyring', id: 'main' }])
    const { uri, wrapped } = JSON.parse(Buffer.from(kept?.body ?? []).toString())
    const master = await hsm.unwrap(uri, Buffer.from(wrapped, 'base64'), Buffer.from('pawl/1/keyring'))
    const derive = (from: Uint8Array, purpose: string) =>
      createHmac('sha256', from).update(`pawl/1/${purpose}`).digest()
    const key = derive(derive(master, 'audit'), org)
    const blocks = await (await forger(used)).blocks()
    let previous = ''
    for (const { mac, payload, lane, first, at, drafts } of blocks) {
      expect(createHmac('sha256', key).update(payload).digest('hex')).toBe(mac)
      const [...place] = JSON.parse(Buffer.from(payload).toString())
      expect(place.slice(0, 4)).toEqual([lane, first, at, previous])
      expect(place[4]).toHaveLength(drafts.length)
      previous = mac
    }
    await using world = await testPawl({ storage, hsm })
    const { events } = await world.owner.audit.events({})
    const ids = blocks.flatMap(({ mac, first, drafts }) => drafts.map((_, at) => idOf(mac, first + at)))
    expect(ids).toHaveLength(12)
    expect(events.map(({ id }) => id).reverse()).toEqual(ids)
  })

  it('has its lanes in a list, and the public key verifies its signature (docs/formats.md)', async () => {
    const used = await usedStore()
    const tools = await forger(used)
    const { lanes, at, signature } = await tools.read(laneListKind, 'main')
    expect(lanes).toEqual({ [`${used.org}.main`]: 12, [`${used.otherOrg}.main`]: 1 })
    const sorted = Object.keys(lanes)
      .sort()
      .map((name) => [name, lanes[name]])
    const signed = frame(...['pawl/1/audit-lanes', JSON.stringify(sorted), String(at)].map(utf8))
    const { current } = await tools.read(auditKeysKind, 'main')
    const x = Buffer.from(await used.hsm.publicKey(current)).toString('base64url')
    const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' })
    expect(verify(null, signed, key, Buffer.from(signature, 'base64'))).toBe(true)
  })

  it('is signed by one key, which is made once', async () => {
    const [storage, inner] = [memoryStorage(), memoryHsm(worldDefaults)]
    const made: string[] = []
    const hsm: Hsm = {
      ...inner,
      createKey: (uri, type) => {
        if (type === 'ed25519') made.push(uri)
        return inner.createKey(uri, type)
      },
    }
    for (let starts = 0; starts < 2; starts++) {
      const world = await testPawl({ storage, hsm })
      await world.owner.vaults.list()
      world.clock.advance(minutes(60 * 24))
      await world.pawl.runJobs()
      await world.close()
    }
    expect(made).toHaveLength(1)
    expect(await problems(storage, hsm)).toEqual([])
  })

  it('verifies and is searched whole, of however many lanes it is', async () => {
    const { exclusive: _, ...storage } = memoryStorage()
    const hsm = memoryHsm(worldDefaults)
    const first = await testPawl({ storage, hsm, seed: 'lane 0' })
    const others = []
    for (let lane = 1; lane < 13; lane++)
      others.push(await testPawl({ storage, hsm, seed: `lane ${lane}`, clock: first.clock }))
    for (const world of [first, ...others]) {
      first.clock.advance(1_000)
      await world.owner.vaults.create({ name: `v${first.clock.now()}` })
    }
    first.clock.advance(minutes(11))
    await first.pawl.runJobs()
    const { events } = await first.owner.audit.events({ action: 'vault.create' })
    expect(events).toHaveLength(13)
    const times = events.map(({ created_at }) => created_at)
    expect(times).toEqual(times.toSorted().toReversed())
    expect(await first.owner.audit.verify({})).toMatchObject({ chain_valid: true, events_checked: 14 })
    expect((await first.owner.audit.follow({})).events).toHaveLength(15)
    for (const world of [first, ...others]) await world.close()
    const reports = []
    for await (const one of (await openAuditVerifier({ ...worldDefaults, storage, hsm })).lanes()) reports.push(one)
    expect(reports.map(({ problem }) => problem)).toEqual(Array(13).fill(null))
  })

  it.each([
    [{ limit: 5 }, 5],
    [{ limit: 1 }, 1],
    [{ from: '2026-01-01T00:11:02Z' }, 3],
    [{ from: '2026-01-01T00:11:02Z', limit: 2 }, 2],
    [{ from: '2026-01-01T00:11:02Z', to: '2026-01-01T00:11:03Z' }, 2],
    [{ to: '2026-01-01T00:00:00Z' }, 8],
    [{ to: '2026-01-01T00:00:00Z', limit: 3 }, 3],
    [{ from: '2027-01-01T00:00:00Z' }, 0],
  ])('verifies in the window %j, loading what stands before it', async (window, checked) => {
    const { storage, hsm } = await usedStore()
    await using world = await testPawl({ storage, hsm })
    const answer = await world.owner.audit.verify(window)
    expect(answer).toMatchObject({ chain_valid: true, events_checked: checked, events_verified: checked })
  })

  it.each([{ limit: 0 }, { limit: 10_001 }, { limit: -5 }, { from: 'x' }])(
    'refuses the window %j (A13)',
    async (window) => {
      await using world = await testPawl()
      await expect(world.owner.audit.verify(window as never)).rejects.toMatchObject({ kind: 'invalid' })
    },
  )

  it('is signed every ten minutes when it grew, and not again when it did not', async () => {
    const storage = memoryStorage()
    const hsm = memoryHsm(worldDefaults)
    const world = await testPawl({ storage, hsm })
    const signed = async () =>
      (await storage.scan({ kind: 'auditCheckpoint', index: 'lane', from: '', to: '~', limit: 99 })).length
    await world.owner.vaults.create({ name: 'prod' })
    await world.pawl.runJobs()
    expect(await signed()).toBe(0)
    for (const [passed, count] of [
      [9, 0],
      [1, 1],
      [10, 1],
    ] as const) {
      world.clock.advance(minutes(passed))
      await world.pawl.runJobs()
      expect(await signed()).toBe(count)
    }
    await world.owner.vaults.list()
    await world.close()
    expect(await signed()).toBe(2)
    await (await testPawl({ storage, hsm })).close()
    expect(await signed()).toBe(2)
  })
})

const step = fc.record({
  engine: fc.nat(1),
  doing: fc.constantFrom('read', 'limited', 'write', 'create', 'denied', 'missing', 'garbage'),
})

describe('a trail that many write at once', () => {
  it('audit lanes verify after any interleaving, and hold one event for every answer and every refusal', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 2, maxLength: 24 }),
        fc.array(fc.nat(3), { minLength: 1, maxLength: 40 }),
        async (steps, delays) => {
          const { storage, hsm, engines, place, alice } = await twoEngines(delays)
          const doings = steps.map(({ engine, doing }) => run(engines[engine] as Pawl, doing, place, alice))
          const outcomes = await Promise.all(doings)
          expect(outcomes.filter((kind) => kind === 'internal' || kind === 'unavailable')).toEqual([])
          expect(await problems(storage, hsm)).toEqual([])
          const [one] = engines
          const { events } = await (one as Pawl).as({ user: place.owner }).audit.events({ limit: 1_000 })
          expect(events).toHaveLength(steps.length + place.before)
          const verdict = await (one as Pawl).as({ user: place.owner }).audit.verify({})
          expect(verdict).toMatchObject({ chain_valid: true, events_checked: events.length + 1 })
        },
      ),
      { numRuns: tries(40, 4) },
    )
  })
})

interface Place {
  readonly vault_id: string
  readonly owner: string
  readonly before: number
}

/** Two engines on one store that others may write too, each call of which waits as long as the next number says. */
async function twoEngines(delays: readonly number[]) {
  const storage = memoryStorage()
  const { setup, get, scan, commit, commitMany, close } = storage
  const shared: Storage & GroupCommit = { setup, get, scan, commit, commitMany, close }
  const hsm = memoryHsm(worldDefaults)
  let call = 0
  let isSlow = false
  const pause = async () => {
    for (let left = isSlow ? (delays[call++ % delays.length] ?? 0) : 0; left > 0; left--) await tick()
  }
  const one = await testPawl({ storage: slow(shared, pause), hsm, seed: 'one' })
  const two = await testPawl({ storage: slow(shared, pause), hsm, seed: 'two' })
  const { id } = await one.owner.vaults.create({ name: 'prod' })
  await one.owner.secrets.put({ vault_id: id, path: 'plain', value: tagged('x') })
  await one.owner.secrets.put({ vault_id: id, path: 'limited', value: tagged('x'), max_access_count: 3 })
  const { id: alice } = await one.member()
  const { count } = await one.owner.audit.events({})
  isSlow = true
  const place: Place = { vault_id: id, owner: one.ownerId, before: count + 1 }
  return { storage, hsm, engines: [one.pawl, two.pawl], place, alice }
}

const tick = () => new Promise<void>((resolve) => setImmediate(resolve))

async function run(pawl: Pawl, doing: string, { vault_id, owner }: Place, alice: string): Promise<string> {
  const as = pawl.as({ user: owner })
  const calls: Record<string, () => Promise<unknown>> = {
    read: () => as.secrets.get({ vault_id, path: 'plain' }),
    limited: () => as.secrets.get({ vault_id, path: 'limited' }),
    write: () => as.secrets.put({ vault_id, path: 'plain', value: tagged('y') }),
    create: () => as.vaults.create({ name: 'taken by the first' }),
    denied: () => pawl.as({ user: alice }).secrets.get({ vault_id, path: 'plain' }),
    missing: () => as.secrets.get({ vault_id, path: 'missing' }),
    garbage: () => as.secrets.get({ vault_id, path: '../up' }),
  }
  return (calls[doing] as () => Promise<unknown>)().then(
    () => 'answered',
    (error) => error.kind,
  )
}

describe('a trail that somebody changed who holds the store', () => {
  const found = async (tamper: (tools: Forger, used: Used) => Promise<void>) => {
    const used = await usedStore()
    await tamper(await forger(used), used)
    return { ...used, problems: await problems(used.storage, used.hsm) }
  }

  it('does not verify when a bit of a block, an end or a checkpoint is flipped', async () => {
    for (const [kind, id] of [
      [blockKind, 'main.1'],
      [laneKind, null],
      [checkpointKind, 'main.8'],
    ] as const) {
      const { problems } = await found(async (tools, { org }) => {
        const target = await tools.stored(kind as never, id ?? `${org}.main`)
        const body = target.body.slice()
        body[40] = (body[40] ?? 0) ^ 1
        await tools.overwrite(target, { body, version: target.version })
      })
      expect(problems, kind.name).toHaveLength(1)
      expect(problems[0]).toMatch(/not authentic/)
    }
  })

  it('does not verify when two blocks change places', async () => {
    const { problems } = await found(async (tools) => {
      const [one, two] = [
        await tools.stored(blockKind as never, 'main.0'),
        await tools.stored(blockKind as never, 'main.1'),
      ]
      await tools.overwrite(one, two)
      await tools.overwrite(two, one)
    })
    expect(problems).toEqual(['The block that begins with event 0 is not authentic.'])
  })

  it('does not verify when any block is taken away', async () => {
    const blocks = await (await forger(await usedStore())).blocks()
    expect(blocks.length).toBeGreaterThan(5)
    for (const { id } of blocks) {
      const { problems } = await found((tools) => tools.remove(blockKind as never, id))
      expect(problems, id).toHaveLength(1)
    }
  })

  it('does not verify when the end is taken away, or is set back to an older one', async () => {
    const gone = await found((tools, { org }) => tools.remove(laneKind as never, `${org}.main`))
    expect(gone.problems).toEqual(['The lane holds 12 events, but its end record counts 0.'])

    const used = await usedStore()
    const old = await (await forger(used)).stored(laneKind as never, `${used.org}.main`)
    const world = await testPawl({ storage: used.storage, hsm: used.hsm })
    await world.owner.vaults.list()
    await world.close()
    const tools = await forger(used)
    await tools.overwrite(await tools.stored(laneKind as never, `${used.org}.main`), old)
    expect(await problems(used.storage, used.hsm)).toEqual(['The lane holds 13 events, but its end record counts 12.'])
    // The engine finds a block where its own should go, and rather does nothing than something unrecorded.
    await using again = await testPawl({ storage: used.storage, hsm: used.hsm })
    await expect(again.owner.vaults.list()).rejects.toMatchObject({ kind: 'unavailable' })
  })

  it('does not verify when its last events and their end are taken away together, as an old copy would be', async () => {
    const used = await usedStore()
    const tools = await forger(used)
    const old = await tools.stored(laneKind as never, `${used.org}.main`)
    const world = await testPawl({ storage: used.storage, hsm: used.hsm })
    await world.owner.vaults.list()
    await world.close()
    await tools.overwrite(await tools.stored(laneKind as never, `${used.org}.main`), old)
    await tools.remove(blockKind as never, 'main.12')
    expect(await problems(used.storage, used.hsm)).toEqual([
      'Events from number 12 on are missing. 13 events were signed.',
    ])
    await using again = await testPawl({ storage: used.storage, hsm: used.hsm })
    expect(await again.owner.audit.verify({})).toMatchObject({ chain_valid: false })
    await again.owner.vaults.list()
    expect(await again.owner.audit.verify({ from: '2027-01-01T00:00:00Z' })).toMatchObject({
      chain_valid: false,
      problem: 'Signed events are missing.',
      broken_at_event_id: idOf((await tools.checkpoints()).at(-1)?.mac ?? '', 12),
    })
  })

  it('does not verify when everything of an organisation is gone but what was signed', async () => {
    const { problems } = await found(async (tools, { org }) => {
      for (const { id } of await tools.blocks()) await tools.remove(blockKind as never, id)
      await tools.remove(laneKind as never, `${org}.main`)
    })
    expect(problems).toEqual(['Events from number 0 on are missing. 8 events were signed.'])
  })

  it('does not verify when a lane is gone with everything that was signed of it (M6)', async () => {
    const wipe = async (tools: Forger, { org }: Used) => {
      for (const { id } of await tools.blocks()) await tools.remove(blockKind as never, id)
      for (const { id } of await tools.checkpoints()) await tools.remove(checkpointKind as never, id)
      await tools.remove(laneKind as never, `${org}.main`)
    }
    const wiped = await found(wipe)
    expect(wiped.problems).toEqual(['The lane is missing. 12 events were known.'])
    // The engine goes on, and does not sign a list that lost a lane.
    const world = await testPawl({ storage: wiped.storage, hsm: wiped.hsm })
    expect(await world.owner.audit.verify({})).toMatchObject({ chain_valid: false, problem: 'A lane is missing.' })
    await world.owner.vaults.list()
    await world.close()
    expect(await problems(wiped.storage, wiped.hsm)).toEqual([
      'Events from number 2 on are missing. 12 events were known.',
    ])

    const unlisted = await found(async (tools, used) => {
      await wipe(tools, used)
      await tools.remove(laneListKind as never, 'main')
    })
    expect(unlisted.problems).toEqual(['The signed list of lanes is missing.'])
    await using again = await testPawl({ storage: unlisted.storage, hsm: unlisted.hsm })
    expect(await again.owner.audit.verify({ limit: 1 })).toMatchObject({
      chain_valid: false,
      problem: 'The signed list of lanes is missing.',
    })
    const shortened = await found(async (tools, used) => {
      await wipe(tools, used)
      const list = await tools.read(laneListKind, 'main')
      await tools.put(laneListKind, { ...list, lanes: {} })
    })
    expect(shortened.problems).toEqual(['The list of lanes is not signed.'])
  })

  it('says so through the operation too, and names the first event that is wrong', async () => {
    const { storage, hsm } = await found((tools) => tools.remove(blockKind as never, 'main.1'))
    const lines: unknown[] = []
    await using world = await testPawl({ storage, hsm, log: (level, message) => lines.push([level, message]) })
    const { events } = await world.owner.audit.events({})
    expect(await world.owner.audit.verify({})).toMatchObject({
      chain_valid: false,
      events_checked: 12,
      broken_at_event_id: events[events.length - 2]?.id,
    })
    expect(lines).toContainEqual(['error', 'the audit trail failed verification'])
  })

  it('says so through the operation when the last event is missing, signed or not', async () => {
    const { storage, hsm } = await found(async (tools) => {
      for (const { id } of await tools.checkpoints()) await tools.remove(checkpointKind as never, id)
      await tools.remove(blockKind as never, 'main.11')
    })
    await using world = await testPawl({ storage, hsm })
    expect(await world.owner.audit.verify({})).toMatchObject({
      chain_valid: false,
      problem: 'The last event of the lane is missing.',
    })
  })

  it('says so through the operation when the end of a lane does not open', async () => {
    const used = await usedStore()
    // An engine that has its own lane, because it shares the store.
    const { exclusive: _, ...shared } = used.storage
    await using world = await testPawl({ storage: shared, hsm: used.hsm, seed: 'other' })
    const tools = await forger(used)
    const target = await tools.stored(laneKind as never, `${used.org}.main`)
    await tools.overwrite(target, { body: target.body.slice(1), version: target.version })
    expect(await world.owner.audit.verify({ limit: 2 })).toMatchObject({
      chain_valid: false,
      problem: 'The end of a lane is not authentic.',
    })
    await expect(world.owner.audit.events({ action: 'vault.create' })).rejects.toMatchObject({ kind: 'internal' })
  })

  it('says so through the operation when a block does not open', async () => {
    const { storage, hsm } = await found(async (tools) => {
      const target = await tools.stored(blockKind as never, 'main.1')
      await tools.overwrite(target, { body: target.body.slice(1), version: target.version })
    })
    await using world = await testPawl({ storage, hsm })
    expect(await world.owner.audit.verify({})).toMatchObject({
      chain_valid: false,
      problem: 'The previous event is missing.',
    })
    expect(await world.owner.audit.verify({ limit: 2 })).toMatchObject({ chain_valid: true })
    const first = { from: '2026-01-01T00:00:00Z', limit: 1 }
    expect(await world.owner.audit.verify(first)).toMatchObject({ chain_valid: true, events_checked: 1 })
    expect(await world.owner.audit.verify({ from: '2026-01-01T00:00:00Z' })).toMatchObject({
      chain_valid: false,
      events_verified: 1,
      problem: 'A block of the audit trail is not authentic.',
    })
    await expect(world.owner.audit.events({})).rejects.toMatchObject({ kind: 'internal' })
  })
})

describe('a trail that somebody changed who holds the store and the keys of the engine', () => {
  type Change = (blocks: readonly AuditBlock[], tools: Forger, used: Used) => Promise<void>

  const forged = { actorId: 'x', actorType: 'agent', action: 'x', resourceId: 'x', resourceType: 'x', ip: '::1' }
  const fields = Object.entries({ ...forged, details: { outcome: 'denied' } }).map(
    ([field, value]): [string, Change] => [
      `the ${field} of an event`,
      async (blocks, tools) => {
        const block = blocks[2] as AuditBlock
        const [draft, ...rest] = block.drafts
        await tools.put(
          blockKind,
          forgedBlock(block, { drafts: [{ ...(draft as AuditDraft), [field]: value }, ...rest] }),
        )
      },
    ],
  )
  const several = (blocks: readonly AuditBlock[]) => blocks.find(({ drafts }) => drafts.length > 2) as AuditBlock

  const changes: Record<string, Change> = {
    ...Object.fromEntries(fields),
    'the MAC of a block, and with it the ids of its events': async (blocks, tools) => {
      await tools.put(blockKind, { ...(blocks[1] as AuditBlock), mac: '0'.repeat(64) })
    },
    'the time of a block': async (blocks, tools) => {
      await tools.put(blockKind, forgedBlock(blocks[2] as AuditBlock, { at: 1 }))
    },
    'the number of events in a block': async (blocks, tools) => {
      const block = several(blocks)
      await tools.put(blockKind, forgedBlock(block, { drafts: block.drafts.slice(0, -1) }))
    },
    'the first event of a block': async (blocks, tools) => {
      const block = several(blocks)
      await tools.put(blockKind, forgedBlock(block, { drafts: block.drafts.slice(1) }))
    },
    'the order of events in a block': async (blocks, tools) => {
      const block = several(blocks)
      await tools.put(blockKind, forgedBlock(block, { drafts: block.drafts.toReversed() }))
    },
    'the order of blocks': async (blocks, tools) => {
      const [one, two] = [blocks[0] as AuditBlock, blocks[1] as AuditBlock]
      await tools.put(blockKind, { ...one, mac: two.mac, payload: two.payload })
      await tools.put(blockKind, { ...two, mac: one.mac, payload: one.payload })
    },
    'the organisation of a block': async (blocks, tools, { otherOrg }) => {
      await tools.put(blockKind, blocks[0] as AuditBlock, otherOrg)
    },
    'the end of the lane': async (_, tools) => {
      const [head] = await tools.heads()
      await tools.put(laneKind, { ...(head as LaneHead), next: 11 })
    },
    'the MAC at the end of the lane': async (_, tools) => {
      const [head] = await tools.heads()
      await tools.put(laneKind, { ...(head as LaneHead), mac: 'f'.repeat(64) })
    },
    'all of history, chained again from one changed block on': async (_, tools, { org }) => {
      await rewrite(tools, org, (blocks) => {
        blocks[2] = someoneElse(blocks[2] as AuditBlock)
      })
    },
    'all of history, chained again after the last events were cut off': async (_, tools, { org }) => {
      await rewrite(tools, org, (blocks) => {
        blocks.length -= 2
      })
    },
    'a checkpoint': async (_, tools) => {
      const [checkpoint] = await tools.checkpoints()
      await tools.put(checkpointKind, { ...(checkpoint as Checkpoint), at: 1 })
    },
    'the checkpoints too, without the key that signs them': async (_, tools, { org }) => {
      await rewrite(tools, org, (blocks) => {
        blocks[2] = someoneElse(blocks[2] as AuditBlock)
      })
      const blocks = await tools.blocks()
      for (const checkpoint of await tools.checkpoints()) {
        const signed = blocks.find(({ first, drafts }) => first + drafts.length === checkpoint.next)
        await tools.put(checkpointKind, { ...checkpoint, mac: signed?.mac ?? '' })
      }
    },
  }

  it.each(Object.entries(changes))('does not verify when they changed %s', async (_, change) => {
    const used = await usedStore()
    const tools = await forger(used)
    await change(await tools.blocks(), tools, used)
    expect((await problems(used.storage, used.hsm)).length).toBeGreaterThan(0)
  })

  it('says so through the operation too, when a block was moved to another time', async () => {
    const used = await usedStore()
    const tools = await forger(used)
    const [first] = await tools.blocks()
    await tools.put(blockKind, forgedBlock(first as AuditBlock, { at: 1 }))
    await using world = await testPawl({ storage: used.storage, hsm: used.hsm })
    expect(await world.owner.audit.verify({})).toMatchObject({
      chain_valid: false,
      problem: 'The block was changed.',
    })
  })

  it('verifies when the same tools change nothing', async () => {
    const used = await usedStore()
    const tools = await forger(used)
    for (const block of await tools.blocks()) await tools.put(blockKind, block)
    await rewrite(tools, used.org, () => {})
    expect(await problems(used.storage, used.hsm)).toEqual([])
  })

  it('is not signed again once it lost what was signed', async () => {
    const used = await usedStore()
    const tools = await forger(used)
    await rewrite(tools, used.org, (blocks) => {
      blocks.length -= 2
    })
    const lines: string[] = []
    const log = (_: unknown, message: string, fields?: object) =>
      lines.push([message, ...Object.values(fields ?? {})].join(' '))
    const world = await testPawl({ storage: used.storage, hsm: used.hsm, log })
    for (let at = 0; at < 5; at++) await world.owner.vaults.list()
    await world.close()
    expect(lines.join()).toMatch(/scheduled task failed.*lost signed events/)
    expect((await tools.checkpoints()).map(({ next }) => next)).toEqual([8, 12])
    expect((await problems(used.storage, used.hsm))[0]).toMatch(/differs from the block that was signed/)
  })
})

it('an audit verifier refuses a store without a vault, and writes nothing to it', async () => {
  const storage = memoryStorage()
  await expect(openAuditVerifier({ ...worldDefaults, storage, hsm: memoryHsm(worldDefaults) })).rejects.toThrow(
    'This storage holds no vault.',
  )
  expect(await storage.get([{ kind: 'keyring', id: 'main' }])).toEqual([null])
})
