import { tagged } from '@pawl/testkit/canary'
import { testPawl, type World, type WorldOptions } from '@pawl/testkit/world'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { tries } from '../../../../../tools/test-run/index.ts'
import type { PawlError } from '../../kernel/errors.ts'

// Goal: who may write policies, what is refused when they are written, and that `explain` tells the truth (core.md §7).

const code = (code: string) => expect.objectContaining({ code })
type NewPolicy = Parameters<World['owner']['policies']['create']>[0]

async function withVault(options: WorldOptions = {}) {
  const world = await testPawl(options)
  const { id: vaultId } = await world.owner.vaults.create({ name: 'prod' })
  const agent = await world.agent()
  const policy = (more: Partial<NewPolicy> = {}) =>
    world.owner.policies.create({
      vault_id: vaultId,
      secret_path_pattern: '**',
      principal_type: 'agent',
      principal_id: agent.id,
      permissions: ['read'],
      ...more,
    })
  await world.owner.secrets.put({ vault_id: vaultId, path: 'db/main', value: tagged('v') })
  const canRead = (path = 'db/main') =>
    agent.as.secrets.get({ vault_id: vaultId, path }).then(
      () => true,
      (error: PawlError) => (error.code === 'denied' ? false : Promise.reject(error)),
    )
  return { ...world, vaultId, subject: agent, policy, canRead }
}

