import { worldDefaults } from '@pawl/testkit/world'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { tries } from '../../../../tools/test-run/index.ts'
import { openKeyring } from '../crypto/keyring.ts'
import { defineError } from '../kernel/errors.ts'
import { manualClock, memoryHsm, memoryStorage, nobleCrypto, seededRandom } from '../ports/reference/index.ts'
import type { Exclusive, GroupCommit, Storage, Sync, Write } from '../ports/storage.ts'
import { blockKind } from './block.ts'
import { TamperedRecord } from './codec.ts'
import { type AnyKind, kind } from './kind.ts'
import { withBytes } from './packing.ts'
import { openRecords, type Records } from './records.ts'
import type { Unit } from './unit.ts'

// Goal: what a unit of work promises to the areas, on a store that is real but in memory. Method: small kinds of our
// own, many units at once, and a store whose contents are changed behind the engine's back.

interface Counter {
  readonly id: string
  readonly name: string
  readonly count: number
}

const counterKind = kind<Counter>('counter', {
  indexes: {
    name: { unique: true, key: ({ name }) => [name] },
    count: { key: ({ count }) => [count] },
    hidden: { unique: true, blind: true, key: ({ name }) => [name] },
  },
})

const nameTaken = defineError('name_taken', 'conflict', 'taken')
type Store = ReturnType<typeof memoryStorage>

async function open(
  storage: Store = memoryStorage(),
  options: { exclusive?: boolean; kinds?: AnyKind[]; auditSync?: Sync; hsmOf?: Store } = {},
) {
  const random = seededRandom('records')
  const clock = manualClock('2026-01-01T00:00:00Z')
  const hsm = hsmOf(options.hsmOf ?? storage)
  const keyring = await openKeyring(storage, hsm, nobleCrypto, random)
  const used = options.exclusive === false ? shared(storage) : storage
  const errors: unknown[] = []
  const behind: number[] = []
  const records = await openRecords({
    storage: used,
    keyring,
    crypto: nobleCrypto,
    random,
    clock,
    kinds: options.kinds ?? [],
    auditSync: options.auditSync,
    onStorageError: (error) => errors.push(error),
    onClockBehind: (milliseconds) => behind.push(milliseconds),
  })
  return { storage, records, clock, errors, behind }
}

/** One HSM per store, so that a store can be opened again. */
const hsms = new WeakMap<Store, ReturnType<typeof memoryHsm>>()
function hsmOf(storage: Store) {
  const hsm = hsms.get(storage) ?? memoryHsm(worldDefaults)
  hsms.set(storage, hsm)
  return hsm
}

/** The same store as one that others may write too. */
function shared(storage: Store): Storage & GroupCommit {
  const { setup, get, scan, commit, commitMany, close } = storage
  return { setup, get, scan, commit, commitMany, close }
}

function inOrg<T>(records: Records, org: string, work: (unit: Unit) => T) {
  return records.transact((unit) => {
    unit.enter(org)
    return work(unit)
  })
}

const add = (records: Records, id: string, by = 1) =>
  inOrg(records, 'a', (unit) => {
    const counter = unit.get(counterKind, id) ?? { id, name: id, count: 0 }
    unit.put(counterKind, { ...counter, count: counter.count + by })
  })

const read = (records: Records, id: string, org = 'a') => {
  return records.reading(org).get(counterKind, id)
}

