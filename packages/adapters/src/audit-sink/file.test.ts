import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { testAuditSink } from '@pawl/testkit/conformance'
import { testPawl } from '@pawl/testkit/world'
import { describe, expect, it } from 'vitest'
import { fileAuditSink } from './file.ts'

// Goal: the file holds every acknowledged event as a whole line, whatever a crash left at its end. Method: the suite of the
// port, a vault that writes to the file, and files that end in the middle of a line.

function inFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'pawl-sink-'))
  const path = join(folder, 'audit.jsonl')
  const lines = () =>
    readFileSync(path, { encoding: 'utf8', flag: 'a+' })
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line))
  return { path, lines, destroy: () => rmSync(folder, { recursive: true }) }
}

testAuditSink(
  'a file',
  () => {
    const { path, lines, destroy } = inFolder()
    return { sink: fileAuditSink({ path }), delivered: async () => lines(), destroy }
  },
  { describe, it },
)

describe('a file of audit events', () => {
  it.each([10, 200_000])('goes on after a crash that left %d bytes of a line', async (bytes) => {
    const { path, lines, destroy } = inFolder()
    const first = await testPawl({ auditSink: fileAuditSink({ path }) })
    await first.owner.vaults.list()
    await first.pawl.runJobs()
    await first.close()
    const before = lines()
    appendFileSync(path, `{"id":"${'x'.repeat(bytes)}`)
    await using second = await testPawl({ auditSink: fileAuditSink({ path }) })
    await second.owner.vaults.list()
    await second.pawl.runJobs()
    expect(lines().slice(0, before.length)).toEqual(before)
    expect(lines().length).toBeGreaterThan(before.length)
    expect(statSync(path).mode & 0o077).toBe(0)
    destroy()
  })
})
