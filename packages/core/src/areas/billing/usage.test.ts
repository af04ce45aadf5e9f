import { registry } from '@pawl/core'
import { memoryHsm, memoryStorage } from '@pawl/core/ports/reference'
import { originOf } from '@pawl/core/surfaces'
import { tagged } from '@pawl/testkit/canary'
import { examples, testPawl } from '@pawl/testkit/world'
import { recording } from '@pawl/testkit/wrappers'
import { describe, expect, it } from 'vitest'
import { operationsOf } from '../../operations/index.ts'
import { freeAreas } from '../free-areas.ts'
import { areas } from '../index.ts'

// Goal: every metered call counts once, and nothing else does. Method: calls of each kind, and what usage says afterwards.

async function withSecret(options: Parameters<typeof testPawl>[0] = {}) {
  const world = await testPawl(options)
  const { id: vault_id } = await world.owner.vaults.create({ name: 'prod' })
  await world.owner.secrets.put({ vault_id, path: 'db/password', value: tagged('hunter2') })
  const read = () => world.owner.secrets.get({ vault_id, path: 'db/password' })
  const used = async () => (await world.owner.billing.usage({})).current_month.total_requests
  return { ...world, world, vault_id, read, used }
}

describe('every operation', () => {
  // Audit, organisation, security, chains, billing and sign-in (section 16.2), with what belongs to them.
  const freePaths = [
    '/v1/audit/ /v1/org/ /v1/security/ /v1/risk/ /v1/chains /v1/tokens /v1/billing/ /v1/auth/ /v1/oauth/ /.well-known/',
    '/v1/admin/ /v1/health /v1/seal /v1/unseal /v1/approvals /v1/pending-approvals',
    '/v1/agents/enroll /v1/agents/{agent_id}/freeze /v1/agents/{agent_id}/unfreeze /v1/agents/{agent_id}/guardrails/',
  ].flatMap((line) => line.split(' '))

  it('counts, or is declared free: nothing that secrets, agents, shares, keys and money are for is free', () => {
    const all = operationsOf(registry)
    const wrong = all.filter(({ http, metered }) => {
      const isFree = http !== undefined && http !== null && freePaths.some((path) => http.path.startsWith(path))
      return metered === isFree
    })
    expect(wrong.map(({ name, http }) => `${name} ${http?.path}`)).toEqual([])
    expect(all.length).toBeGreaterThan(300)
  })

  it('is in an area of which the list of free areas knows the name', () => {
    const names = new Set<string>(areas.map(({ name }) => name))
    expect([...freeAreas].filter((name) => !names.has(name))).toEqual([])
  })
})

