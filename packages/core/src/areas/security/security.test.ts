import { tagged } from '@pawl/testkit/canary'
import { testPawl, type World } from '@pawl/testkit/world'
import { describe, expect, it } from 'vitest'
import { parseAddress } from '../../kernel/ip.ts'

const denied = expect.objectContaining({ code: 'denied', kind: 'denied' })
const lockout = expect.objectContaining({ code: 'ip_rule_lockout', kind: 'conflict' })

/** The owner with a token, as a surface sees a request from an address; null for an address that it does not know. */
async function bearerOf(world: World) {
  return (await world.owner.auth.refresh()).access_token.reveal()
}

function from(world: World, bearer: string, ip: string | null) {
  return world.pawl.as({ bearer, ip: ip === null ? null : parseAddress(ip) })
}

describe('IP rules', () => {
  it('are made, listed and deleted by owners and admins only', async () => {
    await using world = await testPawl()
    const made = await world.owner.security.createIpRule({ rule_type: 'deny', cidr: '10.1.2.3', label: 'old office' })
    expect(made).toEqual({
      id: made.id,
      org_id: world.org,
      rule_type: 'deny',
      cidr: '10.1.2.3/32',
      label: 'old office',
      applies_to: 'all',
      created_by: world.ownerId,
      created_at: '2026-01-01T00:00:00.000Z',
    })
    const { as: member } = await world.member()
    const { as: agent } = await world.agent()
    for (const as of [member, agent]) {
      await expect(as.security.listIpRules()).rejects.toEqual(denied)
      await expect(as.security.createIpRule({ rule_type: 'allow', cidr: '::/0' })).rejects.toEqual(denied)
      await expect(as.security.deleteIpRule({ rule_id: made.id })).rejects.toEqual(denied)
    }
    const { as: admin } = await world.member({ role: 'admin' })
    expect(await admin.security.listIpRules()).toEqual({ rules: [made] })
    await admin.security.deleteIpRule({ rule_id: made.id })
    expect(await admin.security.listIpRules()).toEqual({ rules: [] })
    await expect(admin.security.deleteIpRule({ rule_id: made.id })).rejects.toMatchObject({ code: 'ip_rule_not_found' })
  })

  it('do not apply to link shares, which have ranges of their own', async () => {
    await using world = await testPawl()
    const { id: vault_id } = await world.owner.vaults.create({ name: 'prod' })
    await world.owner.secrets.put({ vault_id, path: 'a', value: tagged('value') })
    const here = from(world, await bearerOf(world), '192.0.2.10')
    await here.security.createIpRule({ rule_type: 'allow', cidr: '192.0.2.0/24' })
    const share = { vault_id, secret_path: 'a' }
    const { id: open } = await here.sharing.createByPath(share)
    const { id: limited } = await here.sharing.createByPath({ ...share, ip_allowlist: ['192.0.2.0/24'] })
    const read = (share_id: string) => world.pawl.as({ ip: parseAddress('203.0.113.1') }).sharing.access({ share_id })
    expect((await read(open)).value.reveal()).toBe(tagged('value'))
    await expect(read(limited)).rejects.toEqual(denied)
  })

  it('take canonical ranges only: no octal, short or mixed form (E3)', async () => {
    await using world = await testPawl()
    const bad = [
      '0177.0.0.1',
      '127.1',
      '10.0.0.1:cafe',
      '10.0.0.0/33',
      '::1/129',
      'fe80::1%eth0',
      '',
      '10.0.0.0/08',
      'a',
    ]
    for (const cidr of bad) {
      await expect(world.owner.security.createIpRule({ rule_type: 'deny', cidr }), cidr).rejects.toMatchObject({
        kind: 'invalid',
        data: { fields: { cidr: expect.any(String) } },
      })
    }
    const { cidr } = await world.owner.security.createIpRule({ rule_type: 'deny', cidr: '::ffff:10.0.0.9/104' })
    expect(cidr).toBe('10.0.0.0/8')
  })

  it('with one allow rule refuse every other address at once, also with a token that is out already', async () => {
    await using world = await testPawl()
    const bearer = await bearerOf(world)
    const inside = from(world, bearer, '192.0.2.10')
    const outside = from(world, bearer, '198.51.100.1')
    await expect(outside.vaults.list()).resolves.toBeDefined()
    await inside.security.createIpRule({ rule_type: 'allow', cidr: '192.0.2.0/24' })
    await expect(inside.vaults.list()).resolves.toBeDefined()
    await expect(outside.vaults.list()).rejects.toEqual(denied)
    await expect(from(world, bearer, '2001:db8::1').vaults.list()).rejects.toEqual(denied)
    await expect(from(world, bearer, '::ffff:192.0.2.10').vaults.list()).resolves.toBeDefined()
  })

  it('refuse an address that nobody knows, and let the operator’s own calls pass (E2)', async () => {
    await using world = await testPawl()
    const bearer = await bearerOf(world)
    const { id } = await world.owner.security.createIpRule({ rule_type: 'deny', cidr: '198.51.100.0/24' })
    await expect(from(world, bearer, null).vaults.list()).rejects.toEqual(denied)
    await expect(world.owner.vaults.list()).resolves.toBeDefined()
    await world.owner.security.deleteIpRule({ rule_id: id })
    await expect(from(world, bearer, null).vaults.list()).resolves.toBeDefined()
  })

  it('let a deny rule win, also for an IPv4 host behind NAT64 or 6to4 (E3)', async () => {
    await using world = await testPawl()
    const bearer = await bearerOf(world)
    await world.owner.security.createIpRule({ rule_type: 'allow', cidr: '0.0.0.0/0' })
    await world.owner.security.createIpRule({ rule_type: 'allow', cidr: '::/0' })
    await world.owner.security.createIpRule({ rule_type: 'deny', cidr: '198.51.100.0/24' })
    for (const ip of ['198.51.100.7', '::ffff:198.51.100.7', '64:ff9b::c633:6407', '2002:c633:6407::1']) {
      await expect(from(world, bearer, ip).vaults.list(), ip).rejects.toEqual(denied)
    }
    for (const ip of ['198.51.101.7', '64:ff9b::c633:6507']) {
      await expect(from(world, bearer, ip).vaults.list(), ip).resolves.toBeDefined()
    }
  })

  it('do not take the IPv4 host behind a gateway for an allowed one (E3)', async () => {
    await using world = await testPawl()
    const bearer = await bearerOf(world)
    await world.owner.security.createIpRule({ rule_type: 'allow', cidr: '198.51.100.0/24' })
    await expect(from(world, bearer, '64:ff9b::c633:6407').vaults.list()).rejects.toEqual(denied)
  })

  it('concern users, agents or both', async () => {
    await using world = await testPawl()
    const bearer = await bearerOf(world)
    const { key } = await world.agent()
    const ip = '198.51.100.1'
    await world.owner.security.createIpRule({ rule_type: 'allow', cidr: '10.0.0.0/8', applies_to: 'agents' })
    await expect(from(world, bearer, ip).vaults.list()).resolves.toBeDefined()
    await expect(from(world, key, ip).vaults.list()).rejects.toEqual(denied)
    await expect(from(world, key, '10.9.9.9').vaults.list()).resolves.toBeDefined()
    await world.owner.security.createIpRule({ rule_type: 'deny', cidr: ip, applies_to: 'users' })
    await expect(from(world, bearer, ip).vaults.list()).rejects.toEqual(denied)
  })

  it('concern one organisation', async () => {
    await using world = await testPawl()
    const { owner } = await world.otherOrg()
    const bearer = (await owner.auth.refresh()).access_token.reveal()
    const { id } = await world.owner.security.createIpRule({ rule_type: 'deny', cidr: '0.0.0.0/0' })
    await expect(from(world, bearer, '198.51.100.1').vaults.list()).resolves.toBeDefined()
    expect(await owner.security.listIpRules()).toEqual({ rules: [] })
    await expect(owner.security.deleteIpRule({ rule_id: id })).rejects.toMatchObject({ code: 'ip_rule_not_found' })
  })

  it('make a caller from a refused address anonymous to what is public', async () => {
    await using world = await testPawl()
    const vault = await world.owner.vaults.create({ name: 'prod' })
    const secret = await world.owner.secrets.put({ vault_id: vault.id, path: 'db', value: tagged('hunter2') })
    const { id, key } = await world.agent()
    const share = await world.owner.sharing.create({ secret_id: secret.id, recipient_type: 'agent', recipient_id: id })
    await world.pawl.as({ agent: id }).sharing.accept({ share_id: share.id })
    await world.owner.security.createIpRule({ rule_type: 'allow', cidr: '10.0.0.0/8' })
    const open = (ip: string) => from(world, key, ip).sharing.access({ share_id: share.id })
    await expect(open('198.51.100.1')).rejects.toBeDefined()
    await expect(open('10.1.1.1')).resolves.toMatchObject({ path: 'db' })
  })

  it('leave an event of each refusal', async () => {
    await using world = await testPawl()
    const bearer = await bearerOf(world)
    await world.owner.security.createIpRule({ rule_type: 'deny', cidr: '198.51.100.1' })
    await from(world, bearer, '198.51.100.1')
      .vaults.list()
      .catch(() => {})
    const { events } = await world.owner.audit.events({ action: 'vault.list' })
    expect(events).toMatchObject([{ details: { outcome: 'denied' }, ip_address: '198.51.100.1' }])
  })
})

