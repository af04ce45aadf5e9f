import { testPawl } from '@pawl/testkit/world'
import { describe, expect, it } from 'vitest'
import type { Engine } from '../../operations/index.ts'
import { memoryStorage } from '../../ports/reference/index.ts'
import type { Storage } from '../../ports/storage.ts'
import { expireTask } from './expire.ts'

// Goal: what waits for people stays limited, and one that is closed neither hides an open one nor stays for ever. Method: a whole
// engine in memory, and the task with records that fail.

const day = 86_400_000

async function askingWorld(storage: Storage = memoryStorage()) {
  const world = await testPawl({ storage })
  const { id: principal_id, as } = await world.agent({ name: 'payer' })
  const { vault_id } = await world.owner.agents.agentKeysVault({})
  const trigger = { conditions: [{ type: 'always' }], approval: { min_approvals: 1 }, expiry_secs: 2_592_000 }
  const policy = await world.owner.policies.create({
    ...{ vault_id, secret_path_pattern: '**', permissions: ['read'], principal_type: 'agent', principal_id },
    consensus_trigger: trigger,
  } as never)
  const submit = (action_payload: { readonly value: string }) =>
    as.consensus.submit({ policy_id: policy.id, action: 'transaction.submit', action_payload })
  const ask = async (at: number) => {
    world.clock.advance(60_000)
    return (await submit({ value: `${at}` })).pending_approval_id
  }
  return { ...world, as, submit, ask }
}

describe('open pending approvals', () => {
  it('are limited for one agent, and closed ones make room but hide none', async () => {
    await using world = await askingWorld()
    const open: string[] = []
    for (let at = 0; at < 98; at++) open.push(await world.ask(at))
    const atOnce = await Promise.allSettled(['a', 'b', 'c', 'd'].map((value) => world.submit({ value })))
    expect(atOnce.filter(({ status }) => status === 'fulfilled')).toHaveLength(2)
    await expect(world.ask(100)).rejects.toMatchObject({ code: 'too_many_pending_approvals' })
    await world.as.consensus.cancel({ pending_approval_id: open.at(-1) ?? '' })
    await world.ask(101)
    await expect(world.ask(102)).rejects.toMatchObject({ code: 'too_many_pending_approvals' })
  })

  it('come in parts, newest first', async () => {
    await using world = await askingWorld()
    const asked = [await world.ask(0), await world.ask(1), await world.ask(2)]
    const found: string[] = []
    for (let cursor: string | undefined; ; ) {
      const part = (await world.owner.consensus.list({ limit: 2, cursor } as never)) as {
        readonly pending_approvals: readonly { readonly id: string }[]
        readonly next_cursor?: string
      }
      found.push(...part.pending_approvals.map(({ id }) => id))
      cursor = part.next_cursor
      if (cursor === undefined) break
    }
    expect(found).toEqual(asked.toReversed())
    const wrong = world.owner.consensus.list({ cursor: 'abc' } as never)
    await expect(wrong).rejects.toMatchObject({ data: { fields: { cursor: expect.any(String) } } })
  })

  it('are deleted 30 days after they are closed', async () => {
    await using world = await askingWorld()
    const pending_approval_id = await world.ask(0)
    await world.as.consensus.cancel({ pending_approval_id })
    world.clock.advance(29 * day)
    await world.pawl.runJobs()
    expect(await world.owner.consensus.get({ pending_approval_id })).toMatchObject({ status: 'cancelled' })
    world.clock.advance(2 * day)
    await world.pawl.runJobs()
    await expect(world.owner.consensus.get({ pending_approval_id })).rejects.toMatchObject({ kind: 'not_found' })
  })
})

describe('a closed pending approval without a note when it is deleted, as older versions left them', () => {
  it('is deleted 61 days after it was submitted, and no other is', async () => {
    const storage = memoryStorage()
    await using world = await askingWorld(storage)
    const old = { pending_approval_id: await world.ask(0) }
    await world.as.consensus.cancel(old)
    const [note] = await storage.scan({ kind: 'openPendingApproval', index: 'due', from: '', to: '~', limit: 1 })
    await storage.commit([
      { op: 'delete', kind: 'openPendingApproval', id: note?.id ?? '', expect: note?.version ?? '' },
    ])
    world.clock.advance(60 * day)
    const later = { pending_approval_id: await world.ask(1) }
    await world.pawl.runJobs()
    expect(await world.owner.consensus.get(old)).toMatchObject({ status: 'cancelled' })
    world.clock.advance(2 * day)
    await world.pawl.runJobs()
    await expect(world.owner.consensus.get(old)).rejects.toMatchObject({ kind: 'not_found' })
    expect(await world.owner.consensus.get(later)).toMatchObject({ status: 'pending' })
  })
})

describe('the task', () => {
  it('looks at each that is due, also after one that fails', async () => {
    const due = Array.from({ length: 150 }, (_, at) => ({ id: `${at}`, org: `org-${at}`, dueAt: at }))
    const [ended, logged]: [string[], string[]] = [[], []]
    const records = {
      now: () => 1_000,
      reading: () => ({
        page: async (_kind: unknown, _index: string, { after, limit }: { after?: [number]; limit: number }) =>
          due.filter(({ dueAt }) => after === undefined || dueAt > after[0]).slice(0, limit),
      }),
      transactIn: async (org: string) => {
        if (org === 'org-3') throw new Error('storage')
        ended.push(org)
      },
    }
    await expireTask.run({ records, log: (level: string) => logged.push(level) } as unknown as Engine)
    expect([ended.length, logged]).toEqual([149, ['error']])
  })
})
