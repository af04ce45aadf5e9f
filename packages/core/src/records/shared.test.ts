import fc from 'fast-check'
import { beforeEach, describe, expect, it } from 'vitest'
import { tries } from '../../../../tools/test-run/index.ts'
import { openKeyring } from '../crypto/keyring.ts'
import { manualClock, memoryHsm, memoryStorage, nobleCrypto, systemRandom } from '../ports/reference/index.ts'
import type { Storage } from '../ports/storage.ts'
import { kind } from './kind.ts'
import { openRecords, type Records } from './records.ts'
import type { Unit } from './unit.ts'

// Goal: engines that share a store remember what they read, and still never act on what another has changed. Method:
// two of them on one store that says what it is asked, and random histories against a plain map.

interface Item {
  readonly id: string
  readonly name: string
  readonly owner: string
  readonly count: number
}

const itemKind = kind<Item>('item', {
  indexes: {
    name: { unique: true, key: ({ name }) => [name] },
    owner: { versionedList: 1, key: ({ owner, name }) => [owner, name] },
    count: { key: ({ count }) => [count] },
  },
})

let storage: Storage
let calls: string[]
let one: Records
let other: Records

beforeEach(async () => {
  const inner = memoryStorage()
  const hsm = memoryHsm()
  calls = []
  const noted = <A extends unknown[], R>(name: string, call: (...args: A) => R) => {
    return (...args: A) => {
      calls.push(name)
      return call(...args)
    }
  }
  const { setup, close } = inner
  storage = {
    setup,
    close,
    get: noted('get', inner.get),
    scan: noted('scan', inner.scan),
    commit: noted('commit', inner.commit),
  }
  const open = async () =>
    openRecords({
      storage,
      keyring: await openKeyring(storage, hsm, nobleCrypto, systemRandom),
      crypto: nobleCrypto,
      random: systemRandom,
      clock: manualClock('2026-01-01T00:00:00Z'),
      kinds: [itemKind],
      onStorageError: () => {},
      onClockBehind: () => {},
    })
  one = await open()
  other = await open()
})

const within = <T>(records: Records, work: (unit: Unit) => T) => records.transactIn('a', work)

const item = (id: string, fields: Partial<Item> = {}): Item => ({ id, name: id, owner: 'me', count: 0, ...fields })

const put = (records: Records, id: string, fields: Partial<Item> = {}) =>
  within(records, (unit) => {
    const before = unit.get(itemKind, id)
    unit.put(itemKind, { ...(before ?? item(id)), ...fields })
  })

const remove = (records: Records, id: string) =>
  within(records, (unit) => {
    const before = unit.get(itemKind, id)
    if (before) unit.delete(itemKind, before)
  })

const countOf = (records: Records, id: string) => within(records, (unit) => unit.get(itemKind, id)?.count ?? null)
const named = (records: Records, name: string) =>
  within(records, (unit) => unit.find(itemKind, 'name', name)?.id ?? null)
const ownedBy = (records: Records, owner: string) =>
  within(records, (unit) => unit.list(itemKind, 'owner', owner).map(({ id, count }) => `${id} ${count}`))