describe('usage', () => {
  it('counts each metered call once, also of many at once', async () => {
    const { used, read } = await withSecret()
    const before = await used()
    await Promise.all(Array.from({ length: 40 }, read))
    expect((await used()) - before).toBe(40)
  })

  it('counts no call of the free areas, and none that was refused', async () => {
    const { used, owner, vault_id, agent } = await withSecret()
    const { as } = await agent()
    const before = await used()
    await owner.audit.events({})
    await owner.orgs.listMembers({})
    await owner.billing.subscription({})
    await expect(as.secrets.get({ vault_id, path: 'db/password' })).rejects.toThrow()
    await expect(owner.secrets.get({ vault_id, path: 'none' })).rejects.toThrow()
    expect(await used()).toBe(before)
  })

  it('counts a call once that is repeated with its Idempotency-Key', async () => {
    await using world = await testPawl()
    const { who, input } = await examples.platform.setUserSpendPolicy(world)
    const operation = world.pawl.registry.platform?.setUserSpendPolicy
    if (!operation) throw new Error('no operation')
    const used = async () => (await world.owner.billing.usage({})).current_month.total_requests
    const before = await used()
    const ask = () => world.pawl.perform(operation, input, { ...originOf(who), idempotencyKey: 'key' })
    await ask()
    await ask()
    expect((await used()) - before).toBe(1)
  })

  it('begins anew with each month, and the sum of a month stays', async () => {
    const { used, read, clock } = await withSecret()
    clock.advance(31 * 24 * 3_600_000)
    expect(await used()).toBe(0)
    await read()
    expect(await used()).toBe(1)
  })

  it('is in the history, newest first, with the route of the call', async () => {
    const { owner, read, ownerId } = await withSecret()
    await read()
    const { events } = await owner.billing.history({ limit: 2 })
    expect(events).toMatchObject([
      {
        principal_type: 'user',
        principal_id: ownerId,
        method: 'GET',
        endpoint: '/v1/vaults/{vault_id}/secrets/{path+}',
        status_code: 200,
        price_usd: '0.00',
        is_paid: false,
      },
      { method: 'PUT', status_code: 201 },
    ])
  })

  it('shows an agent its own history only', async () => {
    const { owner, read, vault_id, agent } = await withSecret()
    const { as, id } = await agent({ vault: vault_id })
    await as.secrets.get({ vault_id, path: 'db/password' })
    await read()
    const { events } = await as.billing.history({})
    expect(events.map(({ principal_id }) => principal_id)).toEqual([id])
    expect((await owner.billing.history({})).events.length).toBeGreaterThan(1)
  })

  it('is added up for each principal, once however often the task runs', async () => {
    const { owner, pawl, vault_id, agent, clock } = await withSecret()
    const { as, id } = await agent({ vault: vault_id })
    for (let call = 0; call < 3; call++) await as.secrets.get({ vault_id, path: 'db/password' })
    for (let run = 0; run < 2; run++) {
      clock.advance(11 * 60_000)
      await pawl.runJobs()
    }
    const { principals = [], current_month } = await owner.billing.usage({})
    expect(principals.find(({ principal_id }) => principal_id === id)?.requests).toBe(3)
    expect(principals.reduce((sum, { requests }) => sum + requests, 0)).toBe(current_month.total_requests)
  })
})

