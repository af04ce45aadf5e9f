import fs, { mkdtempSync, rmSync } from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Put } from '@pawl/core/ports'
import { afterEach, expect, it, onTestFinished, vi } from 'vitest'
import { sqlite } from './sqlite.ts'

/** Each ends one sync that waits. */
let syncs: (() => void)[] = []

/** From now on, the disk syncs when the test says so. */
function holdTheDisk(): void {
  syncs = []
  vi.spyOn(fs, 'fdatasync').mockImplementation((_, done) => void syncs.push(() => done(null)))
  syncBuiltinESMExports()
}

afterEach(() => {
  vi.restoreAllMocks()
  syncBuiltinESMExports()
})

async function opened() {
  const folder = mkdtempSync(join(tmpdir(), 'pawl-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const storage = sqlite({ path: join(folder, 'vault.db') })
  await storage.setup()
  return storage
}

function put(id: string): Put {
  return { op: 'put', kind: 'thing', id, expect: null, version: 'v', body: new Uint8Array(9), keys: [] }
}

it('a read never gives what was committed while it waited for the disk, because that can still be lost', async () => {
  const storage = await opened()
  holdTheDisk()
  const first = storage.commit([put('a')])
  const found = storage.get(['a', 'b'].map((id) => ({ kind: 'thing', id })))
  const second = storage.commit([put('b')])
  expect(syncs).toHaveLength(2)
  syncs[0]?.()
  await first
  expect((await found).map((one) => one?.id)).toEqual(['a', undefined])
  syncs[1]?.()
  await second
  await storage.close()
})

it('a commit that needs only the operating system does not wait for the sync of another commit. A conflict waits', async () => {
  const storage = await opened()
  holdTheDisk()
  const first = storage.commit([put('a')])
  expect(await storage.commitMany([[put('b')]], 'os')).toEqual([null])
  let isAnswered = false
  const conflict = storage.commitMany([[put('a')]]).then(([one]) => {
    isAnswered = true
    return one
  })
  await new Promise(setImmediate)
  expect(isAnswered).toBe(false)
  expect(syncs).toHaveLength(1)
  syncs[0]?.()
  await first
  expect(await conflict).toMatchObject({ reason: 'stale' })
  await storage.close()
})

it('a log that cannot be created refuses the commit, and nothing of the commit is stored', async () => {
  const storage = await opened()
  vi.spyOn(fs, 'openSync').mockImplementation(() => {
    throw Object.assign(new Error('too many open files'), { code: 'EMFILE' })
  })
  syncBuiltinESMExports()
  await expect(storage.commit([put('a')])).rejects.toMatchObject({ name: 'StorageUnusable' })
  vi.restoreAllMocks()
  syncBuiltinESMExports()
  const ids = ['a', 'b'].map((id) => ({ kind: 'thing', id }))
  expect(await storage.get(ids)).toEqual([null, null])
  await storage.commit([put('b')])
  expect((await storage.get(ids)).map((one) => one?.id)).toEqual([undefined, 'b'])
  await storage.close()
})

it('the main thread syncs a fast disk itself, and another thread syncs a slow disk', async () => {
  const storage = await opened()
  let [time, takes] = [0, 0]
  const waits: string[] = []
  vi.spyOn(performance, 'now').mockImplementation(() => time)
  vi.spyOn(fs, 'fdatasync').mockImplementation((_, done) => {
    waits.push('thread')
    time += takes
    done(null)
  })
  vi.spyOn(fs, 'fdatasyncSync').mockImplementation(() => {
    waits.push('main')
    time += takes
  })
  syncBuiltinESMExports()
  // The first commit also syncs the format of the file.
  takes = 0.6
  await storage.commit([put('first')])
  waits.length = 0
  for (const ms of [0.4, 0.1, 0.6, 0.6, 0.1, 0.1]) {
    takes = ms
    await storage.commit([put(`at ${time} for ${ms} ${waits.length}`)])
  }
  expect(waits).toEqual(['thread', 'main', 'main', 'thread', 'thread', 'main'])
  await storage.close()
})
