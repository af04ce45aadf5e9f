import type { IndexKey, Kept, Snapshot } from '@pawl/core/ports'
import { check } from '../asserts.ts'
import { type AnyStorage, type Case, equal, key, put, ref, stored } from './words.ts'

const snapshotOf = (storage: AnyStorage) => (storage as AnyStorage & Snapshot).snapshot()

const kept = (id: string, words: Parameters<typeof put>[1] = {}): Kept => ({
  ...stored(id, words),
  keys: words.keys ?? [],
})

/** Enough that no adapter brings them in one chunk, in batches as the engine makes them. */
const many = 2_500
const rowsAtOnce = 100
const chunkBytesMax = 16 * 1024 * 1024

export const snapshot: readonly Case[] = [
  ['shows nothing of an empty store in a snapshot', async (storage) => equal(await all(storage), [])],

  [
    'shows every record once in a snapshot, with its body and all its keys',
    async (storage) => {
      const keys = [key('k1'), key('k2'), key('k1', 'names')]
      await storage.commit([put('a', { keys }), put('b', { body: [] }), put('a', { kind: 'other', keys: [key('k1')] })])
      await storage.commit([put('c', { keys: [key('k3')] }), put('d', { keys: [key('k4')] })])
      await storage.commit([put('c', { expect: 'c1', version: 'c2', body: [9, 9], keys: [key('k5')] })])
      await storage.commit([{ op: 'delete', ...ref('d'), expect: 'd1' }])
      equal(await all(storage), [
        kept('a', { kind: 'other', keys: [key('k1')] }),
        kept('a', { keys }),
        kept('b', { body: [] }),
        kept('c', { version: 'c2', body: [9, 9], keys: [key('k5')] }),
      ])
    },
  ],

  [
    'shows a key that a record says twice once in a snapshot',
    async (storage) => {
      await storage.commit([put('a', { keys: [key('k'), key('l'), key('k'), key('k', 'names')] })])
      equal(await all(storage), [kept('a', { keys: [key('k'), key('l'), key('k', 'names')] })])
    },
  ],

  [
    'shows one moment in a snapshot, though everything changes after its first chunk',
    async (storage) => {
      await fill(storage, null)
      const seen: Kept[] = []
      for await (const chunk of snapshotOf(storage)) {
        if (seen.length === 0) await changeAll(storage)
        seen.push(...chunk)
      }
      equal(seen.length, many, 'the number of records')
      equal(new Set(seen.map(({ id }) => id)).size, many, 'the number of ids')
      equal(seen.filter(({ version }) => version !== 'v0').length, 0, 'the number of records from another moment')
      equal(seen.filter(({ keys }) => keys.length !== 1).length, 0, 'the number of records without their key')
      equal((await all(storage)).length, many + 1, 'the number of records afterwards')
    },
  ],

  [
    'shows what one batch wrote in a snapshot wholly or not at all, while others write',
    async (storage) => {
      await fill(storage, null)
      await storage.commit([put('x', { version: '0' }), put('y', { version: '0' })])
      let writing = true
      const writer = (async () => {
        for (let at = 0; writing; at++) {
          await storage.commit(['x', 'y'].map((id) => put(id, { expect: `${at}`, version: `${at + 1}` })))
          await new Promise((resolve) => setTimeout(resolve, 0))
        }
      })()
      for (let round = 0; round < 3; round++) {
        const pair = (await all(storage)).filter(({ id }) => id === 'x' || id === 'y')
        equal(pair[1]?.version, pair[0]?.version, 'the version of the second record')
      }
      writing = false
      await writer
    },
  ],

  [
    'lets go of a snapshot that is not read to its end, and bears two at once',
    async (storage) => {
      await fill(storage, null)
      for (let round = 0; round < 12; round++) for await (const _ of snapshotOf(storage)) break
      await storage.commit([put('x')])
      const [one, other] = await Promise.all([all(storage), all(storage)])
      equal([one.length, other.length], [many + 1, many + 1], 'the numbers of records')
    },
  ],

  [
    'gives a snapshot in chunks that fit into memory',
    async (storage) => {
      const body = new Uint8Array(2 * 1024 * 1024).fill(5)
      for (let at = 0; at < 12; at++) await storage.commit([put(`r${at}`, { body })])
      for await (const chunk of snapshotOf(storage)) {
        const bytes = chunk.reduce((sum, one) => sum + one.body.length, 0)
        check(bytes <= chunkBytesMax, `a chunk has ${bytes} bytes, and 24 MiB are stored`)
      }
    },
  ],
]

/** Everything in a snapshot, in one order. */
async function all(storage: AnyStorage): Promise<Kept[]> {
  const found: Kept[] = []
  for await (const chunk of snapshotOf(storage)) found.push(...chunk)
  const sorted = found.map(({ kind, id, version, body, keys }) => ({ kind, id, version, body, keys: inOrder(keys) }))
  return sorted.sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1))
}

const nameOf = ({ kind, id }: Kept) => `${kind} ${id}`
const inOrder = (keys: readonly IndexKey[]) =>
  keys.toSorted((a, b) => (`${a.index} ${a.key}` < `${b.index} ${b.key}` ? -1 : 1))

/** Puts the many records at a version, from the one before. */
async function fill(storage: AnyStorage, expect: string | null): Promise<void> {
  const version = expect === null ? 'v0' : 'v1'
  for (let from = 0; from < many; from += rowsAtOnce) {
    const ids = Array.from({ length: rowsAtOnce }, (_, at) => `r${from + at}`)
    await storage.commit(ids.map((id) => put(id, { expect, version, keys: [key(`${version} ${id}`)] })))
  }
}

async function changeAll(storage: AnyStorage): Promise<void> {
  await fill(storage, 'v0')
  await storage.commit([put('new'), put('newer'), { op: 'delete', ...ref('r7'), expect: 'v1' }])
}
