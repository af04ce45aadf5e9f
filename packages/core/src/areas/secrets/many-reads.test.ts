import type { PawlClient } from '@pawl/core'
import { tagged } from '@pawl/testkit/canary'
import { testPawl } from '@pawl/testkit/world'
import { describe, expect, it } from 'vitest'

// Goal: a batch gives what single reads give, and takes no more than these. Method: the same reads, one by one and together.

async function withSecrets() {
  const world = await testPawl()
  const { owner } = world
  const { id: vault_id } = await owner.vaults.create({ name: 'prod' })
  const put = (path: string, more: Partial<Parameters<typeof owner.secrets.put>[0]> = {}) =>
    owner.secrets.put({ vault_id, path, value: tagged(`value of ${path}`), ...more })
  return { ...world, vault_id, put }
}

/** What one read of each gives. */
function oneByOne({ secrets }: PawlClient, vault_id: string, paths: readonly string[]) {
  return Promise.all(
    paths.map((path) =>
      secrets.get({ vault_id, path }).then(
        (secret) => ({ path, secret }),
        ({ code, kind, message: detail }) => ({ path, error: { code, kind, detail } }),
      ),
    ),
  )
}

describe('N8: a batch of reads', () => {
  it('gives each value or error that a single read gives, in the order of the paths', async () => {
    await using world = await withSecrets()
    const { vault_id, put, owner } = world
    for (const path of ['db/password', 'db/gone', 'db/old', 'hidden/key']) await put(path)
    await owner.secrets.delete({ vault_id, path: 'db/gone' })
    await owner.secrets.disableVersion({ vault_id, path: 'db/old', version: 1 })
    const agent = await world.agent({ vault: vault_id, policies: [{ pattern: 'db/*' }] })
    const paths = ['hidden/none', 'db/password', 'db/gone', 'hidden/key', 'db/none', 'db/old']
    const { results, failed } = await agent.as.secrets.getMany({ vault_id, paths })
    expect(results).toEqual(await oneByOne(agent.as, vault_id, paths))
    expect(results.map(({ error }) => error?.code ?? 'read')).toEqual([
      'denied',
      'read',
      'secret_gone',
      'denied',
      'secret_not_found',
      'secret_gone',
    ])
    expect(failed).toBe(5)
    // Of what the agent may not read, nothing says whether it is there.
    const [missing, forbidden] = [results[0]?.error, results[3]?.error]
    expect(missing).toEqual(forbidden)
  })

  it('leaves an event of each read and each refusal, and one of its own', async () => {
    await using world = await withSecrets()
    const { vault_id, put, owner } = world
    await put('db/password')
    await put('hidden/key')
    const agent = await world.agent({ vault: vault_id, policies: [{ pattern: 'db/*' }] })
    await agent.as.secrets.getMany({ vault_id, paths: ['db/password', 'hidden/key'] })
    const { events } = await owner.audit.events({ actor_id: agent.id })
    const told = events.map(
      ({ action, details }) => `${action} ${details.path ?? details.paths} ${details.outcome ?? 'read'}`,
    )
    expect(told.sort()).toEqual([
      'secret.read db/password read',
      'secret.read hidden/key denied',
      'secret.read_batch 2 read',
    ])
  })

  it('takes no more reads than are left, of many batches at once', async () => {
    await using world = await withSecrets()
    const { vault_id, put, owner } = world
    await put('once', { max_access_count: 3 })
    await put('db/password')
    const batches = await Promise.all(
      Array.from({ length: 8 }, () => owner.secrets.getMany({ vault_id, paths: ['once', 'db/password'] })),
    )
    const codes = (at: number) => batches.map(({ results }) => results[at]?.error?.code ?? 'read')
    expect(codes(0).filter((code) => code === 'read')).toHaveLength(3)
    expect(codes(0).filter((code) => code === 'secret_gone')).toHaveLength(5)
    expect(new Set(codes(1))).toEqual(new Set(['read']))
  })

  it('refuses too many paths, none, the same twice, and what is no path, before it reads any', async () => {
    await using world = await withSecrets()
    const { vault_id, put, owner } = world
    await put('once', { max_access_count: 1 })
    const many = Array.from({ length: 101 }, (_, at) => `a/${at}`)
    for (const paths of [[], many, ['once', 'once'], ['once', '../x']]) {
      await expect(owner.secrets.getMany({ vault_id, paths })).rejects.toMatchObject({ code: 'invalid_input' })
    }
    expect((await owner.secrets.getMany({ vault_id, paths: ['once', ...many.slice(0, 99)] })).failed).toBe(99)
  })

  it('hides the vault from callers who cannot see it', async () => {
    await using world = await withSecrets()
    await world.put('db/password')
    const agent = await world.agent()
    const [there, nowhere] = await Promise.all(
      [world.vault_id, crypto.randomUUID()].map((vault_id) =>
        agent.as.secrets.getMany({ vault_id, paths: ['db/password'] }).catch(({ code }) => code),
      ),
    )
    expect([there, nowhere]).toEqual(['vault_not_found', 'vault_not_found'])
  })
})
