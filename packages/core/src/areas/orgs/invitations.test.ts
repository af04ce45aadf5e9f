import { tagged } from '@pawl/testkit/canary'
import { testPawl, type World } from '@pawl/testkit/world'
import { describe, expect, it } from 'vitest'
import { noMailer } from '../../ports/reference/index.ts'

const denied = expect.objectContaining({ code: 'denied', kind: 'denied' })
const invalid = expect.objectContaining({ code: 'invitation_invalid', kind: 'not_found' })
const password = tagged('Correct-Horse-7')
const email = 'ada@example.com'

function tokenIn({ mail }: World): string {
  return /Token: (\S+)/.exec(mail.sent.at(-1)?.text ?? '')?.[1] ?? ''
}

const accept = (world: World, token: string, more = {}) =>
  world.pawl.as({}).orgs.acceptInvitation({ token, password, ...more })

describe('an invitation', () => {
  it('goes to the address by mail, and makes its holder a member who can sign in', async () => {
    await using world = await testPawl({ publicUrl: 'https://vault.example.com' })
    const answer = await world.owner.orgs.invite({ email: ' Ada@Example.com ', role: 'admin' })
    expect(answer).toEqual({ message: 'The invitation was sent.', email })
    expect(world.mail.sent).toMatchObject([{ to: email }])
    expect((await world.owner.orgs.listMembers()).members).toHaveLength(1)
    const member = await accept(world, tokenIn(world), { display_name: 'Ada' })
    expect(member).toMatchObject({ email, role: 'admin', display_name: 'Ada' })
    const { access_token } = await world.pawl.as({}).auth.token({ email, password })
    expect(await world.pawl.as(access_token.reveal()).auth.me()).toMatchObject({
      id: member.id,
      org_id: world.org,
      role: 'admin',
      email_verified: true,
    })
    expect(await world.owner.orgs.listInvitations()).toEqual({ invitations: [] })
  })

  it('names the configured public URL, the organisation and the role in its mail, and no header of a request (E17)', async () => {
    await using world = await testPawl({ publicUrl: 'https://vault.example.com' })
    await world.owner.orgs.changeSetting({ key: 'name', value: 'Difference Engines' })
    await world.owner.orgs.invite({ email })
    const { text = '' } = world.mail.sent.at(-1) ?? {}
    expect(text).toContain('https://vault.example.com')
    expect(text.match(/https?:\/\/[^\s]+/g)?.every((url) => url.startsWith('https://vault.example.com'))).toBe(true)
    expect(text).toContain('Difference Engines')
  })

  it('gives nothing before it is accepted (D1)', async () => {
    await using world = await testPawl()
    await world.owner.orgs.invite({ email, role: 'owner' })
    await expect(world.pawl.as({}).auth.token({ email, password })).rejects.toMatchObject({ kind: 'unauthenticated' })
    const demote = { user_id: world.ownerId, role: 'member' } as const
    await expect(world.owner.orgs.setRole(demote)).rejects.toMatchObject({ code: 'last_owner' })
  })

  it('is used once, however many try at the same moment', async () => {
    await using world = await testPawl()
    await world.owner.orgs.invite({ email })
    const token = tokenIn(world)
    const outcomes = await Promise.allSettled(Array.from({ length: 50 }, () => accept(world, token)))
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    const reasons = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []))
    // Those who lose see that the address is taken, or that the invitation was used.
    for (const { code } of reasons) expect(['invitation_invalid', 'email_taken']).toContain(code)
    expect((await world.owner.orgs.listMembers()).members).toHaveLength(2)
  })

  it('ends by time, by revocation and by a later invitation, all with one answer', async () => {
    await using world = await testPawl()
    await world.owner.orgs.invite({ email })
    const first = tokenIn(world)
    await world.owner.orgs.invite({ email })
    const second = tokenIn(world)
    expect(second).not.toBe(first)
    await expect(accept(world, first)).rejects.toEqual(invalid)
    const { invitations } = await world.owner.orgs.listInvitations()
    expect(invitations).toMatchObject([{ email, role: 'member', invited_by: world.ownerId }])
    await world.owner.orgs.revokeInvitation({ invitation_id: invitations[0]?.id ?? '' })
    await expect(accept(world, second)).rejects.toEqual(invalid)
    await world.owner.orgs.invite({ email })
    world.clock.advance(7 * 86_400_000)
    expect(await world.owner.orgs.listInvitations()).toEqual({ invitations: [] })
    await expect(accept(world, tokenIn(world))).rejects.toEqual(invalid)
    await expect(accept(world, 'guess')).rejects.toEqual(invalid)
  })

  it('gives a role only as long as its inviter may give it (D5)', async () => {
    await using world = await testPawl()
    const admin = await world.member({ role: 'admin' })
    await expect(admin.as.orgs.invite({ email, role: 'owner' })).rejects.toEqual(denied)
    await admin.as.orgs.invite({ email, role: 'admin' })
    const token = tokenIn(world)
    await world.owner.orgs.setRole({ user_id: admin.id, role: 'member' })
    await expect(accept(world, token)).rejects.toEqual(invalid)
    await world.owner.orgs.setRole({ user_id: admin.id, role: 'admin' })
    await world.owner.orgs.removeMember({ user_id: admin.id })
    await expect(accept(world, token)).rejects.toEqual(invalid)
    expect(world.storedKinds().invitation ?? 0).toBe(0)
  })

  it('is for owners and admins to give, see and revoke, each in their own organisation', async () => {
    await using world = await testPawl()
    await world.owner.orgs.invite({ email })
    const { invitations } = await world.owner.orgs.listInvitations()
    const invitation_id = invitations[0]?.id ?? ''
    const { as: member } = await world.member()
    const { as: agent } = await world.agent()
    for (const as of [member, agent]) {
      await expect(as.orgs.invite({ email: 'x@example.com' })).rejects.toEqual(denied)
      await expect(as.orgs.listInvitations()).rejects.toEqual(denied)
      await expect(as.orgs.revokeInvitation({ invitation_id })).rejects.toEqual(denied)
    }
    const { owner } = await world.otherOrg()
    expect(await owner.orgs.listInvitations()).toEqual({ invitations: [] })
    await expect(owner.orgs.revokeInvitation({ invitation_id })).rejects.toMatchObject({ code: 'invitation_not_found' })
  })

  it('is refused for a member, and does not tell that an address belongs to another organisation', async () => {
    await using world = await testPawl()
    const { owner } = await world.otherOrg()
    const taken = { code: 'email_taken', kind: 'conflict' }
    await expect(world.owner.orgs.invite({ email: 'owner@example.com' })).rejects.toMatchObject(taken)
    await expect(owner.orgs.invite({ email: 'owner@example.com' })).resolves.toMatchObject({
      message: 'The invitation was sent.',
    })
    await expect(accept(world, tokenIn(world))).rejects.toMatchObject(taken)
  })

  it('ends when its address becomes a member in another way', async () => {
    await using world = await testPawl()
    await world.owner.orgs.invite({ email })
    await world.owner.orgs.addMember({ email })
    expect(await world.owner.orgs.listInvitations()).toEqual({ invitations: [] })
    await expect(accept(world, tokenIn(world))).rejects.toEqual(invalid)
  })

  it('is no invitation without a mail server, and the error names the setting', async () => {
    await using world = await testPawl({ mailer: noMailer })
    await expect(world.owner.orgs.invite({ email })).rejects.toMatchObject({
      code: 'mail_not_configured',
      kind: 'unavailable',
      data: { setting: 'PAWL_SMTP_URL' },
    })
    expect(await world.owner.orgs.listInvitations()).toEqual({ invitations: [] })
    expect(world.storedKinds().job ?? 0).toBe(0)
  })

  it('waits for a mail server that fails, and is sent later', async () => {
    const sent: string[] = []
    let fails = true
    const send = async ({ to }: { to: string }) => {
      if (fails) throw new Error('421')
      sent.push(to)
    }
    await using world = await testPawl({ mailer: { send } })
    const { message } = await world.owner.orgs.invite({ email })
    expect(message).toContain('tries again')
    fails = false
    world.clock.advance(60_000)
    await world.pawl.runJobs()
    expect(sent).toEqual([email])
  })

  it('takes one mailbox and a good password only', async () => {
    await using world = await testPawl()
    for (const bad of ['ada', 'a@b, c@d', 'Ada <ada@example.com>', '"x"@example.com', 'a@b\r\nBcc: c@d', '']) {
      await expect(world.owner.orgs.invite({ email: bad }), bad).rejects.toMatchObject({ kind: 'invalid' })
    }
    await world.owner.orgs.invite({ email })
    const weak = accept(world, tokenIn(world), { password: 'weak' })
    await expect(weak).rejects.toMatchObject({ kind: 'invalid', data: { fields: { password: expect.any(String) } } })
    await expect(accept(world, tokenIn(world))).resolves.toBeDefined()
  })

  it('is limited to ten a minute for one organisation', async () => {
    await using world = await testPawl({ rateLimits: true })
    for (let at = 0; at < 10; at++) await world.owner.orgs.invite({ email: `a${at}@example.com` })
    await expect(world.owner.orgs.invite({ email })).rejects.toMatchObject({ code: 'rate_limited' })
    world.clock.advance(60_000)
    await expect(world.owner.orgs.invite({ email })).resolves.toBeDefined()
  })

  it('leaves its trail: invited by one, joined by the other', async () => {
    await using world = await testPawl()
    await world.owner.orgs.invite({ email, role: 'admin' })
    const { id } = await accept(world, tokenIn(world))
    const { events } = await world.owner.audit.events({})
    expect(events.slice(0, 2)).toMatchObject([
      { action: 'member.join', resource_id: id, details: { role: 'admin' } },
      { action: 'member.invite', actor_id: world.ownerId, details: { role: 'admin' } },
    ])
    expect(JSON.stringify(events)).not.toContain(tokenIn(world))
  })
})