describe('a change of IP rules', () => {
  it('may not exclude the caller who makes it, unless they force it', async () => {
    await using world = await testPawl()
    const bearer = await bearerOf(world)
    const here = from(world, bearer, '192.0.2.10')
    const elsewhere = { rule_type: 'allow', cidr: '10.0.0.0/8' } as const
    await expect(here.security.createIpRule(elsewhere)).rejects.toEqual(lockout)
    await expect(here.security.createIpRule({ rule_type: 'deny', cidr: '192.0.2.0/24' })).rejects.toEqual(lockout)
    await expect(here.security.createIpRule({ ...elsewhere, applies_to: 'agents' })).resolves.toBeDefined()
    expect((await here.security.listIpRules()).rules).toHaveLength(1)
    await expect(here.security.createIpRule({ ...elsewhere, force: true })).resolves.toBeDefined()
    await expect(here.security.listIpRules()).rejects.toEqual(denied)
  })

  it('may not delete the rule that lets the caller in while other allow rules remain', async () => {
    await using world = await testPawl()
    const here = from(world, await bearerOf(world), '192.0.2.10')
    const own = await here.security.createIpRule({ rule_type: 'allow', cidr: '192.0.2.10' })
    const other = await here.security.createIpRule({ rule_type: 'allow', cidr: '10.0.0.0/8' })
    await expect(here.security.deleteIpRule({ rule_id: own.id })).rejects.toEqual(lockout)
    await here.security.deleteIpRule({ rule_id: other.id })
    await expect(here.security.deleteIpRule({ rule_id: own.id })).resolves.toBeUndefined()
  })

  it('is checked against the other one when two happen at the same moment', async () => {
    for (let round = 0; round < 5; round++) {
      await using world = await testPawl()
      const here = from(world, await bearerOf(world), '192.0.2.10')
      await here.security.createIpRule({ rule_type: 'allow', cidr: '192.0.2.0/24' })
      await here.security.createIpRule({ rule_type: 'allow', cidr: '192.0.2.10' })
      await here.security.createIpRule({ rule_type: 'allow', cidr: '10.0.0.0/8' })
      const [first, second] = (await here.security.listIpRules()).rules
      const outcomes = await Promise.allSettled(
        [first, second].map((rule) => here.security.deleteIpRule({ rule_id: rule?.id ?? '' })),
      )
      expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    }
  })

  it('stops at a limit', async () => {
    await using world = await testPawl()
    const add = (at: number) => world.owner.security.createIpRule({ rule_type: 'deny', cidr: `10.0.0.${at}` })
    for (let at = 0; at < 200; at++) await add(at)
    await expect(add(201)).rejects.toMatchObject({ code: 'too_many_ip_rules' })
  })
})
