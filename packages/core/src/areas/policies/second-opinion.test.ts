import type { PolicyEngine, PolicyRequest, PolicyVerdict } from '@pawl/core/ports'
import { policyRule } from '@pawl/core/ports/reference'
import { tagged } from '@pawl/testkit/canary'
import { testPawl, type World } from '@pawl/testkit/world'
import { afterEach, describe, expect, it, vi } from 'vitest'

const value = tagged('hunter2')

/** A vault of the owner's with three secrets, and an engine that says what `rule` says once they are there. */
async function prepared(rule: PolicyEngine['evaluate']) {
  let evaluate: PolicyEngine['evaluate'] = () => []
  const asked: (readonly PolicyRequest[])[] = []
  const policyEngine: PolicyEngine = {
    evaluate: (requests) => {
      asked.push(requests)
      return evaluate(requests)
    },
  }
  evaluate = policyRule(() => ({ allowed: true })).evaluate
  const world = await testPawl({ policyEngine })
  const { id: vault_id } = await world.owner.vaults.create({ name: 'prod' })
  for (const path of ['a/one', 'b/two', 'b/three']) await world.owner.secrets.put({ vault_id, path, value })
  asked.length = 0
  evaluate = rule
  return { world, vault_id, asked }
}

const not = (path: string, verdict: Partial<PolicyVerdict> = {}) =>
  policyRule((request) =>
    request.path === path ? { allowed: false, reason: 'a hold', ...verdict } : { allowed: true },
  ).evaluate

async function lastEvent({ owner }: World, action: string) {
  return (await owner.audit.events({ action, limit: 1 })).events[0]?.details
}

afterEach(() => vi.useRealTimers())

