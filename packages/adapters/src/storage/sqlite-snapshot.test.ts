import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { type Put, StorageConflict } from '@pawl/core/ports'
import { expect, it, onTestFinished } from 'vitest'
import { type SqliteStorage, sqlite } from './sqlite.ts'

async function filled(count: number): Promise<{ storage: SqliteStorage; path: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'pawl-snapshot-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const path = join(folder, 'data', 'vault.db')
  const storage = sqlite({ path })
  await storage.setup()
  for (let at = 0; at < count; at += 100) await storage.commit(Array.from({ length: 100 }, (_, more) => put(at + more)))
  return { storage, path }
}

function put(number: number): Put {
  const [id, body] = [`r${number}`, new Uint8Array(4_000).fill(number)]
  return { op: 'put', kind: 'thing', id, expect: null, version: 'v', body, keys: [{ index: 'list', key: id }] }
}

const namesBeside = (path: string) =>
  readdirSync(dirname(path)).filter((name) => !/^vault\.db(-wal|-commits)?$/.test(name))

it('a snapshot is taken from a copy that is for its owner alone, and that goes when it was read', async () => {
  const { storage, path } = await filled(1_000)
  const umask = process.umask(0)
  onTestFinished(() => void process.umask(umask))
  let chunks = 0
  for await (const _ of storage.snapshot()) {
    chunks++
    expect(namesBeside(path).length).toBeGreaterThan(0)
    for (const name of namesBeside(path)) expect(statSync(join(dirname(path), name)).mode & 0o777, name).toBe(0o600)
  }
  expect(chunks).toBeGreaterThan(2)
  expect(namesBeside(path)).toEqual([])
  for await (const _ of storage.snapshot()) break
  expect(namesBeside(path)).toEqual([])
  await storage.close()
})

it('what a crash left of a snapshot is removed when the database is opened again, and nothing else is', async () => {
  const { storage, path } = await filled(100)
  await storage.close()
  for (const name of ['vault.db-copy-1', 'vault.db-copy-1-wal', 'other.db-copy-1']) {
    writeFileSync(join(dirname(path), name), 'left', { mode: 0o600 })
  }
  await storage.setup()
  expect(namesBeside(path)).toEqual(['other.db-copy-1'])
  await storage.close()
})

it('a snapshot leaves the process free for other work while the copy is made', async () => {
  const { storage } = await filled(3_000)
  let [turns, counting] = [0, true]
  const count = () => {
    turns++
    if (counting) setImmediate(count)
  }
  setImmediate(count)
  for await (const _ of storage.snapshot()) break
  counting = false
  // 12 MB in steps of 100 pages of 8 KiB.
  expect(turns).toBeGreaterThan(10)
  await storage.close()
})

it('a conflict while the copy is made neither stops nor empties the snapshot', async () => {
  const { storage } = await filled(3_000)
  let isCopying = true
  const conflicts = (async () => {
    while (isCopying) {
      await expect(storage.commit([put(0)])).rejects.toThrow(StorageConflict)
      await new Promise(setImmediate)
    }
  })()
  let records = 0
  for await (const chunk of storage.snapshot()) {
    isCopying = false
    records += chunk.length
  }
  await conflicts
  expect(records).toBe(3_000)
  await storage.close()
})