describe('writing a policy', () => {
  it('N7: refuses the name of a condition that does not exist, and says the nearest', async () => {
    await using vault = await withVault()
    for (const [given, field, nearest] of [
      [{ conditions: { ip_allow_list: ['10.0.0.0/8'] } }, 'conditions', 'ip_allowlist'],
      [{ conditions: { enviroment_in: ['production'] } }, 'conditions', 'environment_in'],
      [{ attribute_conditions: { principle_role: 'admin' } }, 'attribute_conditions', 'principal_role'],
      [{ conditions: { time_window: { after: '09:00', timezon: 'UTC' } } }, 'conditions.time_window', 'timezone'],
    ] as const) {
      await expect(vault.policy(given as never)).rejects.toThrow(new RegExp(`^${field}: .*${nearest}`))
    }
    // Names of the contract that are not evaluated here are kept: an allow with one never applies.
    await vault.policy({ conditions: { runtime_image_in: ['a'] } })
    expect(await vault.canRead()).toBe(false)
  })

  it('creates no second policy with if_absent where an equal one exists, also when 20 callers ask at once', async () => {
    await using vault = await withVault()
    const wanted = { permissions: ['write', 'read'], conditions: { environment_in: ['ci'] }, if_absent: true } as const
    const grants = await Promise.all(Array.from({ length: 20 }, () => vault.policy(wanted as never)))
    expect(new Set(grants.map(({ id }) => id)).size).toBe(1)
    expect(grants.filter(({ already_exists }) => !already_exists)).toHaveLength(1)
    const { id } = await vault.policy({ ...(wanted as never as object), permissions: ['read', 'write', 'read'] })
    expect(id).toBe(grants[0]?.id)
    const { policies } = await vault.owner.policies.list({ vault_id: vault.vaultId })
    expect(policies).toHaveLength(1)
    const { events } = await vault.owner.audit.events({ action: 'policy.create' })
    expect(events.filter(({ details }) => details.outcome !== 'already_exists')).toHaveLength(1)
  })

  it.each([
    ['another pattern', { secret_path_pattern: 'db/*' }],
    ['another permission', { permissions: ['read', 'rotate'] }],
    ['the other effect', { effect: 'deny' }],
    ['another priority', { priority: 1 }],
    ['other conditions', { conditions: { environment_in: ['ci'] } }],
    ['an end', { expires_at: '2027-01-01T00:00:00Z' }],
  ] as const)('creates a policy with if_absent beside one with %s', async (_, other) => {
    await using vault = await withVault()
    const { id } = await vault.policy(other as never)
    const created = await vault.policy({ if_absent: true })
    expect(created.id).not.toBe(id)
    expect(created.already_exists).toBeUndefined()
  })

  it('creates a policy with if_absent after an equal one has expired, and without if_absent in any case', async () => {
    await using vault = await withVault()
    const expires_at = '2026-01-01T00:00:01Z'
    const { id } = await vault.policy({ expires_at })
    expect((await vault.policy({ expires_at })).id).not.toBe(id)
    expect((await vault.policy({ expires_at, if_absent: true })).already_exists).toBe(true)
    vault.clock.advance(2_000)
    const later = { expires_at: '2026-02-01T00:00:00Z', if_absent: true }
    expect((await vault.policy(later)).already_exists).toBeUndefined()
    expect((await vault.policy({ if_absent: true })).already_exists).toBeUndefined()
  })

  it('S16: changes nothing where the caller expects another effect', async () => {
    await using vault = await withVault()
    const { id: policy_id } = await vault.policy({ effect: 'deny' })
    const change = { vault_id: vault.vaultId, policy_id, permissions: ['write' as const] }
    expect(await vault.owner.policies.update({ ...change, if_effect: 'allow' })).toMatchObject({
      effect: 'deny',
      permissions: ['read'],
    })
    expect(await vault.owner.policies.update({ ...change, if_effect: 'deny' })).toMatchObject({
      permissions: ['write'],
    })
  })

  it('answers with what was asked, and leaves out newer fields that say nothing (§1.3, A8)', async () => {
    await using vault = await withVault()
    const policy = await vault.policy({ secret_path_pattern: 'db/**' })
    expect(JSON.parse(JSON.stringify(policy))).toEqual({
      id: policy.id,
      vault_id: vault.vaultId,
      secret_path_pattern: 'db/**',
      principal_type: 'agent',
      principal_id: vault.subject.id,
      permissions: ['read'],
      conditions: {},
      created_by: vault.ownerId,
      created_by_type: 'user',
      created_at: '2026-01-01T00:00:00.000Z',
    })
    expect(await vault.policy({ effect: 'deny', priority: 3 })).toMatchObject({ effect: 'deny', priority: 3 })
  })

  it('is for who owns the vault; others, even with every permission, are denied (§7.2.6, D5)', async () => {
    await using vault = await withVault()
    await vault.policy({ permissions: ['read', 'write', 'delete', 'rotate'] })
    const admin = await vault.member({ role: 'admin' })
    const rule = { vault_id: vault.vaultId, secret_path_pattern: '**', principal_type: 'agent' as const }
    for (const as of [vault.subject.as, admin.as]) {
      const grant = as.policies.create({ ...rule, principal_id: vault.subject.id, permissions: ['read'] })
      await expect(grant).rejects.toEqual(code('denied'))
      await expect(as.policies.list({ vault_id: vault.vaultId })).rejects.toEqual(code('denied'))
    }
  })

  it('refuses patterns outside of the grammar, whatever a glob library would make of them (A4, G5, G6)', async () => {
    await using vault = await withVault()
    for (const pattern of [
      '../root',
      'a/../b',
      '+(a|+(a))',
      '{a,b}',
      '[ab]',
      '!x',
      'a**',
      '**a/**/**/x',
      '',
      '/a',
      'a?',
    ]) {
      await expect(vault.policy({ secret_path_pattern: pattern })).rejects.toThrow(/^secret_path_pattern:/)
    }
  })

  it('refuses permissions that are none, and a list of none (§7.2.2)', async () => {
    await using vault = await withVault()
    for (const permissions of [[], ['admin'], 'read', [null]]) {
      await expect(vault.policy({ permissions: permissions as never })).rejects.toThrow(/^permissions/)
    }
  })

  it('refuses conditions that make no sense, by their name (§7.3)', async () => {
    await using vault = await withVault()
    const bad = { ip_allowlist: ['300.0.0.1'], time_window: { timezone: 'Mars/Olympus', start_hour: 1, end_hour: 2 } }
    const error = await vault.policy({ conditions: bad }).catch((caught) => caught)
    expect(Object.keys(error.data.fields).join()).toMatch(/conditions\.ip_allowlist.*conditions\.time_window/)
    expect(error.message).not.toMatch(/300|Mars/)
  })

  it('is for principals of this organisation only (§7.2.8, A6)', async () => {
    await using vault = await withVault()
    const { ownerId } = await vault.otherOrg()
    const wrong = [
      { principal_type: 'user' as const, principal_id: ownerId },
      { principal_type: 'user' as const, principal_id: vault.subject.id },
      { principal_type: 'agent' as const, principal_id: '*' },
    ]
    for (const principal of wrong) await expect(vault.policy(principal)).rejects.toThrow(/^principal_id:/)
  })
})

