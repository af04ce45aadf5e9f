import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { errorAlone } from '../../../../tools/real-parts/alone.ts'
import { sqlite } from './sqlite.ts'

const isNode20 = Number.parseInt(process.versions.node, 10) < 22
const source = new URL('./sqlite-driver.ts', import.meta.url)

describe('the driver of SQLite', () => {
  test('that is not installed is named, with the command that installs it', async () => {
    const remedies = isNode20
      ? ['Node 20', 'npm install @pawl/sqlite-node20']
      : ['better-sqlite3', 'npm install better-sqlite3@13']
    const error = await errorAlone(source, 'sqliteDriver')
    for (const part of ['is not installed', ...remedies]) expect(error).toContain(part)
  })

  test.skipIf(isNode20)('of version 12 is never loaded here, because it aborts the process later', async () => {
    expect(await errorAlone(source, 'sqliteDriver', { 'better-sqlite3': '12.11.1' })).toBe(
      'better-sqlite3 12 crashes Node 22 and newer. Run: npm install better-sqlite3@13',
    )
  })

  // Written by better-sqlite3 12 on Node 20 and by 13 on Node 24, each in a process that was killed: the last record is
  // in the log alone.
  test.each(['12', '13'])('opens a database that better-sqlite3 %s wrote, with its log', async (version) => {
    const folder = mkdtempSync(join(tmpdir(), 'pawl-drivers-'))
    const path = join(folder, 'vault.db')
    for (const part of ['', '-wal']) {
      const file = new URL(`../../test/written-by/${version}.db${part}.gz`, import.meta.url)
      writeFileSync(path + part, gunzipSync(readFileSync(file)), { mode: 0o600 })
    }
    const storage = sqlite({ path, check: 'always' })
    await storage.setup()
    const found = await storage.get(['kept', 'logged'].map((id) => ({ kind: 'note', id })))
    await storage.close()
    rmSync(folder, { recursive: true })
    expect(found.map((one) => Buffer.from(one?.body ?? []).toString())).toEqual([
      `by ${version}`,
      `logged by ${version}`,
    ])
  })
})
