import { tagged } from '@pawl/testkit/canary'
import { testPawl, type World } from '@pawl/testkit/world'
import { describe, expect, it } from 'vitest'

// Goal: what these operations say is what the engine then does. Method: each answer is compared with reads.

const paths = ['api-keys/live', 'api-keys/test', 'db/password', 'readme']

/** A vault with secrets, an agent that reads `api-keys/**` but not the live one, and a key that it may not read. */
async function example({ owner, agent }: World) {
  const { id: vault_id } = await owner.vaults.create({ name: 'prod' })
  for (const path of paths) await owner.secrets.put({ vault_id, path, value: tagged('x') })
  const bot = await agent({ name: 'bot' })
  const may = { vault_id, principal_type: 'agent', principal_id: bot.id, permissions: ['read'] } as const
  const { id: policy_id } = await owner.policies.create({ ...may, secret_path_pattern: 'api-keys/**' })
  await owner.policies.create({ ...may, secret_path_pattern: 'api-keys/live', effect: 'deny', priority: 5 })
  return { vault_id, bot, may, policy_id }
}

const readable = async (vault_id: string, as: World['owner']) => {
  const read = await Promise.all(
    paths.map((path) =>
      as.secrets.get({ vault_id, path }).then(
        () => [path],
        () => [],
      ),
    ),
  )
  return read.flat()
}

describe('policies.reach', () => {
  it('says for each folder whether all, some or none of it can be read, as reads then show', async () => {
    await using world = await testPawl()
    const { vault_id, bot } = await example(world)
    const { columns, principals } = await world.owner.policies.reach({ vault_id })
    expect(columns.map(({ path, secrets }) => [path, secrets])).toEqual([
      ['api-keys/', 2],
      ['db/', 1],
      ['readme', 1],
    ])
    const row = principals.find(({ principal_id }) => principal_id === bot.id)
    expect(row?.cells.map(({ read }) => read)).toEqual(['some', 'none', 'none'])
    expect(await readable(vault_id, bot.as)).toEqual(['api-keys/test'])
    const inside = await world.owner.policies.reach({
      vault_id,
      folder: 'api-keys/',
      principal_type: 'agent',
      principal_id: bot.id,
    })
    expect(inside.columns.map(({ path }) => path)).toEqual(['api-keys/live', 'api-keys/test'])
    expect(inside.principals.map(({ cells }) => cells.map(({ read }) => read))).toEqual([['none', 'all']])
  })

  it('goes on where a page of principals ends', async () => {
    await using world = await testPawl()
    const { vault_id } = await example(world)
    const all = (await world.owner.policies.reach({ vault_id })).principals.map(({ principal_id }) => principal_id)
    const first = await world.owner.policies.reach({ vault_id, limit: 1 })
    const rest = await world.owner.policies.reach({ vault_id, cursor: first.next_cursor })
    expect(all).toHaveLength(2)
    expect([...first.principals, ...rest.principals].map(({ principal_id }) => principal_id)).toEqual(all)
  })

  it('says why a stopped agent has no access', async () => {
    await using world = await testPawl()
    const { vault_id, bot } = await example(world)
    await world.owner.agents.update({ agent_id: bot.id, is_active: false })
    const { principals } = await world.owner.policies.reach({ vault_id })
    const row = principals.find(({ principal_id }) => principal_id === bot.id)
    expect(row?.because).toBe('The principal is not active in this organisation.')
    expect(new Set(row?.cells.flatMap((cell) => Object.values(cell)))).toEqual(new Set(['none']))
  })

  it('is for those who manage the vault: a reader learns no path from it', async () => {
    await using world = await testPawl()
    const { vault_id, bot } = await example(world)
    await expect(bot.as.policies.reach({ vault_id })).rejects.toMatchObject({ kind: 'denied' })
  })
})

describe('policies.preview', () => {
  it('tells what a new policy gives, and the read that follows agrees', async () => {
    await using world = await testPawl()
    const { vault_id, bot, may } = await example(world)
    const wanted = { ...may, secret_path_pattern: 'db/**' }
    const preview = await world.owner.policies.preview(wanted)
    expect(preview).toMatchObject({ matches: 1, secrets: 4, paths: ['db/password'], lost: [] })
    expect(preview.gained).toEqual([{ permission: 'read', count: 1, paths: ['db/password'] }])
    expect(await readable(vault_id, bot.as)).toEqual(['api-keys/test'])
    await world.owner.policies.create(wanted)
    expect(await readable(vault_id, bot.as)).toEqual(['api-keys/test', 'db/password'])
  })

  it('tells what a deletion, and what a change, takes away', async () => {
    await using world = await testPawl()
    const { vault_id, policy_id } = await example(world)
    const lost = [{ permission: 'read', count: 1, paths: ['api-keys/test'] }]
    expect(await world.owner.policies.preview({ vault_id, policy_id })).toMatchObject({ gained: [], lost, matches: 2 })
    const denied = await world.owner.policies.preview({ vault_id, policy_id, effect: 'deny' })
    expect(denied).toMatchObject({ gained: [], lost })
    const written = await world.owner.policies.preview({ vault_id, policy_id, permissions: ['read', 'write'] })
    expect(written.gained.map(({ permission, count }) => [permission, count])).toEqual([
      ['write', 2],
      ['delete', 2],
      ['rotate', 2],
    ])
  })

  it('counts what a pattern alone matches, and says what is wrong with one', async () => {
    await using world = await testPawl()
    const { vault_id } = await example(world)
    const { matches, gained } = await world.owner.policies.preview({ vault_id, secret_path_pattern: '*/live' })
    expect([matches, gained]).toEqual([1, []])
    const wrong = world.owner.policies.preview({ vault_id, secret_path_pattern: 'a//b' })
    await expect(wrong).rejects.toMatchObject({ kind: 'invalid' })
    await expect(world.owner.policies.preview({ vault_id })).rejects.toMatchObject({
      data: { fields: { secret_path_pattern: 'is missing' } },
    })
  })
})

describe('policies.readable', () => {
  it('lists what an agent reads in the vaults of the caller, and nothing of other vaults', async () => {
    await using world = await testPawl()
    const { vault_id, bot } = await example(world)
    const asked = { principal_type: 'agent', principal_id: bot.id } as const
    const { vaults } = await world.owner.policies.readable(asked)
    expect(vaults).toMatchObject([{ vault_id, name: 'prod', secrets: 4, readable: 1, paths: ['api-keys/test'] }])
    const other = await world.member()
    expect(await other.as.policies.readable(asked)).toMatchObject({ vaults: [] })
  })

  it('tells an agent about itself without the number of secrets that it may not see', async () => {
    await using world = await testPawl()
    const { bot } = await example(world)
    const { vaults } = await bot.as.policies.readable({ principal_type: 'agent', principal_id: bot.id })
    expect(vaults).toMatchObject([{ secrets: 1, readable: 1 }])
  })
})
