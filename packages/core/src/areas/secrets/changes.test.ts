import type { PawlClient } from '@pawl/core'
import type { Hsm, Storage } from '@pawl/core/ports'
import { memoryHsm, memoryStorage, seededRandom } from '@pawl/core/ports/reference'
import { tagged } from '@pawl/testkit/canary'
import { testPawl, type WorldOptions } from '@pawl/testkit/world'
import { describe, expect, it } from 'vitest'

// Goal: a reader who follows the feed of a vault misses no change that it may read, and learns of no other. Method: a whole
// engine in memory. Waiting calls end by a change, or are asked for no longer than a second.

async function withVault(options: WorldOptions = {}) {
  const world = await testPawl(options)
  const { owner } = world
  const { id: vault_id } = await owner.vaults.create({ name: 'prod' })
  return {
    ...world,
    vault_id,
    at: (path: string) => ({ vault_id, path }),
    put: (path: string) => owner.secrets.put({ vault_id, path, value: tagged('x') }),
    reader: readerOf(owner, vault_id),
  }
}

/** Follows the feed: each call tells what has come since the one before. */
function readerOf({ secrets }: PawlClient, vault_id: string) {
  let after: string | undefined
  return {
    cursor: () => after,
    next: async (more: { wait?: number; limit?: number } = {}) => {
      const { changes, cursor } = await secrets.changes({ vault_id, after, ...more })
      after = cursor
      return changes.map(({ path, change, version }) => `${path} ${change} ${version}`)
    },
  }
}

describe('N8: the feed of a vault', () => {
  it('tells what was written, deleted and restored after a cursor, each secret once', async () => {
    await using vault = await withVault()
    const { owner, put, reader, at } = vault
    await put('before')
    expect(await reader.next()).toEqual([])
    await put('a')
    await put('b')
    await put('a')
    expect(await reader.next()).toEqual(['b written 1', 'a written 2'].sort())
    expect(await reader.next()).toEqual([])
    await owner.secrets.delete(at('a'))
    await owner.secrets.disableVersion({ ...at('b'), version: 1 })
    expect((await reader.next()).sort()).toEqual(['a deleted 2', 'b written 1'])
    await owner.secrets.restore(at('a'))
    await owner.secrets.rotate(at('before'))
    expect((await reader.next()).sort()).toEqual(['a restored 2', 'before written 2'])
  })

  it('shows a reader only the secrets that it may read, and moves its cursor for no other', async () => {
    await using vault = await withVault()
    const { put } = vault
    const agent = await vault.agent({ vault: vault.vault_id, policies: [{ pattern: 'team/*' }] })
    const reader = readerOf(agent.as, vault.vault_id)
    await reader.next()
    const cursor = reader.cursor()
    await put('hidden/a')
    expect(await reader.next()).toEqual([])
    expect(reader.cursor()).toBe(cursor)
    await put('team/a')
    await put('hidden/b')
    expect(await reader.next()).toEqual(['team/a written 1'])
  })

  it('comes in parts of any size, with nothing lost between them', async () => {
    await using vault = await withVault()
    const { put, reader } = vault
    await reader.next()
    for (let at = 0; at < 7; at++) await put(`many/${at}`)
    const told = []
    for (let part = await reader.next({ limit: 3 }); part.length > 0; part = await reader.next({ limit: 3 })) {
      told.push(...part)
      expect(part.length).toBeLessThanOrEqual(3)
    }
    expect(told.sort()).toEqual(Array.from({ length: 7 }, (_, at) => `many/${at} written 1`))
  })

  it('goes on after a restart, where the reader stands', async () => {
    const storage = memoryStorage()
    const kept: Storage = { ...storage, close: async () => {} }
    const first = await withVault({ storage: kept })
    const { vault_id, owner, hsm } = first
    const { cursor } = await owner.secrets.changes({ vault_id })
    await first.put('a')
    await first.pawl.close().catch(() => {})
    await using second = await testPawl({ storage: kept, hsm })
    const { changes } = await second.owner.secrets.changes({ vault_id, after: cursor })
    expect(changes.map(({ path }) => path)).toEqual(['a'])
  })

  it('tells a reader to start over after a purge that it may have missed, and no other', async () => {
    await using vault = await withVault()
    const { owner, put, at, vault_id } = vault
    const [late, current] = [readerOf(owner, vault_id), readerOf(owner, vault_id)]
    await late.next()
    await current.next()
    await put('a')
    await owner.secrets.delete(at('a'))
    expect(await current.next()).toEqual(['a deleted 1'])
    await owner.secrets.purge(at('a'))
    await expect(late.next()).rejects.toMatchObject({ kind: 'gone', code: 'changes_dropped' })
    await put('b')
    expect(await current.next()).toEqual(['b written 1'])
  })

  it('refuses a cursor that is none, or of another vault', async () => {
    await using vault = await withVault()
    const { owner, vault_id } = vault
    const other = await owner.vaults.create({ name: 'other' })
    const { cursor } = await owner.secrets.changes({ vault_id: other.id })
    for (const after of [cursor, 'x', 'WzFd']) {
      const refused = { code: 'invalid_input', data: { fields: { after: expect.stringContaining('cursor') } } }
      await expect(owner.secrets.changes({ vault_id, after })).rejects.toMatchObject(refused)
    }
  })

  it('loses no change that is committed late: a write that is overtaken by a reader is made again', async () => {
    const slow = { hsm: memoryHsm({ random: seededRandom('slow') }), wrapping: Promise.resolve() }
    const hsm: Hsm = { ...slow.hsm, wrap: (...given) => slow.wrapping.then(() => slow.hsm.wrap(...given)) }
    await using vault = await withVault({ hsm, strictKeys: true, storage: { ...memoryStorage(), exclusive: true } })
    const { put, reader } = vault
    await reader.next()
    await put('early')
    let release = () => {}
    slow.wrapping = new Promise((done) => {
      release = done
    })
    // It has read the epoch, and waits for its key.
    const late = put('late')
    const told = await reader.next()
    release()
    await late
    expect(told).toEqual(['early written 1'])
    expect(await reader.next()).toEqual(['late written 1'])
  })
})

