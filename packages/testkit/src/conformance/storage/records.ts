import type { Write } from '@pawl/core/ports'
import { check, rejects } from '../asserts.ts'
import {
  type Case,
  equal,
  ids,
  key,
  keysFound,
  put,
  range,
  ref,
  refusesStale,
  refusesTaken,
  stored,
  versions,
} from './words.ts'

export const reading: readonly Case[] = [
  [
    'answers a get in the order asked for, with null where there is no record',
    async (storage) => {
      await storage.commit([put('a'), put('b')])
      equal(await storage.get([ref('b'), ref('none'), ref('a'), ref('b')]), [
        stored('b'),
        null,
        stored('a'),
        stored('b'),
      ])
      equal(await storage.get([]), [])
    },
  ],

  [
    'keeps records when it is set up again',
    async (storage) => {
      await storage.commit([put('a', { keys: [key('k')] })])
      await storage.setup()
      equal(await ids(storage), ['a'])
    },
  ],

  [
    'keeps the records of each kind apart',
    async (storage) => {
      await storage.commit([put('a', { kind: 'cat' })])
      equal(await storage.get([ref('a', 'dog'), ref('a', 'ca')]), [null, null])
      await storage.commit([put('a', { kind: 'dog', version: 'other' })])
      equal(await versions(storage, [ref('a', 'cat'), ref('a', 'dog')]), ['a1', 'other'])
    },
  ],

  [
    'gives back the newest version and body',
    async (storage) => {
      await storage.commit([put('a', { body: [1] })])
      await storage.commit([put('a', { expect: 'a1', version: 'a2', body: [2, 2] })])
      await storage.commit([put('a', { expect: 'a2', version: 'a3', body: [3] })])
      equal(await storage.get([ref('a')]), [stored('a', { version: 'a3', body: [3] })])
    },
  ],
]

const refused: readonly [string, Write][] = [
  ['a put that expects no record, when there is one', put('a', { version: 'a2' })],
  ['a put that expects another version', put('a', { expect: 'a0', version: 'a2' })],
  ['a put that expects a version, when there is no record', put('b', { expect: 'b1', version: 'b2' })],
  ['a delete that expects another version', { op: 'delete', ...ref('a'), expect: 'a0' }],
  ['a delete, when there is no record', { op: 'delete', ...ref('b'), expect: 'b1' }],
  ['a check that expects another version', { op: 'check', ...ref('a'), expect: 'a0' }],
  ['a check that expects no record, when there is one', { op: 'check', ...ref('a'), expect: null }],
  ['a check that expects a version, when there is no record', { op: 'check', ...ref('b'), expect: 'b1' }],
]

export const expectations: readonly Case[] = [
  ...refused.map(
    ([what, write]): Case => [
      `refuses ${what}`,
      async (storage) => {
        await storage.commit([put('a')])
        await refusesStale(storage, [write], write)
        equal(await storage.get([ref('a'), ref('b')]), [stored('a'), null], 'the store')
      },
    ],
  ),

  [
    'accepts checks that hold, and changes nothing for them',
    async (storage) => {
      await storage.commit([put('a', { keys: [key('k')] })])
      await storage.commit([
        { op: 'check', ...ref('a'), expect: 'a1' },
        { op: 'check', ...ref('b'), expect: null },
      ])
      equal(await storage.get([ref('a'), ref('b')]), [stored('a'), null])
      equal(await ids(storage), ['a'])
    },
  ],

  [
    'refuses a version that was current once',
    async (storage) => {
      await storage.commit([put('a')])
      await storage.commit([put('a', { expect: 'a1', version: 'a2' })])
      await refusesStale(storage, [put('a', { expect: 'a1', version: 'a3' })], ref('a'))
      await storage.commit([{ op: 'delete', ...ref('a'), expect: 'a2' }])
      await refusesStale(storage, [put('a', { expect: 'a2', version: 'a3' })], ref('a'))
    },
  ],

  [
    'takes a record again that was deleted',
    async (storage) => {
      await storage.commit([put('a', { keys: [key('k')] })])
      await storage.commit([{ op: 'delete', ...ref('a'), expect: 'a1' }])
      equal(await storage.get([ref('a')]), [null])
      await storage.commit([put('a', { version: 'again', keys: [key('k')] })])
      equal(await storage.get([ref('a')]), [stored('a', { version: 'again' })])
    },
  ],
]