for (const exclusive of [true, false]) {
  describe(`units of work, ${exclusive ? 'remembering what was read' : 'on a shared store'}`, () => {
    it('lets no increment of many at once get lost', async () => {
      const { records } = await open(memoryStorage(), { exclusive })
      await Promise.all(Array.from({ length: 100 }, () => add(records, 'x')))
      expect(await read(records, 'x')).toMatchObject({ count: 100 })
    })

    it('lets nobody starve who waits for a record that many others keep changing', async () => {
      const { records } = await open(memoryStorage(), { exclusive })
      const client = async () => {
        for (let left = 40; left > 0; left--) await add(records, 'hot')
      }
      await Promise.all(Array.from({ length: 30 }, client))
      expect(await read(records, 'hot')).toMatchObject({ count: 1_200 })
    })

    it('lets nobody starve who changes another record in each run beside the one that all change', async () => {
      const { records } = await open(memoryStorage(), { exclusive })
      const places = Array.from({ length: 10 }, (_, at) => `ring${at}`)
      for (const id of ['hot', ...places]) await add(records, id)
      const next = () =>
        inOrg(records, 'a', (unit) => {
          const hot = unit.require(counterKind, 'hot', nameTaken)
          const place = unit.require(counterKind, `ring${hot.count % places.length}`, nameTaken)
          unit.put(counterKind, { ...hot, count: hot.count + 1 })
          unit.put(counterKind, { ...place, count: hot.count })
        })
      const client = async () => {
        for (let left = 40; left > 0; left--) await next()
      }
      await Promise.all(Array.from({ length: 30 }, client))
      expect(await read(records, 'hot')).toMatchObject({ count: 1_201 })
    })

    it('does not line up those who only look at a record when it changes', async () => {
      const { records } = await open(memoryStorage(), { exclusive })
      await add(records, 'gate')
      let runs = 0
      const look = (id: string) =>
        inOrg(records, 'a', (unit) => {
          runs++
          const gate = unit.get(counterKind, 'gate')
          if (gate) unit.check(counterKind, gate)
          unit.put(counterKind, { id, name: id, count: gate?.count ?? 0 })
        })
      await Promise.all([add(records, 'gate'), ...Array.from({ length: 40 }, (_, at) => look(`l${at}`))])
      expect(runs).toBeLessThanOrEqual(85)
    })

    it('gives a unique name to exactly one of many racing creators', async () => {
      const { records } = await open(memoryStorage(), { exclusive })
      const create = (id: string) =>
        inOrg(records, 'a', (unit) => {
          if (unit.find(counterKind, 'name', 'wanted')) throw nameTaken()
          unit.put(counterKind, { id, name: 'wanted', count: 0 })
        })
      const outcomes = await Promise.allSettled(Array.from({ length: 30 }, (_, at) => create(`c${at}`)))
      expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
      const reasons = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []))
      expect(reasons.every((reason) => nameTaken.is(reason))).toBe(true)
    })

    it('stores all that a unit staged, or nothing when the handler throws', async () => {
      const { records } = await open(memoryStorage(), { exclusive })
      const half = inOrg(records, 'a', (unit) => {
        unit.put(counterKind, { id: 'one', name: 'one', count: 1 })
        throw nameTaken()
      })
      await expect(half).rejects.toSatisfy(nameTaken.is)
      expect(await read(records, 'one')).toBeNull()
    })

    it('decides again when a record it only checked has changed', async () => {
      const { records } = await open(memoryStorage(), { exclusive })
      await add(records, 'gate')
      let attempts = 0
      const pass = inOrg(records, 'a', (unit) => {
        const gate = unit.get(counterKind, 'gate')
        if (!gate) throw new Error('gone')
        unit.check(counterKind, gate)
        unit.waitFor(() => (attempts++ === 0 ? add(records, 'gate') : undefined))
        unit.put(counterKind, { id: 'seen', name: 'seen', count: gate.count })
      })
      await pass
      expect(attempts).toBe(2)
      expect(await read(records, 'seen')).toMatchObject({ count: 2 })
    })

    it('finds and lists what is stored now, whatever was found before (random histories against a plain map)', async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(steps(), { minLength: 1, maxLength: 30 }), async (history) => {
          const { records } = await open(memoryStorage(), { exclusive })
          const model = new Map<string, Counter>()
          for (const { id, name, count, remove } of history) {
            await applyStep(records, model, { id, name, count }, remove)
            await expectSame(records, model)
          }
        }),
        { numRuns: tries(60, 4) },
      )
    })
  })
}

const steps = () =>
  fc.record({
    id: fc.constantFrom('1', '2', '3'),
    name: fc.constantFrom('ann', 'bob', 'cy'),
    count: fc.nat(3),
    remove: fc.boolean(),
  })

async function applyStep(records: Records, model: Map<string, Counter>, wanted: Counter, remove: boolean) {
  const taken = [...model.values()].some(({ id, name }) => name === wanted.name && id !== wanted.id)
  await inOrg(records, 'a', (unit) => {
    const before = unit.get(counterKind, wanted.id)
    if (remove && before) unit.delete(counterKind, before)
    else if (!remove && !taken) unit.put(counterKind, wanted)
  })
  if (remove) model.delete(wanted.id)
  else if (!taken) model.set(wanted.id, wanted)
}

async function expectSame(records: Records, model: Map<string, Counter>) {
  const unit = records.reading('a')
  const all = [...model.values()]
  for (const name of ['ann', 'bob', 'cy']) {
    const wanted = all.find((one) => one.name === name) ?? null
    expect(await unit.find(counterKind, 'name', name)).toEqual(wanted)
    expect(await unit.find(counterKind, 'hidden', name)).toEqual(wanted)
  }
  for (const count of [0, 1, 2, 3]) {
    const wanted = all.filter((one) => one.count === count).sort((a, b) => (a.id < b.id ? -1 : 1))
    expect(await unit.list(counterKind, 'count', count)).toEqual(wanted)
  }
}

