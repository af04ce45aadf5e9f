import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Put } from '@pawl/core/ports'
import { describe, expect, it, onTestFinished } from 'vitest'
import { logStorage } from './log-storage.ts'

describe('the guide to writing a storage adapter', () => {
  const guide = readFileSync(new URL('../../docs/writing-a-storage-adapter.md', import.meta.url), 'utf8')
  const blocks = [...guide.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, code]) => code)

  it('shows the adapter and its test as they are here, and no other code', () => {
    const files = ['log-storage.ts', 'log-storage.test.ts']
    expect(blocks).toEqual(files.map((name) => readFileSync(new URL(name, import.meta.url), 'utf8')))
  })
})

describe('the guide to testing a plugin', () => {
  it('shows the test as it is here', () => {
    const guide = readFileSync(new URL('../../docs/testing-plugins.md', import.meta.url), 'utf8')
    expect(guide).toContain(`\`\`\`ts\n${readFileSync(new URL('faults.test.ts', import.meta.url), 'utf8')}\`\`\``)
  })
})

describe('the log storage', () => {
  it('drops a line that was never finished, and goes on after the last whole one', async () => {
    const path = newPath()
    await commit(path, put('a'))
    appendFileSync(path, '[{"op":"put","kind":"thing","id":"torn"')
    await commit(path, put('b'))
    expect(await idsIn(path)).toEqual(['a', 'b'])
  })

  it('refuses a line that is damaged, and can be set up when it is mended', async () => {
    const path = newPath()
    await commit(path, put('a'))
    const log = readFileSync(path, 'utf8')
    writeFileSync(path, log.slice(4))
    await expect(idsIn(path)).rejects.toThrow('is damaged')
    writeFileSync(path, log)
    expect(await idsIn(path)).toEqual(['a'])
  })

  it('is for its owner alone', async () => {
    const path = newPath()
    await commit(path, put('a'))
    expect(statSync(path).mode & 0o077).toBe(0)
  })
})

function newPath(): string {
  const folder = mkdtempSync(join(tmpdir(), 'pawl-log-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  return join(folder, 'vault.log')
}

function put(id: string): Put {
  const keys = [{ index: 'list', key: id }]
  return { op: 'put', kind: 'thing', id, expect: null, version: 'v1', body: Uint8Array.of(1), keys }
}

async function commit(path: string, write: Put): Promise<void> {
  const storage = logStorage(path)
  await storage.setup()
  await storage.commit([write])
  await storage.close()
}

async function idsIn(path: string): Promise<string[]> {
  const storage = logStorage(path)
  await storage.setup()
  const hits = await storage.scan({ kind: 'thing', index: 'list', from: '', to: '~', limit: 100 })
  await storage.close()
  return hits.map(({ id }) => id)
}
