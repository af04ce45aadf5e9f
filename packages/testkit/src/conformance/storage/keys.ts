import type { Storage } from '@pawl/core/ports'
import {
  type Case,
  equal,
  hit,
  ids,
  key,
  keysFound,
  put,
  range,
  ref,
  refusesStale,
  refusesTaken,
  stored,
} from './words.ts'

export const keys: readonly Case[] = [
  [
    'finds a record under each of its keys',
    async (storage) => {
      await storage.commit([put('a', { keys: [key('k1'), key('k2'), key('k1', 'other')] })])
      equal(await storage.scan(range()), [hit('k1', 'a'), hit('k2', 'a')])
      equal(await storage.scan(range({ index: 'other' })), [hit('k1', 'a')])
    },
  ],

  [
    'replaces all keys of a record on a put',
    async (storage) => {
      await storage.commit([put('a', { keys: [key('stays'), key('goes'), key('goes', 'other')] })])
      await storage.commit([put('a', { expect: 'a1', version: 'a2', keys: [key('comes'), key('stays')] })])
      equal(await storage.scan(range()), [hit('comes', 'a', 'a2'), hit('stays', 'a', 'a2')])
      equal(await storage.scan(range({ index: 'other' })), [])
      await storage.commit([put('b', { keys: [key('goes')] })])
      await storage.commit([put('a', { expect: 'a2', version: 'a3' })])
      equal(await keysFound(storage), ['goes'])
    },
  ],

  [
    'finds the new version under a key that did not change',
    async (storage) => {
      await storage.commit([put('a', { keys: [key('k')] })])
      await storage.commit([put('a', { expect: 'a1', version: 'a2', body: [2], keys: [key('k')] })])
      equal(await storage.scan(range()), [{ ...stored('a', { version: 'a2', body: [2] }), key: 'k' }])
    },
  ],

  [
    'removes the keys of a record with it',
    async (storage) => {
      await storage.commit([put('a', { keys: [key('k1'), key('k2')] })])
      await storage.commit([{ op: 'delete', ...ref('a'), expect: 'a1' }])
      equal(await storage.scan(range()), [])
      await storage.commit([put('b', { keys: [key('k1')] })])
      equal(await ids(storage), ['b'])
    },
  ],

  [
    'takes a key that a record says twice for one',
    async (storage) => {
      await storage.commit([put('a', { keys: [key('k'), key('k')] })])
      equal(await keysFound(storage), ['k'])
      await storage.commit([put('a', { expect: 'a1', version: 'a2', keys: [key('k'), key('l'), key('l')] })])
      equal(await keysFound(storage), ['k', 'l'])
    },
  ],
]

export const ownership: readonly Case[] = [
  [
    'refuses a key that belongs to another record, and names the record and the index',
    async (storage) => {
      await storage.commit([put('a', { keys: [key('k', 'names')] }), put('b')])
      await refusesTaken(storage, [put('c', { keys: [key('free'), key('k', 'names')] })], ref('c'), 'names')
      const update = put('b', { expect: 'b1', version: 'b2', keys: [key('k', 'names')] })
      await refusesTaken(storage, [update], ref('b'), 'names')
      equal(await ids(storage, 'names'), ['a'])
    },
  ],

  [
    'lets the same key stand in other indexes and other kinds',
    async (storage) => {
      const same = [put('b', { keys: [key('k', 'other')] }), put('c', { kind: 'cat', keys: [key('k')] })]
      await storage.commit([put('a', { keys: [key('k')] }), ...same])
      equal(await ids(storage), ['a'])
      equal(await ids(storage, 'other'), ['b'])
      equal((await storage.scan(range({ kind: 'cat' }))).length, 1)
    },
  ],

  [
    'says stale and not taken when both are true',
    async (storage) => {
      await storage.commit([put('a', { keys: [key('k')] })])
      await refusesStale(storage, [put('b', { expect: 'b1', version: 'b2', keys: [key('k')] })], ref('b'))
      await refusesStale(
        storage,
        [put('c', { keys: [key('k')] }), { op: 'check', ...ref('d'), expect: 'd1' }],
        ref('d'),
      )
    },
  ],

  [
    'hands a key from one record to another in one batch',
    async (storage) => {
      await storage.commit([put('a', { keys: [key('k')] }), put('b')])
      const receive = put('b', { expect: 'b1', version: 'b2', keys: [key('k')] })
      await storage.commit([receive, put('a', { expect: 'a1', version: 'a2' })])
      equal(await ids(storage), ['b'])
      await storage.commit([put('c', { keys: [key('k')] }), { op: 'delete', ...ref('b'), expect: 'b2' }])
      equal(await ids(storage), ['c'])
    },
  ],

  [
    'swaps the keys of two records in one batch',
    async (storage) => {
      await storage.commit([put('a', { keys: [key('k1')] }), put('b', { keys: [key('k2')] })])
      await storage.commit([
        put('a', { expect: 'a1', version: 'a2', keys: [key('k2')] }),
        put('b', { expect: 'b1', version: 'b2', keys: [key('k1')] }),
      ])
      equal(await ids(storage), ['b', 'a'])
    },
  ],

  [
    'refuses two records of one batch that want the same key',
    async (storage) => {
      await refusesTaken(storage, [put('a', { keys: [key('k')] }), put('b', { keys: [key('k')] })])
      equal(await storage.get([ref('a'), ref('b')]), [null, null])
      await storage.commit([put('c', { keys: [key('k')] }), put('d')])
      const keeps = put('c', { expect: 'c1', version: 'c2', keys: [key('k')] })
      const wants = put('d', { expect: 'd1', version: 'd2', keys: [key('k')] })
      await refusesTaken(storage, [wants, keeps])
      await refusesTaken(storage, [{ op: 'check', ...ref('c'), expect: 'c1' }, wants], ref('d'))
    },
  ],
]