describe('a tier with a limit of requests', () => {
  const tiers = (more = {}) => ({
    default: 'free',
    tiers: { free: { limits: { requests: 6 }, ...more }, pro: {} },
  })

  it('answers payment_required when it is used up, and counts no call that it refuses', async () => {
    const { read, used, world } = await withSecret({ tiers: tiers() })
    const calls = await Promise.allSettled(Array.from({ length: 20 }, read))
    expect(calls.filter(({ status }) => status === 'fulfilled')).toHaveLength(4)
    const [refused] = calls.filter((call) => call.status === 'rejected')
    expect(refused?.reason).toMatchObject({ code: 'payment_required', data: { x402Version: 1, accepts: [] } })
    expect(await used()).toBe(6)
    world.clock.advance(31 * 24 * 3_600_000)
    await read()
  })

  it('counts a call once that loses races, and gives back what calls took that are not stored', async () => {
    const { world, owner, used, vault_id } = await withSecret({
      tiers: { default: 'free', tiers: { free: { limits: { requests: 60 } } } },
    })
    const put = (_: unknown, at: number) => owner.secrets.put({ vault_id, path: 'db/password', value: tagged(`${at}`) })
    const written = await Promise.allSettled(Array.from({ length: 40 }, put))
    expect(written.filter(({ status }) => status === 'fulfilled')).toHaveLength(40)
    const refused = Array.from({ length: 40 }, () => owner.secrets.get({ vault_id, path: 'none' }))
    await Promise.allSettled(refused)
    expect(await used()).toBe(42)
    const read = () => owner.secrets.get({ vault_id, path: 'db/password' })
    const calls = await Promise.allSettled(Array.from({ length: 40 }, read))
    expect(calls.filter(({ status }) => status === 'fulfilled')).toHaveLength(18)
    expect(await used()).toBe(60)
    await world[Symbol.asyncDispose]()
  })

  it('holds from the moment that the operator changes it or strikes out usage', async () => {
    await using world = await testPawl({ tiers: { default: 'free', tiers: { free: { limits: { requests: 1_000 } } } } })
    const { owner: tenant, org: org_id } = await world.otherOrg()
    const { id: vault_id } = await tenant.vaults.create({ name: 'prod' })
    await tenant.secrets.put({ vault_id, path: 'a', value: tagged('x') })
    const answered = async (calls: number) => {
      const all = Array.from({ length: calls }, () => tenant.secrets.get({ vault_id, path: 'a' }))
      return (await Promise.allSettled(all)).filter(({ status }) => status === 'fulfilled').length
    }
    const limit = (free_tier_override: number) => world.owner.admin.updateOrgLimits({ org_id, free_tier_override })
    expect(await answered(10)).toBe(10)
    await limit(15)
    expect(await answered(10)).toBe(3)
    await limit(20)
    expect(await answered(10)).toBe(5)
    for (let times = 1; times <= 2; times++) {
      // A second time in vain: nothing was used in between.
      for (let resets = 0; resets < times; resets++) await world.owner.admin.resetUsage({})
      expect(await answered(30)).toBe(20)
    }
  })

  it('is kept with one commit for many calls', async () => {
    const storage = recording(memoryStorage())
    const { read, used } = await withSecret({
      storage,
      tiers: { default: 'free', tiers: { free: { limits: { requests: 100_000 } } } },
    })
    for (let call = 0; call < 100; call++) await read()
    const reserving = storage.calls.filter((call) => JSON.stringify(call).includes('"requestAllowance"'))
    expect(reserving.filter(({ method }) => method.startsWith('commit'))).toHaveLength(1)
    expect(await used()).toBe(102)
  })

  it('gives a restarted engine what the one before had reserved and not used', async () => {
    const tiers = { default: 'free', tiers: { free: { limits: { requests: 1_000 } } } }
    const parts = { storage: memoryStorage(), hsm: memoryHsm(), tiers }
    const first = await withSecret(parts)
    await first.read()
    const again = await testPawl(parts)
    const shown: number[] = []
    const get = again.pawl.registry.secrets?.get
    if (!get) throw new Error('no operation')
    const origin = { trusted: { user: first.ownerId }, charged: ({ used }: { used: number }) => void shown.push(used) }
    await again.pawl.perform(get, { vault_id: first.vault_id, path: 'db/password' }, origin)
    expect(shown).toEqual([4])
  })

  it('lets calls go on that credits pay for, those that end first before the others', async () => {
    const { read, owner, world, used } = await withSecret({ tiers: tiers({ request_usd: '0.01' }) })
    const pay = (id: string, cents: number) => {
      const event = { id, type: 'credits_paid', org: world.org, customer: null, cents, reference: id } as const
      const { body, signature } = world.billing.deliver(event, world.clock.now())
      return world.pawl.as({}).billing.receiveEvent({ payload: body, signature })
    }
    await pay('evt_old', 2)
    world.clock.advance(24 * 3_600_000)
    await pay('evt_new', 3)
    await pay('evt_new', 3)
    const calls = await Promise.allSettled(Array.from({ length: 20 }, read))
    expect(calls.filter(({ status }) => status === 'fulfilled')).toHaveLength(4 + 5)
    expect(await used()).toBe(11)
    expect(await owner.billing.balance({})).toMatchObject({ balance_cents: 0, balance_usd: '0.00' })
    expect((await owner.billing.usage({})).current_month).toMatchObject({ paid_requests: 5, total_cost_usd: '0.05' })
    const { transactions } = await owner.billing.transactions({})
    expect(transactions.map(({ type, amount_cents }) => [type, amount_cents])).toEqual([
      ['usage', -5],
      ['topup', 3],
      ['topup', 2],
    ])
    expect((await owner.billing.history({ limit: 1 })).events).toMatchObject([{ price_usd: '0.01', is_paid: true }])
  })

  it('never refuses free areas', async () => {
    const { read, owner } = await withSecret({ tiers: tiers() })
    await Promise.allSettled(Array.from({ length: 20 }, read))
    await owner.billing.subscription({})
    await owner.audit.events({})
  })

  it('takes a payment of the caller in place of credits', async () => {
    const { read, pawl, vault_id, ownerId, owner } = await withSecret({ tiers: tiers({ request_usd: '0.01' }) })
    await Promise.allSettled(Array.from({ length: 20 }, read))
    const get = pawl.registry.secrets?.get
    if (!get) throw new Error('no operation')
    const paid = (micros: number) => {
      const payment = { by: 'x402', micros, reference: 'proof' }
      return pawl.perform(get, { vault_id, path: 'db/password' }, { trusted: { user: ownerId }, paid: payment })
    }
    await expect(read()).rejects.toMatchObject({ code: 'payment_required', data: { required_usd: '0.01' } })
    await paid(10_000)
    expect((await owner.billing.usage({})).current_month).toMatchObject({ total_requests: 7, paid_requests: 1 })
  })
})

