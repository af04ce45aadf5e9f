import { tagged } from '@pawl/testkit/canary'
import { testPawl, type World } from '@pawl/testkit/world'
import { describe, expect, it } from 'vitest'
import { rfc3339 } from '../../kernel/time.ts'

// Goal: a grant is called unused exactly when nothing was done with it in the period. Method: agents use some of theirs.

const dayMs = 86_400_000

async function example(world: World) {
  const { owner, agent } = world
  const { id: vault_id } = await owner.vaults.create({ name: 'prod' })
  for (const path of ['api/key', 'db/password']) await owner.secrets.put({ vault_id, path, value: tagged('x') })
  const bot = await agent({ name: 'bot' })
  const grant = async (secret_path_pattern: string, permissions: ('read' | 'write')[]) => {
    const principal = { principal_type: 'agent', principal_id: bot.id } as const
    return (await owner.policies.create({ vault_id, ...principal, secret_path_pattern, permissions })).id
  }
  return { vault_id, bot, grant }
}

describe('policies.unused', () => {
  it('lists what an agent did not use for thirty days, with each permission on its own', async () => {
    await using world = await testPawl()
    const { vault_id, bot, grant } = await example(world)
    const both = await grant('api/*', ['read', 'write'])
    const never = await grant('db/*', ['read'])
    const unused = async (days?: number) => (await world.owner.policies.unused({ vault_id, days })).grants
    expect(await unused()).toEqual([])
    world.clock.advance(31 * dayMs)
    await bot.as.secrets.get({ vault_id, path: 'api/key' })
    const used = rfc3339(world.clock.now())
    const found = await unused()
    expect(found).toHaveLength(2)
    const of = (id: string) => found.find(({ policy_id }) => policy_id === id)
    expect(of(both)).toMatchObject({ unused: ['write'], last_used_at: used })
    expect(of(never)).toMatchObject({ unused: ['read'], principal_id: bot.id, secret_path_pattern: 'db/*' })
    await bot.as.secrets.put({ vault_id, path: 'api/key', value: tagged('y') })
    expect((await unused()).map(({ policy_id }) => policy_id)).toEqual([never])
    world.clock.advance(3 * dayMs)
    expect(await unused(2)).toHaveLength(2)
  })

  it('does not take a refused read for a use', async () => {
    await using world = await testPawl()
    const { vault_id, bot, grant } = await example(world)
    const policy_id = await grant('db/*', ['read'])
    await world.owner.policies.create({
      ...{ vault_id, principal_type: 'agent', principal_id: bot.id, permissions: ['read'], effect: 'deny' },
      secret_path_pattern: 'db/password',
    })
    world.clock.advance(31 * dayMs)
    await expect(bot.as.secrets.get({ vault_id, path: 'db/password' })).rejects.toMatchObject({ kind: 'denied' })
    expect((await world.owner.policies.unused({ vault_id })).grants).toMatchObject([{ policy_id, unused: ['read'] }])
  })

  it('is for those who manage the vault', async () => {
    await using world = await testPawl()
    const { vault_id, bot, grant } = await example(world)
    await grant('**', ['read'])
    await expect(bot.as.policies.unused({ vault_id })).rejects.toMatchObject({ kind: 'denied' })
  })
})