describe('the settings of an organisation', () => {
  it('are read by members, and changed one at a time by owners and admins', async () => {
    await using world = await testPawl()
    const { as: member } = await world.member()
    const { owner } = await world.otherOrg()
    const usual = {
      name: 'default',
      wider_limits: 'one_person',
      approval_links: 'on',
      invitation_days: 7,
      dpop: 'off',
      dpop_nonce: 'off',
      'intents_api.require_simulation': 'false',
    }
    expect(await member.orgs.settings()).toEqual({ settings: usual })
    await world.owner.orgs.changeSetting({ key: 'name', value: ' Example ' })
    const { settings } = await world.owner.orgs.changeSetting({ key: 'invitation_days', value: '3' })
    expect(settings).toEqual({ ...usual, name: 'Example', invitation_days: 3 })
    expect(await owner.orgs.settings()).toEqual({ settings: usual })
    await expect(member.orgs.changeSetting({ key: 'name', value: 'x' })).rejects.toEqual(denied)
  })

  it('take known names and fitting values only', async () => {
    await using world = await testPawl()
    const change = (key: string, value: string) => world.owner.orgs.changeSetting({ key, value })
    await expect(change('nmae', 'x')).rejects.toMatchObject({ code: 'setting_not_found' })
    await expect(change('__proto__', 'x')).rejects.toMatchObject({ code: 'setting_not_found' })
    for (const [key, value] of [
      ['name', ''],
      ['invitation_days', '0'],
      ['invitation_days', 'x'],
    ] as const) {
      await expect(change(key, value)).rejects.toMatchObject({ data: { fields: { value: expect.any(String) } } })
    }
  })

  it('decide how long an invitation lasts', async () => {
    await using world = await testPawl()
    await world.owner.orgs.changeSetting({ key: 'invitation_days', value: '1' })
    await world.owner.orgs.invite({ email })
    world.clock.advance(86_400_000)
    await expect(accept(world, tokenIn(world))).rejects.toEqual(invalid)
  })
})