describe('engines on a shared store', () => {
  it('read what they know already in one round trip: the commit that proves it is current', async () => {
    await put(one, 'x', { count: 1 })
    const look = () =>
      within(one, (unit) => {
        unit.get(itemKind, 'x')
        unit.get(itemKind, 'absent')
        unit.find(itemKind, 'name', 'x')
        unit.list(itemKind, 'owner', 'me')
      })
    await look()
    await look()
    calls.length = 0
    await look()
    expect(calls).toEqual(['commit'])
  })

  it('see at once what another has changed, made and taken away', async () => {
    const seen = async () => [
      await countOf(one, 'x'),
      await countOf(one, 'new'),
      await named(one, 'x'),
      await ownedBy(one, 'me'),
    ]
    await put(one, 'x')
    await seen()
    expect(await seen()).toEqual([0, null, 'x', ['x 0']])
    await put(other, 'x', { count: 5 })
    expect(await seen()).toEqual([5, null, 'x', ['x 5']])
    await put(other, 'new', { count: 7 })
    expect(await seen()).toEqual([5, 7, 'x', ['new 7', 'x 5']])
    await put(other, 'x', { name: 'y', owner: 'you' })
    expect(await seen()).toEqual([5, 7, null, ['new 7']])
    await remove(other, 'new')
    expect(await seen()).toEqual([5, null, null, []])
  })

  it('do not refuse anything because of what is outdated', async () => {
    await put(one, 'gate', { count: 0 })
    await countOf(one, 'gate')
    await put(other, 'gate', { count: 1 })
    const enter = within(one, (unit) => {
      const gate = unit.get(itemKind, 'gate')
      if (gate?.count !== 1) throw new Error('closed')
      return 'entered'
    })
    expect(await enter).toBe('entered')
  })

  it.each(['put', 'check'] as const)('do not refuse it either when the outdated is what they %s', async (how) => {
    await put(one, 'gate', { count: 0 })
    await countOf(one, 'gate')
    await put(other, 'gate', { count: 1 })
    const enter = within(one, (unit) => {
      const gate = unit.get(itemKind, 'gate') ?? item('gate')
      unit[how](itemKind, gate)
      if (gate.count !== 1) throw new Error('closed')
      return 'entered'
    })
    expect(await enter).toBe('entered')
  })

  it('refuse what is to be refused, once that is known to be current', async () => {
    await put(one, 'gate', { count: 0 })
    let runs = 0
    const enter = within(one, (unit) => {
      runs++
      unit.get(itemKind, 'gate')
      throw new Error('closed')
    })
    await expect(enter).rejects.toThrow('closed')
    expect(runs).toBe(1)
  })

  it('find out about everything that is outdated in one go', async () => {
    const ids = Array.from({ length: 30 }, (_, at) => `item${at}`)
    for (const id of ids) await put(one, id)
    for (const id of ids) await countOf(one, id)
    for (const id of ids) await put(other, id, { count: 1 })
    let runs = 0
    const sum = await within(one, (unit) => {
      runs++
      const found = unit.getAll(itemKind, ids)
      return found.reduce((total, record) => total + (record?.count ?? 0), 0)
    })
    // One that rests on memory, and one that begins again when everything was loaded at once.
    expect([sum, runs]).toEqual([30, 3])
  })

  it('read fresh what would be too much to check in one batch', async () => {
    const ids = Array.from({ length: 300 }, (_, at) => `item${at}`)
    for (const id of ids) await put(one, id)
    const sum = () =>
      within(one, (unit) => {
        let total = 0
        for (const id of ids) total += unit.get(itemKind, id)?.count ?? 0
        return total
      })
    expect(await sum()).toBe(0)
    for (const id of ids) await put(other, id, { count: 1 })
    expect(await sum()).toBe(300)
  })

  it('agree with a plain map, whatever they do one after the other', async () => {
    const id = fc.constantFrom('a', 'b', 'c')
    const who = fc.constantFrom('one', 'other')
    const step = fc.oneof(
      fc.record({ does: fc.constant('put' as const), who, id, owner: fc.constantFrom('me', 'you'), count: fc.nat(3) }),
      fc.record({ does: fc.constant('rename' as const), who, id, name: fc.constantFrom('n', 'm') }),
      fc.record({ does: fc.constant('remove' as const), who, id }),
      fc.record({ does: fc.constant('look' as const), who, id }),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
        const model = new Map<string, Item>()
        for (const gone of ['a', 'b', 'c']) await remove(one, gone)
        for (const now of steps) {
          const records = now.who === 'one' ? one : other
          if (now.does === 'look') await compare(records, now.id, model)
          else await change(records, now, model)
        }
      }),
      { numRuns: tries(150, 4) },
    )
  })
})

type Change =
  | { does: 'put'; id: string; owner: string; count: number }
  | { does: 'rename'; id: string; name: string }
  | { does: 'remove'; id: string }

async function change(records: Records, now: Change, model: Map<string, Item>): Promise<void> {
  if (now.does === 'remove') {
    await remove(records, now.id)
    model.delete(now.id)
    return
  }
  const { does, id, ...fields } = now
  const name = 'name' in fields ? fields.name : null
  if (name && [...model.values()].some((one) => one.name === name && one.id !== id)) return
  await put(records, id, fields)
  model.set(id, { ...(model.get(id) ?? item(id)), ...fields })
}

async function compare(records: Records, id: string, model: ReadonlyMap<string, Item>): Promise<void> {
  const all = [...model.values()]
  expect(await countOf(records, id)).toBe(model.get(id)?.count ?? null)
  for (const name of ['n', 'm', id]) {
    expect(await named(records, name)).toBe(all.find((one) => one.name === name)?.id ?? null)
  }
  for (const owner of ['me', 'you']) {
    const owned = all.filter((one) => one.owner === owner).sort((a, b) => (a.name < b.name ? -1 : 1))
    expect(await ownedBy(records, owner)).toEqual(owned.map(({ id, count }) => `${id} ${count}`))
  }
}
