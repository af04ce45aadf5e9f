import { tagged } from '@pawl/testkit/canary'
import { type FakeIssuer, startFakeIssuer } from '@pawl/testkit/fakes'
import { testPawl, type World } from '@pawl/testkit/world'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Secret } from '../../kernel/secret.ts'
import { identityProvider, type Role } from '../../operations/index.ts'

// Goal: if people must agree to new members, no user becomes a member without their agreement. Method: a whole engine in memory, with
// an issuer on loopback.

const password = tagged('Correct-Horse-7')
const email = 'ada@example.com'
const ada = { sub: 'ada', email, email_verified: true, name: 'Ada Lovelace' }

let issuer: FakeIssuer
let time = () => 0
beforeAll(async () => {
  issuer = await startFakeIssuer({ now: () => time() })
})
afterAll(() => issuer.close())

async function started(groups: Readonly<Record<string, Role>> = {}) {
  const { url, clientId, clientSecret: secret } = issuer
  const corp = {
    name: 'corp',
    issuer: url,
    clientId,
    clientSecret: Secret.of(secret),
    domains: ['example.com'],
    groups,
  }
  const world = await testPawl({ identityProviders: [identityProvider(corp)] })
  time = () => world.clock.now()
  return world
}

/** A rule about actions, as a policy that two people can agree under. */
async function govern(world: World, actions: readonly string[], min_approvals = 1) {
  const { id: principal_id } = await world.agent({ name: `payer ${actions} ${min_approvals}` })
  const { vault_id } = await world.owner.agents.agentKeysVault({})
  const policy = { secret_path_pattern: '**', permissions: ['read'], principal_type: 'agent', principal_id }
  const consensus_trigger = { conditions: [{ type: 'action_in', actions }], approval: { min_approvals } }
  const { id: policy_id } = await world.owner.policies.create({ vault_id, ...policy, consensus_trigger } as never)
  return { vault_id, policy_id }
}

/** Ann agrees to the refused call and executes it. The answer is the answer of the call. */
async function agreed(ann: World['owner'], call: Promise<unknown>) {
  const refused = await call.catch((error: { data: { approval_request_id: string } }) => error.data)
  const { approval_request_id: pending_approval_id } = refused as { approval_request_id: string }
  const { payload_hash } = await ann.consensus.get({ pending_approval_id })
  await ann.consensus.vote({ pending_approval_id, decision: 'approve', payload_hash })
  return (await ann.consensus.execute({ pending_approval_id })).result
}

const accept = (world: World) => {
  const token = /Token: (\S+)/.exec(world.mail.sent.at(-1)?.text ?? '')?.[1] ?? ''
  return world.pawl.as({}).orgs.acceptInvitation({ token, password })
}

async function signIn(world: World, person: Parameters<FakeIssuer['signIn']>[1]) {
  const anybody = world.pawl.as({}).identities
  const { authorization_url, browser_secret } = await anybody.begin({ provider: 'corp', next: '/account' })
  const { searchParams } = await issuer.signIn(authorization_url, person, {})
  const [code = '', state = '', iss = ''] = ['code', 'state', 'iss'].map((name) => searchParams.get(name) ?? '')
  return anybody.complete({ provider: 'corp', code, state, iss, browser_secret: browser_secret.reveal() })
}

const members = async (world: World) => (await world.owner.orgs.listMembers()).members.length

describe('an invitation', () => {
  it('that was sent before people had to agree is not valid until they agree to a new one', async () => {
    await using world = await started()
    const ann = await world.member({ role: 'admin' })
    await world.owner.orgs.invite({ email })
    await govern(world, ['member.invite'])
    await expect(accept(world)).rejects.toMatchObject({ code: 'invitation_not_agreed', kind: 'denied' })
    await agreed(ann.as, world.owner.orgs.invite({ email }))
    expect(await accept(world)).toMatchObject({ email })
  })

  it('stays valid under a rule about something else, and when the rule ends', async () => {
    await using world = await started()
    await world.owner.orgs.invite({ email })
    await govern(world, ['member.remove'])
    const rule = await govern(world, ['member.invite'])
    await expect(accept(world)).rejects.toMatchObject({ code: 'invitation_not_agreed' })
    await world.owner.policies.delete(rule)
    expect(await accept(world)).toMatchObject({ email })
  })

  it('is not valid when people agreed to it under a weaker rule', async () => {
    await using world = await started()
    const ann = await world.member({ role: 'admin' })
    await govern(world, ['member.invite'])
    await agreed(ann.as, world.owner.orgs.invite({ email }))
    await govern(world, ['member.invite'], 2)
    await expect(accept(world)).rejects.toMatchObject({ code: 'invitation_not_agreed' })
  })
})

