import { tagged } from '@pawl/testkit/canary'
import { testPawl, type World } from '@pawl/testkit/world'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { testSeed } from '../../../../../tools/test-run/index.ts'

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

/** Secrets that are keys, which not everybody reads. */
const keys = ['db/ssh-key', 'wallet/key']

/** A vault with random policies, for agents with and without scopes, and for a person. */
async function crowd(world: World) {
  const { owner } = world
  const { id: vault_id } = await owner.vaults.create({ name: 'prod' })
  for (const path of paths) await owner.secrets.put({ vault_id, path, value: tagged('x') })
  for (const path of keys) await owner.secrets.put({ vault_id, path, value: tagged('k'), type: 'ssh_key' })
  const scopes = [[], ['db/**', 'api-keys/live'], ['*/password'], []]
  const agents = await Promise.all(
    scopes.map((one, at) => world.agent({ name: `bot-${at}`, scopes: one, intents_api_enabled: at % 2 === 0 })),
  )
  const person = await world.member()
  const principals = [
    ...agents.map(({ id }) => ({ principal_type: 'agent', principal_id: id }) as const),
    { principal_type: 'user', principal_id: person.id } as const,
  ]
  const patterns = ['**', 'db/**', '*/*', 'api-keys/live', '**/key', '*/ssh-*', 'readme', 'wallet/**']
  const random = fc.sample(
    fc.record({
      secret_path_pattern: fc.constantFrom(...patterns),
      permissions: fc.subarray(['read', 'write', 'delete', 'rotate'] as const, { minLength: 1 }),
      effect: fc.constantFrom('allow', 'allow', 'deny'),
      priority: fc.nat(3),
      conditions: fc.constantFrom({}, {}, { environment_in: ['production'] }),
    }),
    { numRuns: 20, seed: testSeed },
  )
  for (const [at, one] of random.entries()) {
    await owner.policies.create({ vault_id, ...(principals[at % principals.length] as (typeof principals)[0]), ...one })
  }
  return { vault_id, others: principals.length }
}