export const batches: readonly Case[] = [
  [
    'applies puts, deletes and checks of one batch together',
    async (storage) => {
      await storage.commit([put('a'), put('b'), put('c')])
      await storage.commit([
        put('a', { expect: 'a1', version: 'a2' }),
        { op: 'delete', ...ref('b'), expect: 'b1' },
        { op: 'check', ...ref('c'), expect: 'c1' },
        put('d'),
      ])
      equal(
        await versions(
          storage,
          ['a', 'b', 'c', 'd'].map((id) => ref(id)),
        ),
        ['a2', null, 'c1', 'd1'],
      )
    },
  ],

  ...[0, 1, 2].map(
    (place): Case => [
      `applies nothing of a batch when write ${place + 1} of 3 is refused`,
      async (storage) => {
        await storage.commit([put('a', { keys: [key('ka')] }), put('b', { keys: [key('kb')] })])
        const batch: Write[] = [
          put('a', { expect: 'a1', version: 'a2', keys: [key('new')] }),
          { op: 'delete', ...ref('b'), expect: 'b1' },
        ]
        batch.splice(place, 0, { op: 'check', ...ref('c'), expect: 'c1' })
        await refusesStale(storage, batch, ref('c'))
        equal(await storage.get([ref('a'), ref('b')]), [stored('a'), stored('b')], 'the store')
        equal(await keysFound(storage), ['ka', 'kb'], 'the index')
      },
    ],
  ),

  [
    'applies nothing of a batch when a key in it is taken',
    async (storage) => {
      await storage.commit([put('a', { keys: [key('k')] })])
      await refusesTaken(storage, [put('b', { keys: [key('mine')] }), put('c', { keys: [key('k')] })], ref('c'))
      equal(await storage.get([ref('b'), ref('c')]), [null, null], 'the store')
      equal(await keysFound(storage), ['k'], 'the index')
    },
  ],

  [
    'takes a batch of 100 records and an empty one',
    async (storage) => {
      const numbers = Array.from({ length: 100 }, (_, at) => String(at).padStart(3, '0'))
      await storage.commit(numbers.map((id) => put(id, { keys: [key(id)] })))
      await storage.commit([])
      equal(await ids(storage), numbers)
    },
  ],

  [
    'throws a TypeError for a batch that names a record twice, and applies nothing',
    async (storage) => {
      const error = await rejects(
        () => storage.commit([put('b'), put('a'), put('a', { version: 'a2' })]),
        'a repeated record',
      )
      check(error instanceof TypeError, `a repeated record is a TypeError, not ${error}`)
      await storage.commit([put('a', { kind: 'cat' }), put('a', { kind: 'dog' })])
      equal(await storage.get([ref('a'), ref('b')]), [null, null], 'the store')
    },
  ],
]

const sizes: readonly [string, Uint8Array][] = [
  ['no bytes', new Uint8Array(0)],
  ['every byte there is', Uint8Array.from({ length: 256 }, (_, at) => at)],
  ['10 KiB', Uint8Array.from({ length: 10_240 }, (_, at) => at * 7)],
  ['1 MiB', Uint8Array.from({ length: 1_048_576 }, (_, at) => (at * 31) >>> 3)],
]

export const bodies: readonly Case[] = [
  ...sizes.map(
    ([what, body]): Case => [
      `keeps a body of ${what}`,
      async (storage) => {
        await storage.commit([put('a', { body, keys: [key('k')] })])
        equal(await storage.get([ref('a')]), [stored('a', { body })])
        equal(await storage.scan(range()), [{ ...stored('a', { body }), key: 'k' }])
      },
    ],
  ),

  [
    'keeps the bytes of a view, not of the buffer behind it',
    async (storage) => {
      await storage.commit([{ ...put('a'), body: Uint8Array.of(9, 9, 1, 2, 3, 9).subarray(2, 5) }])
      equal(await storage.get([ref('a')]), [stored('a', { body: [1, 2, 3] })])
    },
  ],

  [
    'is not changed by what a caller does to a body afterwards',
    async (storage) => {
      const body = Uint8Array.of(1, 2, 3)
      await storage.commit([put('a', { body, keys: [key('k')] })])
      body.fill(0)
      const found = [...(await storage.get([ref('a')])), ...(await storage.scan(range()))]
      for (const one of found) one?.body.fill(0)
      equal(await storage.get([ref('a')]), [stored('a', { body: [1, 2, 3] })])
      equal((await storage.scan(range()))[0]?.body, Uint8Array.of(1, 2, 3))
    },
  ],
]

// What a query language, a file system or a pattern would trip over.
const odd = [
  ...["it's", '"quoted"', '`tick`', 'a;b--', '%', '_', '*', '?', '$1', ':name', '\\', 'a\\b', '/etc/passwd', '../up'],
  ...['a b', ' a', 'a ', 'NULL', 'null', '__proto__', 'constructor', '0', '1e3', '01', '{}', '[1]', '~', '!', 'A', 'a'],
]

export const names: readonly Case[] = [
  [
    'keeps apart kinds, ids, indexes and keys that are odd',
    async (storage) => {
      const puts = odd.map((name) => put(name, { kind: name, version: name, keys: [{ index: name, key: name }] }))
      await storage.commit(puts)
      equal(
        await versions(
          storage,
          odd.map((name) => ref(name, name)),
        ),
        odd,
      )
      for (const name of odd) equal(await ids(storage, name, name), [name])
      await storage.commit(odd.map((name) => ({ op: 'delete', ...ref(name, name), expect: name })))
      equal(
        await versions(
          storage,
          odd.map((name) => ref(name, name)),
        ),
        odd.map(() => null),
      )
    },
  ],

  [
    'keeps apart ids and keys that are odd within one kind',
    async (storage) => {
      await storage.commit(odd.map((name) => put(name, { version: name, keys: [key(name)] })))
      equal(
        await versions(
          storage,
          odd.map((name) => ref(name)),
        ),
        odd,
      )
      equal(await ids(storage), [...odd].sort())
    },
  ],

  [
    'tells names from where they are split',
    async (storage) => {
      await storage.commit([
        put('c', { kind: 'ab', keys: [{ index: 'de', key: 'f' }] }),
        put('bc', { kind: 'a', keys: [{ index: 'd', key: 'ef' }] }),
      ])
      equal(await storage.get([ref('c', 'a'), ref('bc', 'ab'), ref('abc', '')]), [null, null, null])
      equal(await ids(storage, 'de', 'ab'), ['c'])
      equal(await ids(storage, 'd', 'ab'), [])
    },
  ],

  [
    'keeps keys of 1,024 bytes that differ in the last',
    async (storage) => {
      const long = (last: string) => `${'k'.repeat(1_023)}${last}`
      await storage.commit([put('b', { keys: [key(long('b'))] }), put('a', { keys: [key(long('a'))] })])
      equal(await ids(storage), ['a', 'b'])
      equal(await keysFound(storage, { from: long('b') }), [long('b')])
    },
  ],
]
