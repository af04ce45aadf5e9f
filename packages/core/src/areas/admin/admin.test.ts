import { registry } from '@pawl/core'
import { tagged } from '@pawl/testkit/canary'
import { testPawl } from '@pawl/testkit/world'
import { describe, expect, it } from 'vitest'
import { day } from '../../kernel/time.ts'
import { operationsOf } from '../../operations/index.ts'
import { declared, settingKeys } from '../settings/index.ts'

const denied = expect.objectContaining({ kind: 'denied' })
const tiers = {
  default: 'free',
  tiers: { free: { limits: { requests: 1_000 } }, pro: { limits: { requests: 25_000 } } },
}

describe('the desk of the operator', () => {
  it('D9: has every route below /v1/admin, and nothing there is open to another caller', () => {
    const below = operationsOf(registry).filter(({ http }) => http?.path.startsWith('/v1/admin'))
    const forOperator = operationsOf(registry).filter(({ access }) => access !== 'public' && 'operator' in access)
    expect(below.map(({ name }) => name)).toEqual(forOperator.map(({ name }) => name))
    for (const { access } of below) expect(access).toEqual({ signedIn: ['user'], operator: true })
  })

  it('is for owners and admins of the first organisation, and stays when the first owner leaves', async () => {
    await using world = await testPawl()
    const { owner: tenant } = await world.otherOrg()
    const [second, admin, member] = [
      await world.member({ role: 'owner' }),
      await world.member({ role: 'admin' }),
      await world.member(),
    ]
    const agent = await world.agent()
    for (const as of [world.owner, second.as, admin.as]) await as.admin.listSettings()
    for (const as of [tenant, member.as, agent.as]) {
      await expect(as.admin.listSettings()).rejects.toEqual(denied)
      await expect(as.admin.updateSetting({ key: 'sign_up', value: 'open' })).rejects.toEqual(denied)
    }
    await world.owner.auth.deleteMe({ confirmation: 'DELETE MY ACCOUNT' })
    await second.as.admin.listSettings()
  })

  it('D7, D10: is closed to an API key without its scope, whoever made the key', async () => {
    await using world = await testPawl()
    const { api_key } = await world.owner.auth.createApiKey({ name: 'reader', scopes: ['vaults:read'] })
    const reader = world.pawl.as(api_key.reveal())
    await expect(reader.admin.listUsers()).rejects.toEqual(denied)
    await expect(reader.admin.resetUsage()).rejects.toEqual(denied)
  })
})