describe('a policy that an agent makes for another principal', () => {
  async function withOffer(more: Partial<NewPolicy> = {}) {
    const world = await testPawl()
    const mallory = await world.agent({ name: 'mallory' })
    const bot = await world.agent({ name: 'bot' })
    const { id: vault_id } = await mallory.as.vaults.create({ name: 'default' })
    await mallory.as.secrets.put({ vault_id, path: 'a', value: tagged('v') })
    const offer = await mallory.as.policies.create({
      vault_id,
      secret_path_pattern: '**',
      principal_type: 'agent',
      principal_id: bot.id,
      permissions: ['read', 'write'],
      ...more,
    })
    const read = () => bot.as.secrets.get({ vault_id, path: 'a' })
    const seen = async () => (await bot.as.vaults.list({})).vaults.map(({ name }) => name)
    return { ...world, mallory, bot, vault_id, policy_id: offer.id, offer, read, seen }
  }

  it('M1: allows nothing, and shows no vault, until that principal accepts it', async () => {
    await using world = await withOffer()
    const { bot, mallory, policy_id, vault_id } = world
    expect(world.offer.is_accepted).toBe(false)
    await expect(world.read()).rejects.toEqual(code('denied'))
    await expect(bot.as.secrets.put({ vault_id, path: 'a', value: tagged('w') })).rejects.toEqual(code('denied'))
    expect(await world.seen()).toEqual([])
    const { answers } = await mallory.as.policies.explain({
      vault_id,
      path: 'a',
      permission: 'read',
      principal_type: 'agent',
      principal_id: bot.id,
    })
    expect(answers[0]).toMatchObject({ allowed: false })
    expect(JSON.stringify(answers)).toContain('has not accepted it')
    for (const as of [mallory.as, world.owner, (await world.otherOrg()).owner]) {
      await expect(as.policies.accept({ policy_id })).rejects.toEqual(code('policy_not_found'))
      expect((await as.policies.inbound({})).policies).toEqual([])
    }
    expect((await bot.as.policies.inbound({})).policies).toMatchObject([{ id: policy_id, created_by: mallory.id }])
    await bot.as.policies.accept({ policy_id })
    await bot.as.policies.accept({ policy_id })
    expect((await world.read()).value.reveal()).toBe(tagged('v'))
    expect([await world.seen(), (await bot.as.policies.inbound({})).policies]).toEqual([['default'], []])
  })

  it('M1: ends when that principal declines it, before or after accepting it', async () => {
    for (const isAccepted of [false, true]) {
      await using world = await withOffer()
      const { bot, policy_id } = world
      if (isAccepted) await bot.as.policies.accept({ policy_id })
      await bot.as.policies.decline({ policy_id })
      await expect(world.read()).rejects.toEqual(code('denied'))
      await expect(bot.as.policies.accept({ policy_id })).rejects.toEqual(code('policy_not_found'))
    }
  })

  it('M1: waits also when it was a deny first, and when the agent changes it', async () => {
    await using world = await withOffer({ effect: 'deny' })
    const { mallory, vault_id, policy_id } = world
    const changed = await mallory.as.policies.update({ vault_id, policy_id, effect: 'allow' })
    expect(changed.is_accepted).toBe(false)
    await expect(world.read()).rejects.toEqual(code('denied'))
  })

  it('M1: refuses at once when it is a deny, and its principal can neither accept nor decline that', async () => {
    await using world = await withOffer()
    const { bot, mallory, vault_id, policy_id } = world
    await bot.as.policies.accept({ policy_id })
    const rule = { secret_path_pattern: '**', permissions: ['read' as const], effect: 'deny' as const }
    const principal = { principal_type: 'agent' as const, principal_id: bot.id }
    const deny = await mallory.as.policies.create({ vault_id, ...principal, ...rule })
    await expect(world.read()).rejects.toEqual(code('denied'))
    for (const answer of [bot.as.policies.decline, bot.as.policies.accept]) {
      await expect(answer({ policy_id: deny.id })).rejects.toEqual(code('policy_not_found'))
    }
    await expect(world.read()).rejects.toEqual(code('denied'))
  })

  it('applies at once when a human makes it, and no principal declines a policy of a human', async () => {
    await using vault = await withVault()
    const { id } = await vault.policy({ effect: 'deny' })
    const { as } = vault.subject
    for (const answer of [as.policies.decline, as.policies.accept]) {
      await expect(answer({ policy_id: id })).rejects.toEqual(code('policy_not_found'))
    }
    const allow = await vault.policy({ priority: 1 })
    expect([allow.is_accepted, await vault.canRead()]).toEqual([undefined, true])
    await expect(as.policies.decline({ policy_id: allow.id })).rejects.toEqual(code('policy_not_found'))
  })
})

