import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { AuditEventShown } from '@pawl/core/ports'
import { tagged } from '@pawl/testkit/canary'
import { testAuditSink } from '@pawl/testkit/conformance'
import { testPawl } from '@pawl/testkit/world'
import { describe, expect, it } from 'vitest'
import { fileSink } from './file-sink.ts'

function open() {
  const folder = mkdtempSync(join(tmpdir(), 'pawl-audit-'))
  const path = join(folder, 'audit.jsonl')
  const sink = fileSink({ path })
  const close = async () => {
    await sink[Symbol.asyncDispose]()
    rmSync(folder, { recursive: true })
  }
  return { sink, path, delivered: async () => linesIn(path), close }
}

testAuditSink('fileSink', open, { describe, it })

describe('fileSink', () => {
  it('has everything that happened in a vault once, and no secret', async () => {
    const { sink, path, close } = open()
    const value = tagged('password')
    {
      await using world = await testPawl({ auditSink: sink })
      const { id: vault_id } = await world.owner.vaults.create({ name: 'prod' })
      await world.owner.secrets.put({ vault_id, path: 'db/password', type: 'password', value })
      await world.pawl.runJobs()
      await world.owner.secrets.get({ vault_id, path: 'db/password' })
      await world.pawl.runJobs()
    }
    const events = linesIn(path)
    expect(events.map(({ action }) => action)).toEqual(expect.arrayContaining(['vault.create', 'secret.read']))
    expect(new Set(events.map(({ id }) => id)).size).toBe(events.length)
    expect(readFileSync(path, 'utf8')).not.toContain(value)
    await close()
  })

  it('goes on after a crash: half a line is cut off, and what it has already is not written again', async () => {
    const { sink, path, close } = open()
    await sink.deliver([event(0), event(1)])
    appendFileSync(path, '{"id":"main-2","act')
    await using again = fileSink({ path })
    await again.deliver([event(1), event(2)])
    expect(linesIn(path)).toEqual([event(0), event(1), event(2)])
    await close()
  })

  it('has an event once that is delivered twice at once', async () => {
    const { sink, path, close } = open()
    await Promise.all([sink.deliver([event(0)]), sink.deliver([event(0)]), sink.deliver([event(0), event(1)])])
    expect(linesIn(path)).toEqual([event(0), event(1)])
    await close()
  })

  it('rejects what it cannot write, and takes it later', async () => {
    const { sink, path, close } = open()
    await sink.deliver([event(0)])
    appendFileSync(path, 'no event\n')
    const again = fileSink({ path })
    await expect(again.deliver([event(1)])).rejects.toThrow('Move the file away')
    rmSync(path)
    await again.deliver([event(1)])
    expect(linesIn(path)).toEqual([event(1)])
    await again[Symbol.asyncDispose]()
    await close()
  })

  it('is for its owner alone', async () => {
    const { sink, path, close } = open()
    await sink.deliver([event(0)])
    expect(statSync(path).mode & 0o077).toBe(0)
    await close()
  })
})

function linesIn(path: string): AuditEventShown[] {
  const text = readFileSync(path, { encoding: 'utf8', flag: 'a+' })
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line))
}

function event(sequence: number): AuditEventShown {
  return {
    id: `main-${sequence}`,
    org_id: 'o1',
    lane: 'main',
    sequence,
    hash: '0'.repeat(64),
    action: 'secret.read',
    actor_type: 'user',
    actor_id: 'u1',
    resource_type: 'secret',
    resource_id: 's1',
    details: {},
    created_at: '2026-01-01T00:00:00.000Z',
  }
}