describe('settings of the server', () => {
  it('are a closed list, and an unknown key names the nearest', async () => {
    await using world = await testPawl()
    const { admin } = world.owner
    expect((await admin.listSettings()).settings.map(({ key }) => key)).toEqual(settingKeys)
    await expect(admin.updateSetting({ key: 'sing_up', value: 'open' })).rejects.toThrow('Did you mean sign_up?')
    for (const key of ['__proto__', 'constructor', 'PAWL_ROOT_KEY']) {
      await expect(admin.updateSetting({ key, value: '1' })).rejects.toMatchObject({ code: 'unknown_setting' })
      await expect(admin.deleteSetting({ key })).rejects.toMatchObject({ code: 'unknown_setting' })
    }
  })

  it('show their defaults in the form in which they are written', async () => {
    await using world = await testPawl({ usdPrices: { ETH: '3000', USDC: '1' }, signUp: ['example.com'] })
    const { settings } = await world.owner.admin.listSettings()
    for (const { key, value, source } of settings) {
      expect(source).toBe('environment')
      const { read, of } = declared[key as keyof typeof declared]
      expect(read.parse(value)).toEqual(world.pawl.settings[of])
    }
  })

  it('refuse what does not fit, and keep what was', async () => {
    await using world = await testPawl()
    const { admin } = world.owner
    const wrong = [
      ['sign_up', 'everybody'],
      ['sign_up', ''],
      ['agent_vaults_max', '-1'],
      ['agent_vaults_max', '1e3'],
      ['usd_prices', 'ETH=cheap'],
      ['keep_deleted_days', '10000'],
    ] as const
    const before = await admin.listSettings()
    for (const [key, value] of wrong) {
      await expect(admin.updateSetting({ key, value })).rejects.toMatchObject({ code: 'invalid_input' })
    }
    expect(await admin.listSettings()).toEqual(before)
  })

  it('count for the next call, win over the environment, and give it back when they are removed', async () => {
    await using world = await testPawl({ signUp: 'closed' })
    const { admin } = world.owner
    const stranger = world.pawl.as({ bearer: null })
    const signUp = () => stranger.accounts.signUp({ email: 'ada@example.com', password: 'Correct-Horse-1815' })
    await expect(signUp()).rejects.toMatchObject({ code: 'sign_up_closed' })
    expect(await admin.updateSetting({ key: 'sign_up', value: 'example.com' })).toMatchObject({
      ...{ value: 'example.com', default_value: 'closed', source: 'stored', updated_by: world.ownerId },
    })
    await signUp()
    await admin.deleteSetting({ key: 'sign_up' })
    await expect(signUp()).rejects.toMatchObject({ code: 'sign_up_closed' })

    const agent = await world.agent()
    await admin.updateSetting({ key: 'agent_vaults_max', value: '0' })
    await expect(agent.as.vaults.create({ name: 'mine' })).rejects.toMatchObject({ code: 'resource_limit_exceeded' })
    await admin.deleteSetting({ key: 'agent_vaults_max' })
    await agent.as.vaults.create({ name: 'mine' })
  })

  it('decide how long a deleted secret can be restored', async () => {
    await using world = await testPawl()
    const { owner } = world
    const { id: vault_id } = await owner.vaults.create({ name: 'prod' })
    await owner.secrets.put({ vault_id, path: 'db', value: tagged('x') })
    await owner.secrets.delete({ vault_id, path: 'db' })
    await owner.admin.updateSetting({ key: 'keep_deleted_days', value: '2' })
    const [deleted] = (await owner.secrets.listDeleted({ vault_id })).secrets
    expect(Date.parse(deleted?.purged_at ?? '') - Date.parse(deleted?.deleted_at ?? '')).toBe(2 * day)
    world.clock.advance(3 * day)
    await world.pawl.runJobs()
    expect((await owner.secrets.listDeleted({ vault_id })).secrets).toEqual([])
  })

  it('are in the trail with the values before and after', async () => {
    await using world = await testPawl()
    await world.owner.admin.updateSetting({ key: 'agent_shares_max', value: '7' })
    await world.owner.admin.deleteSetting({ key: 'agent_shares_max' })
    const { events } = await world.owner.audit.events({ limit: 2 })
    expect(events.map(({ action, details }) => [action, details])).toEqual([
      ['setting.delete', { before: '7', after: '100' }],
      ['setting.update', { before: '100', after: '7' }],
    ])
  })
})

describe('users of all organisations', () => {
  it('are listed with their organisation, in parts of a chosen size', async () => {
    await using world = await testPawl()
    const { org, ownerId } = await world.otherOrg()
    await world.member()
    const { users, total } = await world.owner.admin.listUsers()
    expect(total).toBe(3)
    expect(users).toContainEqual(
      expect.objectContaining({
        id: ownerId,
        org_id: org,
        role: 'owner',
        is_sponsored: false,
        billing_tier: 'enterprise',
      }),
    )
    const parts = await Promise.all([0, 1, 2, 3].map((offset) => world.owner.admin.listUsers({ limit: 1, offset })))
    expect(parts.flatMap((part) => part.users)).toEqual(users)
  })

  it('can be deleted, and nothing of theirs works any more', async () => {
    await using world = await testPawl()
    const { ownerId, owner: tenant, org } = await world.otherOrg()
    const { id } = await tenant.orgs.addMember({ email: 'ada@example.org', role: 'admin' })
    const ada = world.pawl.as({ user: id })
    const { api_key } = await ada.auth.createApiKey({ name: 'laptop' })
    const { id: vault_id } = await ada.vaults.create({ name: 'hers' })
    await world.owner.admin.deleteUser({ user_id: id })
    const gone = expect.objectContaining({ code: 'not_authenticated' })
    await expect(ada.vaults.list()).rejects.toEqual(gone)
    await expect(world.pawl.as(api_key.reveal()).vaults.list()).rejects.toEqual(gone)
    // Her vault passes on, as it does when she deletes her account.
    expect(await tenant.vaults.get({ vault_id })).toMatchObject({ created_by: ownerId })
    for (const as of [tenant, world.owner]) {
      const { events } = await as.audit.events({ action: 'user.delete' })
      expect(events).toMatchObject([{ actor_id: world.ownerId, resource_id: id }])
    }
    await expect(world.owner.admin.deleteUser({ user_id: id })).rejects.toMatchObject({ code: 'user_not_found' })
    await expect(world.owner.admin.deleteUser({ user_id: ownerId })).rejects.toMatchObject({ code: 'last_owner' })
    await expect(world.owner.admin.deleteUser({ user_id: world.ownerId })).rejects.toEqual(denied)
    expect(await world.owner.admin.getOrgLimits({ org_id: org })).toEqual({ org_id: org, is_sponsored: false })
  })

  it('D8: who are owners of the first organisation are not deleted by its admins', async () => {
    await using world = await testPawl()
    const { as: admin } = await world.member({ role: 'admin' })
    const { id: second } = await world.member({ role: 'owner' })
    await expect(admin.admin.deleteUser({ user_id: second })).rejects.toEqual(denied)
    await world.owner.admin.deleteUser({ user_id: second })
  })
})