describe('N8: waiting for a change', () => {
  it('is answered as soon as there is one', async () => {
    await using vault = await withVault()
    const { put, reader } = vault
    await reader.next()
    const waiting = reader.next({ wait: 60 })
    await put('a')
    expect(await waiting).toEqual(['a written 1'])
  })

  it('goes on after changes that the caller may not see, and ends when the time is over', async () => {
    await using vault = await withVault()
    const agent = await vault.agent({ vault: vault.vault_id, policies: [{ pattern: 'team/*' }] })
    const reader = readerOf(agent.as, vault.vault_id)
    await reader.next()
    const waiting = reader.next({ wait: 60 })
    await vault.put('hidden/a')
    await vault.put('team/a')
    expect(await waiting).toEqual(['team/a written 1'])
    await vault.put('hidden/b')
    expect(await reader.next({ wait: 1 })).toEqual([])
  })

  it('gives nothing to an agent that lost its access while it waited', async () => {
    await using vault = await withVault()
    const agent = await vault.agent({ vault: vault.vault_id })
    const reader = readerOf(agent.as, vault.vault_id)
    await reader.next()
    const waiting = reader.next({ wait: 60 })
    await vault.owner.agents.update({ agent_id: agent.id, is_active: false })
    await vault.put('a')
    await expect(waiting).rejects.toMatchObject({ kind: 'unauthenticated' })
  })

  it('is for so many calls of one caller, and for all others still', async () => {
    await using vault = await withVault()
    const { owner, vault_id, put } = vault
    const agent = await vault.agent({ vault: vault_id })
    const { cursor: after } = await owner.secrets.changes({ vault_id })
    const ask = (who: PawlClient) => who.secrets.changes({ vault_id, after, wait: 60 })
    const refused: unknown[] = []
    const waiting = Array.from({ length: 12 }, () => ask(owner).catch((error) => void refused.push(error)))
    const other = ask(agent.as)
    await expect.poll(() => refused.length).toBe(2)
    expect(refused).toEqual([0, 1].map(() => expect.objectContaining({ code: 'too_many_waiting', kind: 'limited' })))
    await put('a')
    const answers = await Promise.all(waiting)
    expect(answers.filter((answer) => answer?.changes.length === 1)).toHaveLength(10)
    expect((await other).changes).toHaveLength(1)
    expect((await owner.secrets.changes({ vault_id, after, wait: 0 })).changes).toHaveLength(1)
  })

  it('leaves its place to others when the caller leaves', async () => {
    await using vault = await withVault()
    const { owner, vault_id, put } = vault
    const { cursor: after } = await owner.secrets.changes({ vault_id })
    for (let round = 0; round < 3; round++) {
      const left = new AbortController()
      const calls = Array.from({ length: 10 }, () =>
        owner.secrets.changes({ vault_id, after, wait: 60 }, { signal: left.signal }).catch(({ name }) => name),
      )
      await owner.secrets.changes({ vault_id, after })
      left.abort()
      expect(new Set(await Promise.all(calls))).toEqual(new Set(['AbortError']))
      await owner.secrets.changes({ vault_id, after })
    }
    const waiting = owner.secrets.changes({ vault_id, after, wait: 60 })
    await put('a')
    expect((await waiting).changes).toHaveLength(1)
  })

  it('does not hold up the end of the engine', async () => {
    const vault = await withVault()
    await vault.reader.next()
    const waiting = vault.reader.next({ wait: 60 })
    // Its first answer is there, so it waits.
    await vault.reader.next()
    await vault.close()
    expect(await waiting).toEqual([])
  })
})
