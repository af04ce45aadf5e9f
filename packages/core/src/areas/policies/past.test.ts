import { tagged } from '@pawl/testkit/canary'
import { testPawl, type World } from '@pawl/testkit/world'
import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { operation } from '../../operations/index.ts'
import { policiesAt } from './past.ts'
import { pastPolicyKind } from './records.ts'

// Goal: a question about a time in the past is answered with the policies of that time. Method: what could be read is noted
// while the policies change, and asked for afterwards.

const dayMs = 86_400_000
const paths = ['api/key', 'db/password']

const ask = operation({
  name: 'past.ask',
  summary: 'List the policies of a time in the past, and count what is stored of them.',
  effect: 'read',
  access: { signedIn: ['user'] },
  audit: { action: 'past.ask', resource: 'policy' },
  input: z.object({ vault_id: z.string(), at: z.number(), changesMax: z.number(), policiesMax: z.number() }),
  output: z.object({ stored: z.number(), found: z.array(z.string()).nullable() }),
  errors: [],
  run: (context, { vault_id, at, ...bounds }) => ({
    stored: context.unit.list(pastPolicyKind, 'until').length,
    found: policiesAt(context, vault_id, at, bounds)?.map(({ pattern, priority }) => `${pattern} ${priority}`) ?? null,
  }),
})

const areas = [{ name: 'past', operations: { ask } }] as const

async function example(world: World) {
  const { owner, agent } = world
  const { id: vault_id } = await owner.vaults.create({ name: 'prod' })
  for (const path of paths) await owner.secrets.put({ vault_id, path, value: tagged('x') })
  const bot = await agent({ name: 'bot' })
  const may = { vault_id, principal_type: 'agent', principal_id: bot.id, permissions: ['read'] } as const
  const noted: { at: string; readable: string[] }[] = []
  /** Notes what the agent can read now, and lets a day pass. */
  const note = async () => {
    const readable: string[] = []
    for (const path of paths) {
      await bot.as.secrets.get({ vault_id, path }).then(
        () => readable.push(path),
        () => {},
      )
    }
    noted.push({ at: new Date(world.clock.now()).toISOString(), readable })
    world.clock.advance(dayMs)
  }
  const readableAt = async (at: string) => {
    const { columns, principals } = await owner.policies.reach({ vault_id, at })
    const row = principals.find(({ principal_id }) => principal_id === bot.id)
    const cells = row?.cells.filter(({ read }) => read === 'all').map(({ path }) => path) ?? []
    const read = columns.filter(({ path }) => cells.includes(path)).map(({ example }) => example)
    return { row, read }
  }
  return { vault_id, bot, may, noted, note, readableAt }
}