describe('an organisation', () => {
  it('gets limits and a tier from the operator, and both trails tell', async () => {
    await using world = await testPawl({ tiers })
    const { org, owner: tenant } = await world.otherOrg()
    const { admin } = world.owner
    expect(await admin.updateOrgLimits({ org_id: org, free_tier_override: 5 })).toEqual({
      ...{ org_id: org, free_tier_override: 5, is_sponsored: false },
    })
    expect(await admin.updateOrgLimits({ org_id: org, is_sponsored: true })).toMatchObject({ free_tier_override: 5 })
    expect(await admin.updateOrgLimits({ org_id: org, free_tier_override: null, is_sponsored: false })).toEqual({
      ...{ org_id: org, is_sponsored: false },
    })
    await admin.setBillingTier({ org_id: org, tier: 'pro', duration_days: 90 })
    expect((await admin.listUsers()).users).toContainEqual(
      expect.objectContaining({ org_id: org, billing_tier: 'pro' }),
    )
    for (const as of [tenant, world.owner]) {
      const { events } = await as.audit.events({ action: 'org.set_tier' })
      expect(events).toMatchObject([
        { details: { before: 'free', after: 'pro', period_end: '2026-04-01T00:00:00.000Z' } },
      ])
    }
    world.clock.advance(91 * day)
    expect((await admin.listUsers()).users).not.toContainEqual(expect.objectContaining({ billing_tier: 'pro' }))
    await expect(admin.setBillingTier({ org_id: org, tier: 'gold' })).rejects.toThrow('free, pro')
    const nowhere = world.ownerId
    await expect(admin.setBillingTier({ org_id: nowhere, tier: 'pro' })).rejects.toMatchObject({
      code: 'org_not_found',
    })
    await expect(admin.getOrgLimits({ org_id: nowhere })).rejects.toMatchObject({ code: 'org_not_found' })
  })

  it('gets credits from the operator, once for a call that is sent again', async () => {
    await using world = await testPawl({ tiers })
    const { org, owner: tenant } = await world.otherOrg()
    const operator = world.pawl.as({ trusted: { user: world.ownerId }, idempotencyKey: 'welcome' })
    for (let again = 0; again < 2; again++) {
      expect(await operator.admin.addCredits({ org_id: org, amount_usd: 25 })).toEqual({
        ...{ org_id: org, balance_usd: '25.00' },
      })
    }
    expect(await tenant.billing.balance({})).toMatchObject({ balance_cents: 2_500 })
    const { events } = await tenant.audit.events({ action: 'org.add_credits' })
    expect(events).toMatchObject([{ details: { before: '0.00', after: '25.00', amount_usd: 25 } }])
  })

  it('has its requests of the month struck out, alone or with all others', async () => {
    await using world = await testPawl({ tiers })
    const { org, owner: tenant } = await world.otherOrg()
    const { admin } = world.owner
    for (let count = 0; count < 3; count++) await tenant.vaults.list()
    await world.owner.vaults.list()
    const requests = async () => {
      const { users } = await admin.listUsers()
      return Object.fromEntries(users.map((user) => [user.org_id, user.current_month_requests]))
    }
    expect(await requests()).toEqual({ [org]: 3, [world.org]: 1 })
    const { email } = await tenant.auth.me()
    expect(await admin.resetUserUsage({ email })).toMatchObject({ deleted_events: 3, org_id: org, email })
    expect(await requests()).toEqual({ [org]: 0, [world.org]: 1 })
    await tenant.vaults.list()
    expect(await admin.resetUsage()).toEqual({ deleted_events: 2 })
    expect(await requests()).toEqual({ [org]: 0, [world.org]: 0 })
    await expect(admin.resetUserUsage({ email: 'nobody@example.com' })).rejects.toMatchObject({
      code: 'user_not_found',
    })
  })
})