describe('organisations', () => {
  it('see nothing of each other, even under the same id and name', async () => {
    const { records } = await open()
    await add(records, 'x')
    expect(await read(records, 'x', 'b')).toBeNull()
    const unit = records.reading('b')
    expect(await unit.find(counterKind, 'name', 'x')).toBeNull()
    expect(await unit.list(counterKind, 'count')).toEqual([])
  })

  it('cannot be changed in the middle of a unit', async () => {
    const { records } = await open()
    await expect(inOrg(records, 'a', (unit) => unit.enter('b'))).rejects.toThrow()
  })
})

describe('a store that is not trusted', () => {
  it('sees neither the contents of records nor a blinded key', async () => {
    const { storage, records } = await open()
    await inOrg(records, 'a', (unit) => unit.put(counterKind, { id: '1', name: 'canary-name', count: 7 }))
    const seen: string[] = []
    for (const index of ['count', 'hidden']) {
      for (const hit of await storage.scan({ kind: 'counter', index, from: '', to: '~~', limit: 9 })) {
        seen.push(hit.key, Buffer.from(hit.body).toString('latin1'))
      }
    }
    expect(seen).toHaveLength(4)
    expect(seen.join()).not.toContain('canary')
  })

  it('is found out when it gives one record for another (J4)', async () => {
    const { storage, records } = await open()
    await add(records, 'x')
    await add(records, 'y')
    const [x, y] = await storage.get([ref('x'), ref('y')])
    await swap(storage, 'x', y?.body ?? new Uint8Array())
    const { records: again } = await open(storage)
    await expect(read(again, 'x')).rejects.toThrow(TamperedRecord)
    expect(x?.version).toBeDefined()
  })

  it('is found out when it brings back an older version (J4)', async () => {
    const { storage, records } = await open()
    await add(records, 'x')
    const [old] = await storage.get([ref('x')])
    await add(records, 'x')
    await swap(storage, 'x', old?.body ?? new Uint8Array())
    const { records: again } = await open(storage)
    await expect(read(again, 'x')).rejects.toThrow(TamperedRecord)
  })

  it('is found out when any bit of a record is flipped (J4)', async () => {
    const { storage, records } = await open()
    await add(records, 'x')
    const [stored] = await storage.get([ref('x')])
    const body = stored?.body ?? new Uint8Array()
    for (let bit = 0; bit < body.length * 8; bit += 5) {
      const flipped = body.slice()
      flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7))
      await swap(storage, 'x', flipped)
      const { records: again } = await open(storage)
      await expect(read(again, 'x')).rejects.toThrow(TamperedRecord)
    }
  })

  it('is found out when a key leads to another record than its own (J4)', async () => {
    const { storage, records } = await open()
    await add(records, 'x')
    await add(records, 'y')
    const [x] = await storage.get([ref('x')])
    if (!x) throw new Error('missing')
    await storage.commit([
      { op: 'delete', ...ref('y'), expect: (await storage.get([ref('y')]))[0]?.version ?? '' },
      { op: 'put', ...x, expect: x.version, keys: [{ index: 'name', key: 'a!y!' }] },
    ])
    const { records: again } = await open(storage)
    const unit = again.reading('a')
    await expect(unit.find(counterKind, 'name', 'y')).rejects.toThrow(TamperedRecord)
  })
})

const ref = (id: string) => ({ kind: 'counter', id: `a/${id}` })

/** Puts another body in the place of a record, as whoever holds the disk could. */
async function swap(storage: Store, id: string, body: Uint8Array) {
  const [stored] = await storage.get([ref(id)])
  if (!stored) throw new Error('missing')
  await storage.commit([
    { op: 'put', ...stored, body, expect: stored.version, keys: [{ index: 'name', key: `a!${id}!` }] },
  ])
}