describe('where people must agree to each new member', () => {
  it('nobody invites one without them', async () => {
    await using world = await started()
    const ann = await world.member({ role: 'admin' })
    await world.owner.orgs.invite({ email })
    await govern(world, ['member.add'])
    await expect(accept(world)).rejects.toMatchObject({ code: 'invitation_not_agreed' })
    const invited = world.owner.orgs.invite({ email })
    await expect(invited).rejects.toMatchObject({ code: 'approval_required' })
    await agreed(ann.as, invited)
    expect(await accept(world)).toMatchObject({ email })
  })

  it('an agreement to add one is none to invite one', async () => {
    await using world = await started()
    await govern(world, ['member.add'])
    const approvalOf = (call: Promise<unknown>) => call.catch((error: { data: object }) => error.data)
    const added = await approvalOf(world.owner.orgs.addMember({ email }))
    expect(await approvalOf(world.owner.orgs.invite({ email }))).not.toEqual(added)
  })

  it('an invitation holds as long as the rules about both stay', async () => {
    await using world = await started()
    const ann = await world.member({ role: 'admin' })
    await govern(world, ['member.invite'])
    await agreed(ann.as, world.owner.orgs.invite({ email }))
    const rule = await govern(world, ['member.add'])
    await expect(accept(world)).rejects.toMatchObject({ code: 'invitation_not_agreed' })
    await world.owner.policies.delete(rule)
    expect(await accept(world)).toMatchObject({ email })
  })

  it('a sign-in with an identity provider makes none, and one who is there signs in', async () => {
    await using world = await started()
    await signIn(world, { ...ada, sub: 'bob', email: 'bob@example.com' })
    await govern(world, ['member.add'])
    const before = await members(world)
    await expect(signIn(world, ada)).rejects.toMatchObject({ code: 'member_not_agreed', kind: 'denied' })
    expect(await members(world)).toBe(before)
    const { events } = await world.owner.audit.events({ action: 'auth.failure' })
    expect(events).toMatchObject([{ details: { method: 'oidc', provider: 'corp' } }])
    expect(await signIn(world, { ...ada, sub: 'bob', email: 'bob@example.com' })).toMatchObject({ is_new: false })
  })

  it('an app makes none, and connects one whom people agreed to', async () => {
    await using world = await started()
    const ann = await world.member({ role: 'admin' })
    const { api_key } = await world.owner.platform.createApp({ name: 'My DeFi Platform', slug: 'my-defi' })
    const app = world.pawl.as(api_key.reveal())
    await govern(world, ['member.add'])
    const before = await members(world)
    await expect(app.platform.upsertUser({ email })).rejects.toMatchObject({ code: 'member_not_agreed' })
    await expect(app.platform.upsertUser({ external_subject: 'telegram:1' })).rejects.toMatchObject({
      code: 'member_not_agreed',
    })
    expect(await members(world)).toBe(before)
    const { id } = await agreed(ann.as, world.owner.orgs.addMember({ email }))
    expect(await app.platform.upsertUser({ email })).toMatchObject({ is_new: false, user_handle: id })
  })
})

describe('where people must agree to each change of a role', () => {
  it('the groups of an identity provider change none', async () => {
    await using world = await started({ staff: 'member', boss: 'admin' })
    await signIn(world, { ...ada, groups: ['staff'] } as never)
    const role = async () => {
      const { members: all } = await world.owner.orgs.listMembers()
      return all.find((one) => one.email === email)?.role
    }
    const rule = await govern(world, ['member.role_change'])
    await signIn(world, { ...ada, groups: ['boss'] } as never)
    expect(await role()).toBe('member')
    await world.owner.policies.delete(rule)
    await signIn(world, { ...ada, groups: ['boss'] } as never)
    expect(await role()).toBe('admin')
  })
})