describe('access', () => {
  it('of a member follows the role that they have now, where a policy asks for one (§7.3)', async () => {
    await using vault = await withVault()
    const bob = await vault.member()
    const read = () => bob.as.secrets.get({ vault_id: vault.vaultId, path: 'db/main' })
    const role = { attribute_conditions: { principal_role: ['admin' as const] } }
    await vault.policy({ principal_type: 'user', principal_id: bob.id, ...role })
    await expect(read()).rejects.toEqual(code('denied'))
    await vault.owner.orgs.setRole({ user_id: bob.id, role: 'admin' })
    expect((await read()).value.reveal()).toBe(tagged('v'))
  })

  it('of an agent that is limited to vaults includes those that it made itself, and no others', async () => {
    await using vault = await withVault()
    const { subject, owner } = vault
    const { id: own } = await subject.as.vaults.create({ name: 'own' })
    await subject.as.secrets.put({ vault_id: own, path: 'a', value: tagged('own') })
    await vault.policy()
    const { id: other } = await owner.vaults.create({ name: 'other' })
    await owner.agents.update({ agent_id: subject.id, vault_ids: [other] })
    expect((await subject.as.secrets.get({ vault_id: own, path: 'a' })).value.reveal()).toBe(tagged('own'))
    expect(await vault.canRead()).toBe(false)
    expect((await subject.as.vaults.list({})).vaults.map(({ name }) => name)).toEqual(['own'])
  })

  it('M1: of an agent to its own vault needs no acceptance by the agent', async () => {
    await using world = await testPawl()
    const { id, as } = await world.agent()
    const { id: vault_id } = await as.vaults.create({ name: 'own' })
    const rule = { secret_path_pattern: '**', permissions: ['read' as const] }
    const policy = await as.policies.create({ vault_id, principal_type: 'agent', principal_id: id, ...rule })
    expect(policy.is_accepted).toBeUndefined()
    expect((await as.policies.inbound({})).policies).toEqual([])
  })
})

