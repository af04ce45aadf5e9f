import { registry } from '@pawl/core'
import { clientRoutes, operationsOf } from '@pawl/core/surfaces'
import { tagged } from '@pawl/testkit/canary'
import { testPawl } from '@pawl/testkit/world'
import { describe, expect, it } from 'vitest'
import * as z from 'zod'

// Goal: every list comes in parts that are together the whole list. Method: real lists in a whole engine, in parts of each size.

type Page = Readonly<Record<string, unknown>>
type List = (input: never) => Promise<object>

/** The parts of a list, in order. */
async function partsOf(list: List, field: string, input: object, limit: number): Promise<unknown[][]> {
  const parts: unknown[][] = []
  for (let cursor: unknown; ; ) {
    const page = (await list({ ...input, limit, cursor } as never)) as Page
    parts.push(page[field] as unknown[])
    cursor = page.next_cursor
    if (cursor === undefined) return parts
  }
}

async function manyThings() {
  const world = await testPawl()
  const { owner } = world
  const { id: vault_id } = await owner.vaults.create({ name: 'prod' })
  for (let at = 0; at < 5; at++) {
    await owner.secrets.put({ vault_id, path: `a/${at}`, value: tagged('x') })
    await owner.secrets.put({ vault_id, path: 'versions', value: tagged('x') })
    await world.agent({ name: `agent-${at}`, vault: vault_id })
    await world.member()
  }
  return { ...world, vault_id }
}

describe('lists in parts', () => {
  it('are together the whole list, in its order', async () => {
    await using world = await manyThings()
    const { owner, vault_id } = world
    const lists: [List, string, object][] = [
      [owner.agents.list, 'agents', {}],
      [owner.orgs.listMembers, 'members', {}],
      [owner.policies.list, 'policies', { vault_id }],
      [owner.secrets.list, 'secrets', { vault_id, prefix: 'a/' }],
      [owner.secrets.listVersions, 'versions', { vault_id, path: 'versions' }],
    ]
    for (const [list, field, input] of lists) {
      const whole = (await list(input as never)) as Page
      expect(whole.next_cursor).toBeUndefined()
      for (const limit of [1, 2, 1_000]) {
        const parts = await partsOf(list, field, input, limit)
        expect(parts.flat()).toEqual(whole[field])
        expect(Math.max(...parts.map((part) => part.length))).toBeLessThanOrEqual(limit)
      }
    }
  })

  it('leave nothing out when the last item of a part is gone before the next part', async () => {
    await using world = await manyThings()
    const { owner } = world
    const { agents, next_cursor: cursor } = await owner.agents.list({ limit: 2 })
    const { agents: all } = await owner.agents.list()
    await owner.agents.delete({ agent_id: agents[1]?.id ?? '' })
    const { agents: rest } = await owner.agents.list({ cursor, limit: 1_000 })
    expect(rest.map(({ id }) => id)).toEqual(expect.arrayContaining(all.slice(2).map(({ id }) => id)))
  })

  it('come from each, item by item', async () => {
    await using world = await manyThings()
    const { owner, vault_id } = world
    const paths: string[] = []
    for await (const { path } of owner.secrets.list.each({ vault_id, limit: 2 })) paths.push(path)
    expect(paths).toEqual((await owner.secrets.list({ vault_id })).secrets.map(({ path }) => path))
    const numbers: number[] = []
    for await (const { version } of owner.secrets.listVersions.each({ vault_id, path: 'versions' }))
      numbers.push(version)
    expect(numbers).toEqual([5, 4, 3, 2, 1])
  })

  it('show a caller what it may read, in a vault that is full of what it may not, and no path of that', async () => {
    await using world = await testPawl()
    const { owner } = world
    const { id: vault_id } = await owner.vaults.create({ name: 'prod' })
    for (let at = 0; at < 20; at++) await owner.secrets.put({ vault_id, path: `hidden/${at}`, value: tagged('x') })
    for (const path of ['a', 'shown/1', 'shown/2', 'z']) await owner.secrets.put({ vault_id, path, value: tagged('x') })
    const agent = await world.agent({ vault: vault_id, policies: [{ pattern: 'shown/*' }] })
    const { secrets, next_cursor } = await agent.as.secrets.list({ vault_id, limit: 1 })
    expect(secrets.map(({ path }) => path)).toEqual(['shown/1'])
    expect(atob(next_cursor ?? '')).not.toContain('hidden')
    const rest = await agent.as.secrets.list({ vault_id, limit: 5, cursor: next_cursor })
    expect(rest.secrets.map(({ path }) => path)).toEqual(['shown/2'])
  })
})

it('every operation whose answer is one list of things comes in parts', () => {
  const routes = clientRoutes(registry)
  const without = operationsOf(registry).filter(({ name, http, access, output }) => {
    const shape = output instanceof z.ZodObject ? Object.entries(output.shape) : []
    const [[, only] = []] = shape.filter(([field]) => field !== 'next_cursor')
    const isList = shape.length <= 2 && only instanceof z.ZodArray && only.element instanceof z.ZodObject
    const [area = '', verb = ''] = name.split('.')
    return isList && http?.method === 'GET' && access !== 'public' && !routes[area]?.[verb]?.includes(' pages=')
  })
  // Three are feeds without an end. Segments go on after the last one that was given. A user has few connected apps. Billing
  // shows the last calls, and a webhook keeps its last deliveries only.
  expect(without.map(({ name }) => name)).toEqual([
    ...['secrets.changes', 'platform.listConnectedApps', 'shroud.watchActivity', 'billing.history'],
    ...['audit.follow', 'audit.segments', 'webhooks.deliveries'],
  ])
})