describe('committing', () => {
  it('brings units that are ready at one moment to the store together', async () => {
    const storage = memoryStorage()
    let transactions = 0
    const counting = {
      ...storage,
      commitMany: (batches: readonly (readonly Write[])[]) => {
        transactions++
        return storage.commitMany(batches)
      },
    }
    hsms.set(counting, hsmOf(storage))
    const { records } = await open(counting)
    transactions = 0
    await Promise.all(Array.from({ length: 40 }, (_, at) => add(records, `c${at}`)))
    expect(transactions).toBe(1)
  })

  it('says which kind of record a unit has changed without reading it', async () => {
    const { records } = await open()
    await add(records, 'x')
    const blindly = inOrg(records, 'a', (unit) => unit.put(counterKind, { id: 'x', name: 'x', count: 7 }))
    await expect(blindly).rejects.toThrow('A unit put a record of the kind counter that exists.')
  })

  it('answers unavailable when the store fails, stores nothing, and works again afterwards', async () => {
    const storage = memoryStorage()
    let broken = false
    const failing = {
      ...storage,
      commitMany: async (batches: readonly (readonly Write[])[]) => {
        if (broken) throw new Error('disk on fire')
        return storage.commitMany(batches)
      },
    }
    hsms.set(failing, hsmOf(storage))
    const { records, errors } = await open(failing)
    broken = true
    await expect(add(records, 'x')).rejects.toMatchObject({ kind: 'unavailable' })
    broken = false
    expect(errors).toHaveLength(1)
    expect(await read(records, 'x')).toBeNull()
    await add(records, 'x')
    expect(await read(records, 'x')).toMatchObject({ count: 1 })
  })

  it('takes values of any size, also many large ones at once', async () => {
    const fileKind = kind<{ id: string; bytes: Uint8Array }>('file', {
      packing: withBytes({ split: ({ id, bytes }) => [{ id }, bytes], join: ({ id }, bytes) => ({ id, bytes }) }),
    })
    const { records } = await open()
    const bytes = new Uint8Array(5 * 1024 * 1024).fill(7)
    const store = (id: string) => inOrg(records, 'a', (unit) => unit.put(fileKind, { id, bytes }))
    await Promise.all(['1', '2', '3', '4', '5', '6'].map(store))
    const unit = records.reading('a')
    expect((await unit.get(fileKind, '6'))?.bytes.length).toBe(bytes.length)
  })
})

describe('time', () => {
  it('never runs backwards, not even over a restart with a clock that was set back (J6)', async () => {
    const { storage, records, clock } = await open()
    clock.advance(3_600_000)
    await inOrg(records, 'a', (unit) => unit.audit(draft))
    const latest = records.now()
    clock.set('2025-01-01T00:00:00Z')
    expect(records.now()).toBe(latest)
    const { records: again } = await open(storage)
    expect(again.now()).toBe(latest)
  })

  it('goes on at half the speed of a clock that was set back, until both agree, and that is told once', async () => {
    const { records, clock, behind } = await open()
    const latest = records.now()
    clock.advance(-60_000)
    records.now()
    expect(behind).toEqual([])
    clock.advance(-3_540_000)
    for (let times = 0; times < 3; times++) expect(records.now()).toBe(latest)
    expect(behind).toEqual([3_600_000])
    for (let minute = 1; minute <= 120; minute++) {
      clock.advance(60_000)
      expect(records.now()).toBe(latest + minute * 30_000)
    }
    clock.advance(1)
    expect(records.now()).toBe(clock.now())
    clock.advance(-120_000)
    records.now()
    expect(behind).toEqual([3_600_000, 120_000])
  })

  it('catches up with a clock that jumps ahead', async () => {
    const { records, clock } = await open()
    clock.advance(-3_600_000)
    records.now()
    clock.advance(24 * 3_600_000)
    expect(records.now()).toBe(clock.now())
  })

  it('that was far ahead when something was stored is told of at the next start', async () => {
    const { storage, records, clock } = await open()
    clock.advance(365 * 24 * 3_600_000)
    await inOrg(records, 'a', (unit) => unit.audit(draft))
    const { records: again, behind } = await open(storage)
    expect(again.now()).toBe(clock.now())
    expect(behind).toEqual([365 * 24 * 3_600_000])
  })

  const draft = {
    action: 'x',
    actorType: 'user',
    actorId: '1',
    resourceType: 'x',
    resourceId: '1',
    details: {},
    ip: null,
  }
})