async function explained({ owner }: World, vault_id: string, path: string) {
  return (await owner.policies.explain({ vault_id, path })).answers
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
    const { vault_id, bot, policy_id } = await example(world)
    const { columns, principals, policies } = await world.owner.policies.reach({ vault_id })
    expect(policies.map(({ effect, secret_path_pattern }) => [effect, secret_path_pattern]).toSorted()).toEqual([
      ['allow', 'api-keys/**'],
      ['deny', 'api-keys/live'],
    ])
    expect(columns.map(({ path, secrets }) => [path, secrets])).toEqual([
      ['api-keys/', 2],
      ['db/', 1],
      ['readme', 1],
    ])
    const row = principals.find(({ principal_id }) => principal_id === bot.id)
    expect(row?.cells).toMatchObject([{ path: 'api-keys/', read: 'some', counts: { read: 1 }, write: 'none' }])
    expect(columns[0]?.example).toBe('api-keys/live')
    expect(row?.cells[0]?.example).toBe('api-keys/test')
    expect(row?.cells[0]?.policy_ids).toHaveLength(2)
    expect(row?.cells[0]?.policy_ids).toContain(policy_id)
    expect(await readable(vault_id, bot.as)).toEqual(['api-keys/test'])
    const inside = await world.owner.policies.reach({
      vault_id,
      folder: 'api-keys/',
      principal_type: 'agent',
      principal_id: bot.id,
    })
    expect(inside.columns.map(({ path }) => path)).toEqual(['api-keys/live', 'api-keys/test'])
    const readInside = inside.principals.map(({ cells }) => cells.map(({ path, read }) => [path, read]))
    expect(readInside).toEqual([
      [
        ['api-keys/live', 'none'],
        ['api-keys/test', 'all'],
      ],
    ])
  })

  it('refuses a principal whose type or ID is missing, with the name of the field', async () => {
    await using world = await testPawl()
    const { id: vault_id } = await world.owner.vaults.create({ name: 'prod' })
    const { id } = await world.agent({ name: 'bot' })
    const { reach } = world.owner.policies
    const missing = (field: string) => ({ code: 'invalid_input', data: { fields: { [field]: expect.anything() } } })
    await expect(reach({ vault_id, principal_id: id })).rejects.toMatchObject(missing('principal_type'))
    await expect(reach({ vault_id, principal_type: 'agent' })).rejects.toMatchObject(missing('principal_id'))
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

  it('counts in each folder what `policies.explain` says of each secret, for everybody', async () => {
    await using world = await testPawl()
    const { vault_id, others } = await crowd(world)
    const { columns, principals } = await world.owner.policies.reach({ vault_id })
    expect(principals.map(({ name }) => name)).toEqual(principals.map(({ name }) => name).toSorted())
    expect(principals).toHaveLength(others + 1)
    const allowed = new Map<string, number>()
    const usable = new Set<string>()
    for (const path of [...paths, ...keys]) {
      for (const { principal_id, permission, ...answer } of await explained(world, vault_id, path)) {
        const column = columns.find((one) => one.path === path || (one.is_folder && path.startsWith(one.path)))
        const key = `${principal_id} ${column?.path} ${permission}`
        allowed.set(key, (allowed.get(key) ?? 0) + Number(answer.allowed))
        if (answer.allowed) usable.add(`${principal_id} ${path}`)
      }
    }
    const seen = new Set<string>()
    for (const { principal_id, cells } of principals) {
      for (const { path, secrets, example } of columns) {
        const cell = cells.find((one) => one.path === path)
        const mayUse = [...usable].some((one) => one.startsWith(`${principal_id} ${path}`))
        if (mayUse) expect(usable).toContain(`${principal_id} ${cell?.example ?? example}`)
        for (const permission of ['read', 'write', 'delete', 'rotate'] as const) {
          const amount = cell?.[permission] ?? 'none'
          const count = amount === 'all' ? secrets : (cell?.counts?.[permission] ?? 0)
          seen.add(amount)
          expect([permission, path, count]).toEqual([
            permission,
            path,
            allowed.get(`${principal_id} ${path} ${permission}`),
          ])
        }
      }
    }
    expect(seen.size).toBeGreaterThan(1)
  })

  it('finds people and agents by a part of their name or ID, and secrets by a part of their path', async () => {
    await using world = await testPawl()
    const { vault_id } = await crowd(world)
    const { policies } = world.owner
    const found = await policies.reach({ vault_id, search: ' BOT-1 ' })
    expect(found.principals.map(({ name }) => name)).toEqual(['bot-1'])
    expect(found.total).toBe(1)
    const [bot] = found.principals
    const byId = await policies.reach({ vault_id, search: bot?.principal_id.slice(0, 20) })
    expect(byId.principals).toEqual([bot])
    expect((await policies.reach({ vault_id, search: 'nobody' })).principals).toEqual([])
    const live = await policies.reach({ vault_id, path: 'KEYS/L' })
    expect(live.columns).toMatchObject([{ path: 'api-keys/', secrets: 1, example: 'api-keys/live' }])
    expect((await policies.reach({ vault_id, path: 'no-such' })).columns).toEqual([])
  })

  it('does not tell the owner of a vault the name of an agent that the owner cannot see', async () => {
    await using world = await testPawl()
    const member = await world.member()
    const { id: vault_id } = await member.as.vaults.create({ name: 'mine' })
    const hidden = await world.agent({ name: 'hidden-agent' })
    await member.as.policies.create({
      ...{ vault_id, secret_path_pattern: '**', permissions: ['read'] },
      ...{ principal_type: 'agent', principal_id: hidden.id },
    })
    const row = (await member.as.policies.reach({ vault_id, search: hidden.id })).principals[0]
    expect(row).toMatchObject({ principal_id: hidden.id })
    expect(row?.name).toBeUndefined()
    expect((await member.as.policies.reach({ vault_id, search: 'hidden-agent' })).principals).toEqual([])
  })

  it('tells no names to an API key without the scopes that list members and agents', async () => {
    await using world = await testPawl()
    const { vault_id } = await example(world)
    const namesFor = async (scopes: string[]) => {
      const { api_key } = await world.owner.auth.createApiKey({ name: 'key', scopes })
      const { principals } = await world.pawl.as(api_key.reveal()).policies.reach({ vault_id })
      return new Set(principals.map(({ principal_type, name }) => `${principal_type} ${name !== undefined}`))
    }
    expect(await namesFor(['policies:read'])).toEqual(new Set(['user false', 'agent false']))
    expect(await namesFor(['policies:read', 'orgs:read', 'agents:read'])).toEqual(new Set(['user true', 'agent true']))
  })

  it('refuses a cursor that is not from an answer', async () => {
    await using world = await testPawl()
    const { vault_id } = await example(world)
    await expect(world.owner.policies.reach({ vault_id, cursor: 'WzFd' })).rejects.toMatchObject({
      data: { fields: { cursor: 'must be the next_cursor of a previous answer' } },
    })
  })

  it('says why a stopped agent has no access', async () => {
    await using world = await testPawl()
    const { vault_id, bot } = await example(world)
    await world.owner.agents.update({ agent_id: bot.id, is_active: false })
    const { principals } = await world.owner.policies.reach({ vault_id })
    const row = principals.find(({ principal_id }) => principal_id === bot.id)
    expect(row?.because).toBe('The principal is not active in this organisation.')
    expect(row?.cells).toEqual([])
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