describe('changing a policy', () => {
  it('touches only what is named; null clears; pattern and principal stay (§7.2.7, G10)', async () => {
    await using vault = await withVault()
    const conditions = { ip_allowlist: ['10.0.0.0/8'] }
    const { id } = await vault.policy({ conditions, expires_at: '2027-01-01T00:00:00Z', priority: 2 })
    const at = { vault_id: vault.vaultId, policy_id: id }
    const changed = await vault.owner.policies.update({
      ...at,
      permissions: ['write'],
      secret_path_pattern: 'x',
    } as never)
    expect(changed).toMatchObject({ permissions: ['write'], conditions, priority: 2, secret_path_pattern: '**' })
    expect(changed.expires_at).toBe('2027-01-01T00:00:00.000Z')
    const cleared = await vault.owner.policies.update({ ...at, conditions: null, expires_at: null })
    expect(cleared).toMatchObject({ conditions: {}, permissions: ['write'] })
    expect(cleared.expires_at).toBeUndefined()
  })

  it('takes new values of every field, and keeps them (§7.2.7)', async () => {
    await using vault = await withVault()
    const { id } = await vault.policy({ conditions: { ip_allowlist: ['10.0.0.0/8'] }, priority: 2 })
    const at = { vault_id: vault.vaultId, policy_id: id }
    const wanted = {
      conditions: { environment_in: ['production'] },
      attribute_conditions: { auth_method: 'api_key' },
      consensus_trigger: { approvals: 2 },
      tx_conditions: { note: 'n' },
      approval_id: vault.vaultId,
      priority: 7,
      expires_at: '2027-01-01T00:00:00.000Z',
    }
    expect(await vault.owner.policies.update({ ...at, ...wanted })).toMatchObject(wanted)
    const { policies } = await vault.owner.policies.list({ vault_id: vault.vaultId })
    expect(policies).toMatchObject([wanted])
  })

  it('of one vault is no business of who governs another (C6)', async () => {
    await using vault = await withVault()
    const { id } = await vault.policy()
    const other = await vault.owner.vaults.create({ name: 'other' })
    const at = { vault_id: other.id, policy_id: id }
    await expect(vault.owner.policies.delete(at)).rejects.toEqual(code('policy_not_found'))
    await expect(vault.owner.policies.update({ ...at, priority: 9 })).rejects.toEqual(code('policy_not_found'))
    expect(await vault.canRead()).toBe(true)
  })

  it('is felt at once, also when a policy expires (§7.2.10, §7.2.11)', async () => {
    await using vault = await withVault()
    const { id } = await vault.policy({ expires_at: '2026-01-01T00:00:10Z' })
    const at = { vault_id: vault.vaultId, policy_id: id }
    expect(await vault.canRead()).toBe(true)
    await vault.owner.policies.update({ ...at, effect: 'deny' })
    expect(await vault.canRead()).toBe(false)
    await vault.owner.policies.update({ ...at, effect: 'allow' })
    vault.clock.advance(10_000)
    expect(await vault.canRead()).toBe(false)
    expect((await vault.owner.policies.list({ vault_id: vault.vaultId })).policies).toHaveLength(1)
  })
})

describe('the owner of a vault', () => {
  it('passes every policy, denies too (§7.2.5)', async () => {
    await using vault = await withVault()
    const self = { principal_type: 'user' as const, principal_id: vault.ownerId, effect: 'deny' as const, priority: 99 }
    await vault.policy({ ...self, permissions: ['read', 'write'] })
    const { value } = await vault.owner.secrets.get({ vault_id: vault.vaultId, path: 'db/main' })
    expect(value.reveal()).toBe(tagged('v'))
  })
})