const fill = (storage: Storage, all: readonly string[]) =>
  storage.commit(all.map((one) => put(`id ${one}`, { keys: [key(one)] })))

export const scans: readonly Case[] = [
  [
    'scans in byte order, also where that is not the order of a dictionary',
    async (storage) => {
      // What key encoding uses: ! ends a component, " and ~ lead an escape.
      const ordered = '! " # - 0 10 9 A B _ a a! a!b a" a# aB aa b } ~'.split(' ')
      await fill(storage, [...ordered].reverse())
      equal(await keysFound(storage), ordered)
      equal(await keysFound(storage, { reverse: true }), [...ordered].reverse())
      equal(await keysFound(storage, { from: 'a!', to: 'a"' }), ['a!', 'a!b'])
    },
  ],

  [
    'includes the lower bound and excludes the upper one, in both directions',
    async (storage) => {
      await fill(storage, ['a', 'b', 'c', 'd'])
      for (const reverse of [false, true]) {
        const found = async (from: string, to: string) => (await keysFound(storage, { from, to, reverse })).sort()
        equal(await found('b', 'd'), ['b', 'c'])
        equal(await found('a!', 'c~'), ['b', 'c'])
        equal(await found('', 'a'), [])
        equal(await found('d', '~'), ['d'])
        equal(await found('c', 'c'), [])
        equal(await found('d', 'a'), [])
      }
    },
  ],

  [
    'stops at the limit, at the end it starts from',
    async (storage) => {
      await fill(storage, ['a', 'b', 'c', 'd'])
      equal(await keysFound(storage, { limit: 2 }), ['a', 'b'])
      equal(await keysFound(storage, { limit: 2, reverse: true }), ['d', 'c'])
      equal(await keysFound(storage, { limit: 2, from: 'b', to: 'd', reverse: true }), ['c', 'b'])
      equal(await keysFound(storage, { limit: 4 }), ['a', 'b', 'c', 'd'])
      equal(await keysFound(storage, { limit: 1_000 }), ['a', 'b', 'c', 'd'])
    },
  ],

  [
    'finds nothing in an index or a kind that has no keys',
    async (storage) => {
      await fill(storage, ['a'])
      equal(await storage.scan(range({ index: 'other' })), [])
      equal(await storage.scan(range({ kind: 'other' })), [])
    },
  ],

  [
    'scans 1,000 records, and pages through more without a gap or a repeat',
    async (storage) => {
      const all = Array.from({ length: 1_050 }, (_, at) => String(at).padStart(6, '0'))
      for (let at = 0; at < all.length; at += 100) await fill(storage, all.slice(at, at + 100))
      equal(await keysFound(storage, { limit: 1_000 }), all.slice(0, 1_000))
      const paged: string[] = []
      for (let page = await keysFound(storage, { limit: 300 }); page.length > 0; ) {
        paged.push(...page)
        page = await keysFound(storage, { limit: 300, from: `${page.at(-1)}!` })
      }
      equal(paged, all)
    },
  ],
]
