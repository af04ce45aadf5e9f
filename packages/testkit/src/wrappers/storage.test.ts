import { type Put, type Storage, StorageUnusable } from '@pawl/core/ports'
import { memoryStorage } from '@pawl/core/ports/reference'
import { describe, expect, it } from 'vitest'
import { testStorage } from '../conformance/storage.ts'
import { failing, readOnly, recording, slow } from './storage.ts'

const lacks = { durable: 'it is kept in memory' }
const tick = () => Promise.resolve()

// Interceptor a correct store, a wrapper that is not asked to do harm makes a correct store with the same abilities.
const harmless: Record<string, () => Storage> = {
  'a slow': () => slow(memoryStorage(), tick),
  'a failing': () => failing(memoryStorage(), { at: 0 }),
  'a recording': () => recording(memoryStorage()),
}
for (const [name, open] of Object.entries(harmless)) {
  testStorage(`${name} reference`, () => ({ storage: open() }), { describe, it }, { lacks, runs: 20 })
}

const put: Put = {
  op: 'put',
  kind: 'thing',
  id: 'a',
  expect: null,
  version: 'a1',
  body: Uint8Array.of(1, 2, 3),
  keys: [{ index: 'list', key: 'k' }],
}
const ref = { kind: 'thing', id: 'a' }
const range = { kind: 'thing', index: 'list', from: '', to: '~', limit: 10 }

/** A store with no optional ability, its methods on a prototype. */
function plain(): Storage {
  const { get, scan, commit, setup, close } = memoryStorage()
  return Object.create({ get, scan, commit, setup, close })
}

describe('the storage wrappers', () => {
  const all: readonly (<S extends Storage>(storage: S) => S)[] = [
    (storage) => slow(storage, tick),
    (storage) => failing(storage, { at: 0 }),
    recording,
    readOnly,
  ]
  it('keep the abilities of what they wrap, and add none', async () => {
    for (const wrap of all) {
      expect(wrap(memoryStorage())).toMatchObject({
        exclusive: true,
        commitMany: expect.anything(),
      })
      for (const ability of ['exclusive', 'commitMany', 'snapshot']) expect(wrap(plain())).not.toHaveProperty(ability)
      expect(await wrap(plain()).get([ref])).toEqual([null])
    }
  })
})

describe('a slow storage', () => {
  it('waits before each call, as long as it is told', async () => {
    const slept: string[] = []
    const storage = slow(memoryStorage(), async (method) => void slept.push(method))
    await storage.commit([put])
    await storage.get([ref])
    await storage.scan(range)
    expect(slept).toEqual(['commit', 'get', 'scan'])
  })

  it('has not begun the call while it waits', async () => {
    const inner = memoryStorage()
    const storage = slow(inner, () => new Promise((resolve) => setTimeout(resolve, 5)))
    const commit = storage.commit([put])
    expect(await inner.get([ref])).toEqual([null])
    await commit
    expect(await inner.get([ref])).toHaveLength(1)
  })
})

describe('a failing storage', () => {
  it('fails the call it is told to, and does nothing then', async () => {
    const inner = memoryStorage()
    const storage = failing(inner, { at: 2 })
    await storage.get([ref])
    await expect(storage.commit([put])).rejects.toThrow(StorageUnusable)
    expect(await inner.get([ref])).toEqual([null])
    await storage.commit([put])
    expect(await inner.get([ref])).toMatchObject([{ version: 'a1' }])
  })

  it('fails again and again, with the error it is given', async () => {
    const storage = failing(memoryStorage(), { every: 3, error: () => new Error('the cable') })
    const outcomes: string[] = []
    for (let at = 0; at < 7; at++) {
      await storage.scan(range).then(
        () => outcomes.push('ok'),
        (error: Error) => outcomes.push(error.message),
      )
    }
    expect(outcomes).toEqual(['ok', 'ok', 'the cable', 'ok', 'ok', 'the cable', 'ok'])
  })

  it('counts only the calls it is told to', async () => {
    const storage = failing(memoryStorage(), { every: 2, only: ({ method }) => method === 'commit' })
    await storage.commit([put])
    await storage.get([ref])
    await expect(storage.commit([{ op: 'delete', ...ref, expect: 'a1' }])).rejects.toThrow(StorageUnusable)
  })

  it('can lose the answer of a commit that was carried out', async () => {
    const inner = memoryStorage()
    await expect(failing(inner, { at: 1, after: true }).commitMany([[put]])).rejects.toThrow(StorageUnusable)
    expect(await inner.get([ref])).toMatchObject([{ version: 'a1' }])
  })
})

describe('a storage that can show all it has', () => {
  const chunks = [[], [{ ...put, kind: 'thing' }]]
  async function* snapshot() {
    yield* chunks
  }
  const whole = () => ({ ...memoryStorage(), snapshot })

  it('shows it through a wrapper, and may fail at every step', async () => {
    const seen: unknown[] = []
    for await (const chunk of slow(whole(), tick).snapshot()) seen.push(chunk)
    expect(seen).toEqual(chunks)
    const broken = failing(whole(), { at: 2 }).snapshot()[Symbol.asyncIterator]()
    expect(await broken.next()).toMatchObject({ done: false })
    await expect(broken.next()).rejects.toThrow(StorageUnusable)
  })

  it('is let go of when somebody stops early', async () => {
    let isLetGo = false
    const open = async function* () {
      try {
        yield* chunks
      } finally {
        isLetGo = true
      }
    }
    for await (const _ of recording({ ...memoryStorage(), snapshot: open }).snapshot()) break
    expect(isLetGo).toBe(true)
  })
})

describe('a recording storage', () => {
  it('lists the calls in order, with sizes in place of bodies', async () => {
    const storage = recording(memoryStorage())
    await storage.get([ref])
    await storage.commit([put])
    await storage.commitMany([[{ op: 'delete', ...ref, expect: 'a1' }], [put]])
    await storage.scan(range)
    const { body, ...rest } = put
    const written = { ...rest, bytes: body.length }
    expect(storage.calls).toEqual([
      { method: 'get', refs: [ref] },
      { method: 'commit', writes: [written] },
      { method: 'commitMany', batches: [[{ op: 'delete', ...ref, expect: 'a1' }], [written]] },
      { method: 'scan', range },
    ])
  })
})

describe('a read-only storage', () => {
  it('answers, and refuses every change', async () => {
    const inner = memoryStorage()
    await inner.commit([put])
    const storage = readOnly(inner)
    expect(await storage.scan(range)).toMatchObject([{ id: 'a' }])
    await storage.commit([{ op: 'check', ...ref, expect: 'a1' }])
    await expect(storage.commit([{ op: 'delete', ...ref, expect: 'a1' }])).rejects.toThrow(StorageUnusable)
    await expect(storage.commitMany([[], [{ ...put, id: 'b', keys: [] }]])).rejects.toThrow('read-only')
    expect(await inner.get([ref])).toMatchObject([{ version: 'a1' }])
  })
})