describe('a policy engine', () => {
  it('may refuse everybody, the owner of the vault too, whatever they want to do', async () => {
    const { world, vault_id } = await prepared(not('b/two'))
    const { id: secret_id } = await world.owner.secrets.get({ vault_id, path: 'a/one' })
    const here = { vault_id, path: 'b/two' }
    for (const attempt of [
      () => world.owner.secrets.get(here),
      () => world.owner.secrets.put({ ...here, value }),
      () => world.owner.secrets.delete(here),
      () => world.owner.secrets.rotate(here),
    ])
      await expect(attempt()).rejects.toMatchObject({ kind: 'denied' })
    const { as } = await world.agent({ vault: vault_id })
    await expect(as.secrets.get(here)).rejects.toMatchObject({ kind: 'denied' })
    expect((await as.secrets.get({ vault_id, path: 'a/one' })).id).toBe(secret_id)
  })

  it('lets nobody in whom our own rules keep out, and is not even asked', async () => {
    const { world, vault_id, asked } = await prepared(policyRule(() => ({ allowed: true })).evaluate)
    const { as } = await world.agent({ vault: vault_id, policies: [{ pattern: 'a/*' }] })
    asked.length = 0
    await expect(as.secrets.get({ vault_id, path: 'b/two' })).rejects.toMatchObject({ kind: 'denied' })
    const stranger = await world.member()
    await expect(stranger.as.vaults.get({ vault_id })).rejects.toMatchObject({ kind: 'not_found' })
    expect(asked).toEqual([])
  })

  it('is told who asks for what, from where and when', async () => {
    const { world, vault_id, asked } = await prepared(policyRule(() => ({ allowed: true })).evaluate)
    const { id, as } = await world.agent({ vault: vault_id })
    asked.length = 0
    await as.secrets.get({ vault_id, path: 'a/one' })
    expect(asked).toEqual([
      [
        {
          principal: { kind: 'agent', id },
          permission: 'read',
          vaultId: vault_id,
          path: 'a/one',
          role: null,
          environment: null,
          ip: null,
          authMethod: expect.any(String),
          now: world.clock.now(),
        },
      ],
    ])
  })

  it('is asked about a whole list at once, which leaves out what it refuses', async () => {
    const { world, vault_id, asked } = await prepared(not('b/two'))
    const { secrets } = await world.owner.secrets.list({ vault_id })
    expect(secrets.map(({ path }) => path)).toEqual(['a/one', 'b/three'])
    expect(asked.filter((requests) => requests[0]?.path !== null)).toHaveLength(1)
  })

  it('hides a vault from who may not see it', async () => {
    const { world, vault_id } = await prepared(
      policyRule(({ path }) => (path === null ? { allowed: false, reason: 'x' } : { allowed: true })).evaluate,
    )
    expect((await world.owner.vaults.list()).vaults).toEqual([])
    await expect(world.owner.vaults.get({ vault_id })).rejects.toMatchObject({ kind: 'denied' })
    await expect(world.owner.secrets.list({ vault_id })).rejects.toMatchObject({ kind: 'denied' })
  })

  it('keeps a secret from being shared', async () => {
    const { world, vault_id } = await prepared(not('b/two'))
    const { secrets } = await world.owner.secrets.list({ vault_id, prefix: 'b/' })
    await expect(
      world.owner.sharing.createByPath({ vault_id, secret_path: 'b/two', recipient_type: 'anyone_with_link' }),
    ).rejects.toMatchObject({ kind: 'denied' })
    expect(secrets).toHaveLength(1)
  })

  it('has its reason in the trail, and the caller hears it only when it is public', async () => {
    const secretive = await prepared(not('b/two'))
    const quiet = secretive.world.owner.secrets.get({ vault_id: secretive.vault_id, path: 'b/two' })
    const error = await quiet.catch((thrown) => thrown)
    expect(error.message).toBe('The policy engine denies this request.')
    expect(JSON.stringify({ ...error })).not.toContain('a hold')
    expect(await lastEvent(secretive.world, 'secret.read')).toMatchObject({
      outcome: 'denied',
      policy_engine: 'a hold',
      path: 'b/two',
    })
    const open = await prepared(not('b/two', { isPublic: true }))
    await expect(open.world.owner.secrets.get({ vault_id: open.vault_id, path: 'b/two' })).rejects.toThrow('a hold')
  })

  it('may take its time, and answer later', async () => {
    const { world, vault_id } = await prepared(async (requests) => not('b/two')(requests))
    await expect(world.owner.secrets.get({ vault_id, path: 'b/two' })).rejects.toMatchObject({ kind: 'denied' })
    expect((await world.owner.secrets.list({ vault_id })).secrets).toHaveLength(2)
  })

  const yes = { allowed: true } as const
  const broken: Record<string, PolicyEngine['evaluate']> = {
    throws: () => {
      throw new Error('down')
    },
    rejects: async () => {
      throw new Error('down')
    },
    'answers too little': () => [],
    'answers too much': (requests) => [...requests.map(() => yes), yes],
    'answers nothing': () => undefined as never,
    'answers with something else than verdicts': (requests) => requests.map(() => 'yes' as never),
    'answers with what is almost a yes': (requests) => requests.map(() => ({ allowed: 1 }) as never),
    'promises no list': async () => ({ length: 1, 0: yes }) as never,
  }
  it.each(Object.entries(broken))('that %s lets nobody in, and says that it is not available', async (_, rule) => {
    const { world, vault_id } = await prepared(rule)
    const unavailable = { kind: 'unavailable', message: expect.stringContaining('policy engine') }
    await expect(world.owner.secrets.get({ vault_id, path: 'a/one' })).rejects.toMatchObject(unavailable)
    await expect(world.owner.vaults.list()).rejects.toMatchObject(unavailable)
    expect(await lastEvent(world, 'secret.read')).toMatchObject({ outcome: 'failed', code: 'unavailable' })
  })

  it('that never answers lets nobody in either', async () => {
    const { world, vault_id } = await prepared(() => new Promise(() => {}))
    vi.useFakeTimers()
    const reading = world.owner.secrets.get({ vault_id, path: 'a/one' }).catch((error) => error)
    while (vi.getTimerCount() === 0) await Promise.resolve()
    await vi.advanceTimersByTimeAsync(60_000)
    expect(await reading).toMatchObject({ kind: 'unavailable' })
  })

  it('shows in an explanation', async () => {
    const { world, vault_id } = await prepared(not('b/two'))
    const question = { vault_id, permission: 'read', principal_type: 'user', principal_id: world.ownerId } as const
    const { answers } = await world.owner.policies.explain({ ...question, path: 'b/two' })
    expect(answers).toMatchObject([{ allowed: false, because: 'The policy engine denies this request.' }])
    const other = await world.owner.policies.explain({ ...question, path: 'a/one' })
    expect(other.answers).toMatchObject([{ allowed: true }])
  })
})