describe('a tier with limits of things', () => {
  const limits = { vaults: 2, secrets: 3, agents: 2, members: 2, shares: 2 }
  const open = () => testPawl({ tiers: { default: 'free', tiers: { free: { limits, features: [] } } } })
  const created = (calls: readonly PromiseSettledResult<unknown>[]) =>
    calls.filter(({ status }) => status === 'fulfilled').length
  const refusal = { code: 'resource_limit_exceeded' }

  it('takes room atomically: of 50 creations at once exactly the limit succeeds', async () => {
    await using world = await open()
    const { owner } = world
    const create = (_: unknown, at: number) => owner.vaults.create({ name: `vault ${at}` })
    expect(created(await Promise.allSettled(Array.from({ length: 50 }, create)))).toBe(2)
    await expect(owner.vaults.create({ name: 'more' })).rejects.toMatchObject(refusal)
  })

  it('has room again when a thing is gone', async () => {
    await using world = await open()
    const { owner } = world
    const { id: vault_id } = await owner.vaults.create({ name: 'one' })
    const put = (path: string) => owner.secrets.put({ vault_id, path, value: tagged('x') })
    for (const path of ['a', 'b', 'c']) await put(path)
    await put('a')
    await expect(put('d')).rejects.toMatchObject(refusal)
    await owner.secrets.delete({ vault_id, path: 'b' })
    await put('d')
    await expect(put('e')).rejects.toMatchObject(refusal)
  })

  it('limits agents, members and shares', async () => {
    await using world = await open()
    const { owner } = world
    for (const name of ['a', 'b']) await owner.agents.create({ name })
    await expect(owner.agents.create({ name: 'c' })).rejects.toMatchObject(refusal)
    await world.member()
    await expect(world.member()).rejects.toMatchObject(refusal)
    const { id: vault_id } = await owner.vaults.create({ name: 'one' })
    await owner.secrets.put({ vault_id, path: 'a', value: tagged('x') })
    const share = () => owner.sharing.createByPath({ vault_id, secret_path: 'a', recipient_type: 'anyone_with_link' })
    await share()
    await share()
    await expect(share()).rejects.toMatchObject(refusal)
    expect((await owner.billing.subscription({})).usage).toMatchObject({
      agents: { used: 2, limit: 2 },
      team_members: { used: 2, limit: 2 },
      shares: { used: 2, limit: 2 },
      secrets: { used: 1, limit: 3 },
      vaults: { used: 1, limit: 2 },
    })
  })

  it('refuses features that it does not include', async () => {
    await using world = await open()
    const { owner } = world
    const { id: vault_id } = await owner.vaults.create({ name: 'one' })
    await expect(owner.cmek.enable({ vault_id, fingerprint: 'a'.repeat(64) })).rejects.toMatchObject(refusal)
    await expect(owner.vaults.create({ name: 'two', key_store: 'acme' })).rejects.toMatchObject(refusal)
    const app = { name: 'App', slug: 'app', redirect_uris: [] }
    await expect(owner.platform.createApp(app)).rejects.toMatchObject(refusal)
  })
})