describe('explain', () => {
  it('says who may do what with a path, which policy decides, and why not', async () => {
    await using vault = await withVault()
    const broad = await vault.policy()
    const deny = await vault.policy({ secret_path_pattern: 'db/*', effect: 'deny', priority: 1 })
    const { answers } = await vault.owner.policies.explain({
      vault_id: vault.vaultId,
      path: 'db/main',
      permission: 'read',
    })
    const owner = answers.find(({ principal_id }) => principal_id === vault.ownerId)
    expect(owner).toMatchObject({ allowed: true, because: 'The caller owns the vault.' })
    const agent = answers.find(({ principal_id }) => principal_id === vault.subject.id)
    expect(agent).toMatchObject({ allowed: false, policy_id: deny.id })
    expect(agent?.policies.map(({ policy_id, applies, decides }) => [policy_id, applies, decides])).toEqual(
      expect.arrayContaining([
        [broad.id, true, false],
        [deny.id, true, true],
      ]),
    )
  })

  it('says when scopes, bindings, inactivity or the kind of a secret are the reason', async () => {
    await using vault = await withVault()
    const other = await vault.owner.vaults.create({ name: 'other' })
    const scoped = await vault.agent({ scopes: ['app/**'] })
    const bound = await vault.agent({ vault_ids: [other.id] })
    const off = await vault.agent()
    await vault.owner.agents.update({ agent_id: off.id, is_active: false })
    const signer = await vault.agent({ intents_api_enabled: true })
    await vault.owner.secrets.put({ vault_id: vault.vaultId, path: 'db/main', value: tagged('k'), type: 'private_key' })
    const why = async (principal_id: string) => {
      await vault.policy({ principal_id })
      const question = { vault_id: vault.vaultId, path: 'db/main', permission: 'read' as const }
      const { answers } = await vault.owner.policies.explain({ ...question, principal_type: 'agent', principal_id })
      return answers[0]?.because
    }
    expect(await why(scoped.id)).toMatch(/scopes do not cover/)
    expect(await why(bound.id)).toMatch(/limited to other vaults/)
    expect(await why(off.id)).toMatch(/not active/)
    expect(await why(signer.id)).toMatch(/private keys/)
  })

  it('tells everybody about themselves, and about others only who governs the vault', async () => {
    await using vault = await withVault()
    await vault.policy()
    const question = { vault_id: vault.vaultId, path: 'db/main' }
    const { answers } = await vault.subject.as.policies.explain(question)
    expect(new Set(answers.map(({ principal_id }) => principal_id))).toEqual(new Set([vault.subject.id]))
    const about = { ...question, principal_type: 'user' as const, principal_id: vault.ownerId }
    await expect(vault.subject.as.policies.explain(about)).rejects.toEqual(code('denied'))
  })

  it('M16: refuses another time or address from a caller who does not manage the vault', async () => {
    await using vault = await withVault()
    const conditions = { ip_allowlist: ['10.0.0.0/8'], time_window: { start_hour: 9, end_hour: 17 } }
    await vault.policy({ conditions })
    const admin = await vault.member({ role: 'admin' })
    const question = { vault_id: vault.vaultId, path: 'db/main', permission: 'read' as const }
    for (const as of [vault.subject.as, admin.as]) {
      await as.policies.explain(question)
      for (const other of [{ at: '2026-06-01T10:00:00Z' }, { ip: '10.1.2.3' }, { ip: 'no address' }]) {
        await expect(as.policies.explain({ ...question, ...other })).rejects.toThrow(
          /manage the vault.*time or address/,
        )
      }
    }
  })

  it('refuses an address that is none, and a principal of another kind', async () => {
    await using vault = await withVault()
    const question = { vault_id: vault.vaultId, path: 'db/main', permission: 'read' as const }
    await expect(vault.owner.policies.explain({ ...question, ip: 'no address' })).rejects.toThrow(/^ip: must be an IP/)
    const wrong = { ...question, principal_type: 'user' as const, principal_id: vault.subject.id }
    const { answers } = await vault.owner.policies.explain(wrong)
    expect(answers).toMatchObject([{ allowed: false, because: expect.stringContaining('not active') }])
  })

  it('answers for another moment and another address', async () => {
    await using vault = await withVault()
    const conditions = { ip_allowlist: ['10.0.0.0/8'], time_window: { start_hour: 9, end_hour: 17 } }
    await vault.policy({ conditions })
    const ask = async (at: string, ip: string) => {
      const about = { principal_type: 'agent' as const, principal_id: vault.subject.id, permission: 'read' as const }
      const { answers } = await vault.owner.policies.explain({
        vault_id: vault.vaultId,
        path: 'db/main',
        ...about,
        at,
        ip,
      })
      return answers[0]?.allowed
    }
    expect(await ask('2026-06-01T10:00:00Z', '10.1.2.3')).toBe(true)
    expect(await ask('2026-06-01T18:00:00Z', '10.1.2.3')).toBe(false)
    expect(await ask('2026-06-01T10:00:00Z', '11.1.2.3')).toBe(false)
  })

  it('foretells what really happens (random policies, permissions and paths)', async () => {
    const patterns = fc.constantFrom('**', 'db/*', 'db/main', 'app/**', '*/main')
    const rules = fc.record({
      secret_path_pattern: patterns,
      permissions: fc.uniqueArray(fc.constantFrom('read', 'write', 'delete', 'rotate'), { minLength: 1 }),
      effect: fc.constantFrom('allow', 'deny'),
      priority: fc.nat(2),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(rules, { maxLength: 4 }), async (policies) => {
        await using vault = await withVault()
        for (const rule of policies) await vault.policy(rule as Partial<NewPolicy>)
        const about = { principal_type: 'agent' as const, principal_id: vault.subject.id }
        const question = { vault_id: vault.vaultId, path: 'db/main', permission: 'read' as const, ...about }
        const { answers } = await vault.owner.policies.explain(question)
        expect(answers[0]?.allowed).toBe(await vault.canRead())
      }),
      { numRuns: tries(60, 4) },
    )
  })
})
