import { type GroupCommit, type StorageConflict, StorageUnusable, type Write } from '@pawl/core/ports'
import { check, rejects } from '../asserts.ts'
import {
  type AnyStorage,
  type Case,
  equal,
  hit,
  ids,
  key,
  keysFound,
  put,
  range,
  ref,
  refusedFor,
  refusesStale,
  refusesTaken,
  reopened,
  stored,
  versions,
} from './words.ts'

const group = (storage: AnyStorage, ...all: readonly (readonly Write[])[]) => (storage as GroupCommit).commitMany(all)
const reasons = (answers: readonly (StorageConflict | null)[]) => answers.map((answer) => answer?.reason ?? null)

export const commitMany: readonly Case[] = [
  [
    'commits many batches in order, each seeing what those before it did',
    async (storage) => {
      const first = [put('a', { keys: [key('k')] })]
      const second = [put('a', { expect: 'a1', version: 'a2' }), put('b', { keys: [key('k')] })]
      const third: Write[] = [{ op: 'delete', ...ref('a'), expect: 'a2' }]
      equal(await group(storage, first, second, third, [put('a', { version: 'a4' })]), [null, null, null, null])
      equal(await versions(storage, [ref('a'), ref('b')]), ['a4', 'b1'])
      equal(await ids(storage), ['b'])
    },
  ],

  [
    'answers for each of many batches, and a refused one stops no other',
    async (storage) => {
      await storage.commit([put('a', { keys: [key('k')] })])
      const answers = await group(
        storage,
        [put('b', { version: 'b1' })],
        [put('c'), put('a', { version: 'a2' })],
        [put('d', { expect: null })],
        [put('e'), put('f', { keys: [key('k', 'names'), key('k')] })],
        [put('a', { expect: 'a1', version: 'a2' })],
      )
      equal(reasons(answers), [null, 'stale', null, 'taken', null])
      refusedFor(answers[1], 'stale', ref('a'))
      refusedFor(answers[3], 'taken', ref('f'), 'list')
      const written = ['a', 'b', 'c', 'd', 'e', 'f'].map((id) => ref(id))
      equal(await versions(storage, written), ['a2', 'b1', null, 'd1', null, null])
    },
  ],

  [
    'applies nothing of a refused batch that a later batch of the group could see',
    async (storage) => {
      await storage.commit([put('a', { keys: [key('k')] })])
      const refused: Write[] = [
        { op: 'delete', ...ref('a'), expect: 'a1' },
        put('b', { keys: [key('new')] }),
        { op: 'check', ...ref('c'), expect: 'c1' },
      ]
      const next = [put('d', { keys: [key('new')] }), put('a', { expect: 'a1', version: 'a2', keys: [key('k')] })]
      equal(reasons(await group(storage, refused, next)), ['stale', null])
      equal(await ids(storage), ['a', 'd'])
    },
  ],

  [
    'commits no batches at all, and empty ones',
    async (storage) => {
      equal(await group(storage), [])
      equal(await group(storage, [], [put('a')], []), [null, null, null])
      equal(await versions(storage, [ref('a')]), ['a1'])
    },
  ],

  [
    'throws a TypeError when one of many batches names a record twice, and applies none',
    async (storage) => {
      const error = await rejects(() => group(storage, [put('a')], [put('b'), put('b')]), 'a repeated record')
      check(error instanceof TypeError, `a repeated record is a TypeError, not ${error}`)
      equal(await storage.get([ref('a'), ref('b')]), [null, null])
    },
  ],

  [
    'lets exactly one of many batches of a group create a record',
    async (storage) => {
      const rivals = Array.from({ length: 20 }, (_, at) => [put('a', { version: `v${at}` })])
      equal(reasons(await group(storage, ...rivals)), [null, ...Array.from({ length: 19 }, () => 'stale')])
      equal(await versions(storage, [ref('a')]), ['v0'])
    },
  ],
]

export const exclusive: readonly Case[] = [
  [
    'cannot be opened a second time while it is open',
    async (storage, opened) => {
      await storage.commit([put('a')])
      const error = await rejects(() => reopened(opened), 'a second opening')
      check(error instanceof StorageUnusable, `a second opening is StorageUnusable, not ${error}`)
      await storage.commit([put('a', { expect: 'a1', version: 'a2' })])
      equal(await versions(storage, [ref('a')]), ['a2'])
    },
  ],
]

export const durable: readonly Case[] = [
  [
    'has everything that was committed when it is opened again',
    async (storage, opened) => {
      await storage.commit([put('a', { keys: [key('ka')] }), put('b', { keys: [key('kb')] }), put('c', { body: [] })])
      await storage.commit([put('a', { expect: 'a1', version: 'a2', body: [2], keys: [key('kz')] })])
      await storage.commit([{ op: 'delete', ...ref('b'), expect: 'b1' }])
      await storage.close()

      const other = await reopened(opened)
      equal(await other.get([ref('a'), ref('b'), ref('c')]), [
        stored('a', { version: 'a2', body: [2] }),
        null,
        stored('c', { body: [] }),
      ])
      equal(await keysFound(other), ['kz'])
      await refusesStale(other, [put('a')], ref('a'))
      await refusesTaken(other, [put('d', { keys: [key('kz')] })], ref('d'))
      await other.commit([put('e', { keys: [key('ka'), key('kb')] })])
      await other.close()
    },
  ],

  [
    'has what was committed last when it is opened again, and can go on from there',
    async (storage, opened) => {
      for (let at = 0; at < 10; at++) {
        await storage.commit([put('a', { expect: at === 0 ? null : `v${at - 1}`, version: `v${at}` })])
      }
      await storage.close()
      const other = await reopened(opened)
      await other.commit([put('a', { expect: 'v9', version: 'v10', keys: [key('k')] })])
      await other.close()
      const third = await reopened(opened)
      equal(await third.scan(range()), [hit('k', 'a', 'v10')])
      await third.close()
    },
  ],
]