describe('what was possible at a time in the past', () => {
  it('is what was read then, whatever happened to the policies since', async () => {
    await using world = await testPawl()
    const { vault_id, may, noted, note, readableAt } = await example(world)
    const { policies } = world.owner
    await note()
    const { id: policy_id } = await policies.create({ ...may, secret_path_pattern: 'db/*' })
    await note()
    const { id: other } = await policies.create({ ...may, secret_path_pattern: '**' })
    await note()
    await policies.update({ vault_id, policy_id, effect: 'deny' })
    await note()
    await policies.delete({ vault_id, policy_id: other })
    await policies.delete({ vault_id, policy_id })
    await note()
    expect(noted.map(({ readable }) => readable)).toEqual([[], ['db/password'], paths, ['api/key'], []])
    for (const { at, readable } of noted) expect((await readableAt(at)).read, at).toEqual(readable)
    const { answers } = await world.owner.policies.explain({
      ...{ vault_id, path: 'db/password', permission: 'read', at: noted[1]?.at },
      ...{ principal_type: 'agent', principal_id: may.principal_id },
    })
    expect(answers).toMatchObject([{ allowed: true, policy_id }])
  })

  it('is known of an agent that was stopped since, and of one that was removed', async () => {
    await using world = await testPawl()
    const { bot, may, noted, note, readableAt } = await example(world)
    await world.owner.policies.create({ ...may, secret_path_pattern: 'db/*' })
    await note()
    const at = noted[0]?.at ?? ''
    await world.owner.agents.update({ agent_id: bot.id, is_active: false })
    world.clock.advance(dayMs)
    expect(await readableAt(at)).toMatchObject({ read: ['db/password'], row: { is_former: true } })
    await world.owner.agents.delete({ agent_id: bot.id })
    await world.pawl.runJobs()
    world.clock.advance(dayMs)
    expect(await readableAt(at)).toMatchObject({ read: ['db/password'], row: { is_former: true } })
    const now = await readableAt(new Date(world.clock.now()).toISOString())
    expect(now.row).toBeUndefined()
  })

  it('counts secrets that were deleted since, and not those that are newer', async () => {
    await using world = await testPawl()
    const { vault_id, noted, note } = await example(world)
    await note()
    await world.owner.secrets.delete({ vault_id, path: 'api/key' })
    await world.owner.secrets.put({ vault_id, path: 'new', value: tagged('x') })
    await world.owner.secrets.put({ vault_id, path: 'new', value: tagged('y') })
    const columnsAt = async (at?: string) =>
      (await world.owner.policies.reach({ vault_id, at })).columns.map(({ example }) => example)
    expect(await columnsAt(noted[0]?.at)).toEqual(paths)
    expect(await columnsAt()).toEqual(['db/password', 'new'])
  })

  it('stores nothing of an update that changes nothing', async () => {
    await using world = await testPawl({ areas })
    const { vault_id, may } = await example(world)
    const { policies } = world.owner
    const conditions = { ip_allowlist: ['192.0.2.1'], time_window: { after: '08:00', before: '16:00' } }
    const { ip_allowlist, time_window } = conditions
    const { id: policy_id } = await policies.create({ ...may, secret_path_pattern: 'db/*', conditions })
    const stored = async () => {
      const bounds = { changesMax: 10, policiesMax: 10 }
      return (await world.owner.past.ask({ vault_id, at: world.clock.now(), ...bounds })).stored
    }
    for (const again of [{}, { permissions: [...may.permissions] }, { conditions: { time_window, ip_allowlist } }]) {
      world.clock.advance(1_000)
      await policies.update({ vault_id, policy_id, ...again })
    }
    expect(await stored()).toBe(0)
    await policies.update({ vault_id, policy_id, priority: 5 })
    expect(await stored()).toBe(1)
  })

  it('is known however often policies changed since, and however often they changed before', async () => {
    await using world = await testPawl({ areas })
    const { vault_id, may } = await example(world)
    const { policies } = world.owner
    const create = (secret_path_pattern: string) => policies.create({ ...may, secret_path_pattern })
    const made = [await create('a'), await create('b'), await create('c'), await create('d')]
    const change = async (priority: number) => {
      world.clock.advance(1_000)
      for (const { id } of made.slice(0, 3)) await policies.update({ vault_id, policy_id: id, priority })
    }
    for (const priority of [1, 2]) await change(priority)
    const at = world.clock.now()
    for (const priority of [3, 4]) await change(priority)
    await policies.delete({ vault_id, policy_id: made[0]?.id ?? '' })
    await create('e')
    const ask = async (changesMax: number, policiesMax: number) =>
      (await world.owner.past.ask({ vault_id, at, changesMax, policiesMax })).found?.sort()
    const then = ['a 2', 'b 2', 'c 2', 'd 0']
    expect(await ask(100, 0)).toEqual(then)
    expect(await ask(1, 3)).toEqual(then)
    expect(await ask(1, 2)).toBeUndefined()
  })

  it('M24: is empty before 1970', async () => {
    await using world = await testPawl()
    const { id: vault_id } = await world.owner.vaults.create({ name: 'prod' })
    const at = '1969-07-20T20:17:40Z'
    const { principals } = await world.owner.policies.reach({ vault_id, at })
    expect(principals.flatMap(({ cells }) => cells)).toEqual([])
  })

  it('is kept as long as the events of the audit trail', async () => {
    await using world = await testPawl({ auditKeepMs: 2 * dayMs })
    const { vault_id, may, noted, note, readableAt } = await example(world)
    const { id: policy_id } = await world.owner.policies.create({ ...may, secret_path_pattern: 'db/*' })
    await note()
    await world.owner.policies.delete({ vault_id, policy_id })
    const at = noted[0]?.at ?? ''
    expect((await readableAt(at)).read).toEqual(['db/password'])
    world.clock.advance(4 * dayMs)
    await world.pawl.runJobs()
    expect((await readableAt(at)).read).toEqual([])
  })
})