describe('a changed shape', () => {
  const before = kind<Counter>('counter', { indexes: { name: { unique: true, key: ({ name }) => [name] } } })

  it('is brought up when an old record is read, and stored in the new shape', async () => {
    const { storage, records } = await open()
    await add(records, 'x', 3)
    type Wider = Counter & { readonly step: number }
    const wider = kind<Wider>('counter', {
      indexes: { name: { unique: true, key: ({ name }) => [name] } },
      shape: 2,
      upcast: (old) => ({ ...(old as Counter), step: 1 }),
    })
    const { records: again } = await open(storage)
    const grown = await inOrg(again, 'a', (unit) => {
      const counter = unit.get(wider, 'x')
      if (counter) unit.put(wider, counter)
      return counter
    })
    expect(grown).toEqual({ id: 'x', name: 'x', count: 3, step: 1 })
    await expect(read((await open(storage)).records, 'x')).rejects.toThrow(
      'A newer version of Pawl wrote the record counter a/x. Upgrade Pawl. Nothing was changed.',
    )
  })

  it('gets its new index filled before anything is read, going on where a crash left it', async () => {
    const storage = memoryStorage()
    const { records } = await open(storage, { kinds: [before] })
    for (let at = 0; at < 130; at++) {
      await inOrg(records, 'a', (unit) => unit.put(before, { id: `c${at}`, name: `c${at}`, count: at % 2 }))
    }
    await expect(open(crashAfter(storage, 60), { kinds: [counterKind] })).rejects.toThrow()
    const { records: again } = await open(storage, { kinds: [counterKind] })
    const unit = again.reading('a')
    expect(await unit.list(counterKind, 'count', 1)).toHaveLength(65)
  })

  function crashAfter(storage: Store, commits: number): Store {
    let left = commits
    const crashing = {
      ...storage,
      commitMany: async (batches: readonly (readonly Write[])[]) => {
        if (left-- <= 0) throw new Error('crash')
        return storage.commitMany(batches)
      },
    }
    hsms.set(crashing, hsmOf(storage))
    return crashing
  }
})

describe('a store that is ours alone', () => {
  it('is not asked again for what was read or not found', async () => {
    const { counting, calls } = countingStore()
    const { records } = await open(counting)
    await add(records, 'x')
    const look = async () => {
      const unit = records.reading('a')
      await unit.get(counterKind, 'x')
      await unit.get(counterKind, 'absent')
      await unit.find(counterKind, 'name', 'x')
      await unit.list(counterKind, 'count', 1)
    }
    await look()
    calls.made = 0
    await look()
    expect(calls.made).toBe(0)
  })

  it('is asked again for records of a kind that is only walked through', async () => {
    const walkedKind = kind<Counter>('walked', { indexes: { name: { key: ({ name }) => [name] } }, remembered: false })
    const { counting, calls } = countingStore()
    const { records } = await open(counting)
    await inOrg(records, 'a', (unit) => unit.put(walkedKind, { id: '1', name: 'x', count: 1 }))
    calls.made = 0
    for (let round = 0; round < 2; round++) {
      const unit = records.reading('a')
      expect(await unit.get(walkedKind, '1')).not.toBeNull()
      expect(await unit.list(walkedKind, 'name')).toHaveLength(1)
    }
    expect(calls.made).toBe(4)
  })

  function countingStore() {
    const storage = memoryStorage()
    const calls = { made: 0 }
    const counting: Store & Exclusive = {
      ...storage,
      get: (refs) => {
        calls.made++
        return storage.get(refs)
      },
      scan: (range) => {
        calls.made++
        return storage.scan(range)
      },
    }
    hsms.set(counting, hsmOf(storage))
    return { counting, calls }
  }
})

describe('a commit', () => {
  it('waits for the disk when it changes a record, and for audit events only as it is told to', async () => {
    const { storage } = await open()
    const syncs: unknown[] = []
    const watched: Store = {
      ...storage,
      commitMany: (batches, sync) => {
        syncs.push(sync)
        return storage.commitMany(batches)
      },
    }
    const { records } = await open(watched, { auditSync: 'os', hsmOf: storage })
    const draft = {
      action: 'x',
      actorType: 'x',
      actorId: 'x',
      resourceType: 'x',
      resourceId: 'x',
      details: {},
      ip: null,
    }
    await inOrg(records, 'a', (unit) => unit.audit(draft))
    await add(records, 'x')
    await Promise.all([add(records, 'x'), inOrg(records, 'a', (unit) => unit.audit(draft))])
    expect(syncs).toEqual(['os', 'disk', 'disk'])
  })

  it('is never older than the one before it, although another engine wrote that after this one had read the time', async () => {
    const { storage, records, clock } = await open()
    const late = await open(storage)
    clock.advance(60_000)
    const draft = {
      action: 'x',
      actorType: 'x',
      actorId: 'x',
      resourceType: 'x',
      resourceId: 'x',
      details: {},
      ip: null,
    }
    for (const one of [records, late.records]) await inOrg(one, 'a', (unit) => unit.audit(draft))
    const blocks = await late.records.reading('a').page(blockKind, 'lane', { tuple: ['main'], limit: 9 })
    expect(blocks.map(({ first, at }) => [first, at])).toEqual([0, 1].map((first) => [first, clock.now()]))
  })
})
