import { tagged } from '@pawl/testkit/canary'
import { appCode, fakeDevice } from '@pawl/testkit/fakes'
import { sentIn, testPawl, type World } from '@pawl/testkit/world'
import { describe, expect, it } from 'vitest'
import { noMailer } from '../../ports/reference/index.ts'

const password = tagged('Correct-Horse-7')
const newPassword = tagged('Battery-Staple-8')
const email = 'ada@example.com'
const second = 1_000
const minute = 60 * second
const linkInvalid = expect.objectContaining({ code: 'link_invalid', kind: 'invalid' })
const codeInvalid = expect.objectContaining({ code: 'code_invalid', kind: 'invalid' })

const anybody = ({ pawl }: World) => pawl.as({ bearer: null })
const signIn = (world: World, secret = password) => anybody(world).auth.token({ email, password: secret })

async function signUp(world: World): Promise<string> {
  await anybody(world).accounts.signUp({ email: ' Ada@Example.com ', password, display_name: 'Ada' })
  await world.pawl.runJobs()
  return sentIn(world)
}

async function member({ owner }: World): Promise<string> {
  return (await owner.orgs.addMember({ email, password })).id
}

async function lost(world: World): Promise<string> {
  await anybody(world).accounts.forgotPassword({ email })
  await world.pawl.runJobs()
  return sentIn(world)
}

/** How many of so many calls at the same moment succeed. */
async function winners(call: () => Promise<unknown>): Promise<number> {
  const outcomes = await Promise.allSettled(Array.from({ length: 50 }, call))
  return outcomes.filter(({ status }) => status === 'fulfilled').length
}

describe('sign-up', () => {
  it('creates the account and its organisation with the link, and not before', async () => {
    await using world = await testPawl({ publicUrl: 'https://vault.example.com' })
    const token = await signUp(world)
    await expect(signIn(world)).rejects.toMatchObject({ code: 'wrong_password' })
    const { access_token } = await anybody(world).accounts.verifyEmail({ token })
    const me = await world.pawl.as(access_token.reveal()).auth.me()
    expect(me).toMatchObject({ email, display_name: 'Ada', role: 'owner', email_verified: true })
    expect(me.org_id).not.toBe(world.org)
    await signIn(world)
    const [message] = world.mail.sent
    for (const body of [message?.text, message?.html]) {
      expect(body).toContain(`https://vault.example.com/verify-email?token=${token}`)
      expect(body).not.toContain(password)
    }
  })

  it('is used once, however many try at the same moment', async () => {
    await using world = await testPawl()
    const token = await signUp(world)
    expect(await winners(() => anybody(world).accounts.verifyEmail({ token }))).toBe(1)
    await expect(anybody(world).accounts.verifyEmail({ token })).rejects.toEqual(linkInvalid)
  })

  it('answers a known address as it answers an unknown one, and tells the mailbox', async () => {
    await using world = await testPawl()
    const unknown = await anybody(world).accounts.signUp({ email, password })
    const { user } = await world.pawl.firstOwner({ email: 'x@example.com' })
    const known = await anybody(world).accounts.signUp({ email: 'owner@example.com', password })
    expect(known.message).toBe(unknown.message)
    await world.pawl.runJobs()
    expect(world.mail.sent.map(({ to, subject }) => [to, subject]).sort()).toEqual([
      [email, 'Confirm your e-mail address'],
      ['owner@example.com', 'You already have an account'],
    ])
    expect(user).toBe(world.ownerId)
  })

  it('ends by time and by a later request', async () => {
    await using world = await testPawl()
    const first = await signUp(world)
    world.clock.advance(2 * minute)
    const later = await signUp(world)
    await expect(anybody(world).accounts.verifyEmail({ token: first })).rejects.toEqual(linkInvalid)
    world.clock.advance(24 * 60 * minute)
    await expect(anybody(world).accounts.verifyEmail({ token: later })).rejects.toEqual(linkInvalid)
  })

  it('is closed by default, and can be open to some domains', async () => {
    const closed = { code: 'sign_up_closed', kind: 'denied', message: expect.stringContaining('PAWL_SIGN_UP') }
    for (const signUp of [undefined, 'closed', ['example.org'], ['le.com']] as const) {
      await using world = await testPawl({ signUp })
      await expect(anybody(world).accounts.signUp({ email, password })).rejects.toMatchObject(closed)
    }
    await using world = await testPawl({ signUp: ['example.com'] })
    await signUp(world)
    expect(world.mail.sent).toHaveLength(1)
  })

  it('names the setting that is missing without mail', async () => {
    await using world = await testPawl({ mailer: noMailer })
    const missing = { code: 'mail_not_configured', message: expect.stringContaining('PAWL_SMTP_URL') }
    await expect(anybody(world).accounts.signUp({ email, password })).rejects.toMatchObject(missing)
    await expect(anybody(world).accounts.forgotPassword({ email })).rejects.toMatchObject(missing)
    await expect(anybody(world).accounts.sendEmailCode({ email })).rejects.toMatchObject(missing)
  })
})

describe('a lost password', () => {
  it('is replaced with the link, which ends every session and is told to the mailbox', async () => {
    await using world = await testPawl()
    await member(world)
    const before = (await signIn(world)).access_token.reveal()
    const token = await lost(world)
    await anybody(world).accounts.resetPassword({ token, new_password: newPassword })
    await world.pawl.runJobs()
    await expect(world.pawl.as(before).auth.me()).rejects.toMatchObject({ kind: 'unauthenticated' })
    await expect(signIn(world)).rejects.toMatchObject({ code: 'wrong_password' })
    await signIn(world, newPassword)
    expect(world.mail.sent.at(-1)).toMatchObject({ to: email, subject: 'Your password was changed' })
    const { events } = await world.owner.audit.events({ action: 'user.password_reset' })
    expect(events).toHaveLength(1)
  })

  it('is replaced once by 50 at the same moment, within an hour, and not by the link before the last', async () => {
    await using world = await testPawl()
    await member(world)
    const reset = (token: string) => anybody(world).accounts.resetPassword({ token, new_password: newPassword })
    const token = await lost(world)
    expect(await winners(() => reset(token))).toBe(1)
    const first = await lost(world)
    world.clock.advance(2 * minute)
    const second = await lost(world)
    await expect(reset(first)).rejects.toEqual(linkInvalid)
    world.clock.advance(60 * minute)
    await expect(reset(second)).rejects.toEqual(linkInvalid)
  })

  it('leaves the link valid when the new password is refused', async () => {
    await using world = await testPawl()
    await member(world)
    const token = await lost(world)
    const weak = { token, new_password: tagged('aaaaaaaaaaaaaaa') }
    await expect(anybody(world).accounts.resetPassword(weak)).rejects.toMatchObject({ kind: 'invalid' })
    await anybody(world).accounts.resetPassword({ token, new_password: newPassword })
  })

  it('is no way to learn which addresses exist, nor to fill a mailbox', async () => {
    await using world = await testPawl({ rateLimits: true })
    await member(world)
    const ask = (address: string) =>
      anybody(world)
        .accounts.forgotPassword({ email: address })
        .catch(({ code, data }) => ({ code, data }))
    const answers = new Set<string>()
    for (let times = 0; times < 30; times++) {
      const known = await ask(email)
      expect(await ask('nobody@example.com')).toEqual(known)
      answers.add(JSON.stringify(known))
      world.clock.advance(70 * second)
    }
    expect([...answers].filter((answer) => answer.includes('rate_limited')).length).toBeGreaterThan(1)
    await world.pawl.runJobs()
    expect(world.mail.sent.length).toBeGreaterThan(1)
    expect(world.mail.sent.length).toBeLessThanOrEqual(6)
  })

  it('is not replaced for a user who has left', async () => {
    await using world = await testPawl()
    const user_id = await member(world)
    const token = await lost(world)
    await world.owner.orgs.removeMember({ user_id })
    await expect(anybody(world).accounts.resetPassword({ token, new_password: newPassword })).rejects.toEqual(
      linkInvalid,
    )
    expect(world.storedKinds().oneTime ?? 0).toBe(0)
  })
})

describe('a code by mail', () => {
  async function code(world: World): Promise<string> {
    await anybody(world).accounts.sendEmailCode({ email })
    await world.pawl.runJobs()
    return sentIn(world)
  }
  const verify = (world: World, given: string) => anybody(world).accounts.verifyEmailCode({ email, code: given })

  it('signs a user in, once', async () => {
    await using world = await testPawl()
    const id = await member(world)
    const given = await code(world)
    expect(given).toMatch(/^\d{6}$/)
    const answer = await verify(world, ` ${given} `)
    expect(answer).toMatchObject({ user_id: id, org_id: world.org, is_new_user: false, email, expires_in: 900 })
    expect(await world.pawl.as(answer.token.reveal()).auth.me()).toMatchObject({ id })
    await expect(verify(world, given)).rejects.toEqual(codeInvalid)
    const { events } = await world.owner.audit.events({ action: 'auth.success' })
    expect(events).toMatchObject([{ resource_id: id }])
  })

  it('is used once by 50 at the same moment', async () => {
    await using world = await testPawl()
    await member(world)
    const given = await code(world)
    expect(await winners(() => verify(world, given))).toBe(1)
  })

  it('is void after five wrong ones and after five minutes', async () => {
    await using world = await testPawl()
    await member(world)
    const given = await code(world)
    const wrong = given === '000000' ? '111111' : '000000'
    for (let tries = 0; tries < 5; tries++) await expect(verify(world, wrong)).rejects.toEqual(codeInvalid)
    await expect(verify(world, given)).rejects.toEqual(codeInvalid)
    world.clock.advance(minute)
    const other = await code(world)
    world.clock.advance(5 * minute)
    await expect(verify(world, other)).rejects.toEqual(codeInvalid)
  })

  it('connects a new user to the app where they sign up, and asks a known one of another organisation first', async () => {
    await using world = await testPawl()
    const app = await world.owner.platform.createApp({ name: 'My DeFi', slug: 'my-defi', max_connected_users: 1 })
    const at = (platform_app_id: string, given: string) =>
      anybody(world).accounts.verifyEmailCode({ email, code: given, platform_app_id })
    const unknown = await code(world)
    await expect(at(world.org, unknown)).rejects.toMatchObject({ code: 'platform_app_not_found' })
    await expect(at(app.id, unknown)).rejects.toEqual(codeInvalid)
    world.clock.advance(minute)
    const given = await code(world)
    await expect(at(app.id, given === '000000' ? '111111' : '000000')).rejects.toEqual(codeInvalid)
    const ada = await at(app.id, given)
    expect(ada).toMatchObject({ is_new: true, wallet_address: null })
    expect(ada.org_id).not.toBe(world.org)
    const user = world.pawl.as(ada.token.reveal())
    const [connection] = (await user.platform.listConnectedApps()).apps
    expect(connection).toMatchObject({ app_slug: 'my-defi', status: 'active', delegation_enabled: false })
    const { wallets } = await user.wallets.generate({ chains: ['ethereum'] })
    world.clock.advance(minute)
    expect(await at(app.id, await code(world))).toMatchObject({ is_new: false, wallet_address: wallets[0]?.address })
    await user.platform.disconnect({ connection_id: connection?.connection_id ?? '' })
    world.clock.advance(minute)
    const left = await code(world)
    await expect(at(app.id, left)).rejects.toMatchObject({
      kind: 'conflict',
      data: { link_required: { reason: 'user_disconnected', user_email: email } },
    })
    // Who has seen the code learns nothing more with it.
    await expect(verify(world, left)).rejects.toEqual(codeInvalid)
  })

  it('creates the wallets that the user lacks on the chains that the app names, and none for a wrong code or chain', async () => {
    await using world = await testPawl()
    const at = (given: string, auto_provision_chains: string[]) =>
      anybody(world).accounts.verifyEmailCode({ email, code: given, auto_provision_chains })
    const given = await code(world)
    await expect(at(given === '000000' ? '111111' : '000000', ['ethereum'])).rejects.toEqual(codeInvalid)
    await expect(at(given, ['ethereum', 'dogecoin'])).rejects.toMatchObject({
      data: { fields: { auto_provision_chains: expect.any(String) } },
    })
    const ada = await at(given, ['base', 'ethereum', 'solana'])
    const user = world.pawl.as(ada.token.reveal())
    const { wallets } = await user.wallets.list({})
    expect(wallets.map(({ chain }) => chain)).toEqual(['ethereum', 'solana'])
    expect(ada.wallet_address).toBe(wallets[0]?.address)
    world.clock.advance(minute)
    expect(await at(await code(world), ['evm', 'bitcoin'])).toMatchObject({ wallet_address: wallets[0]?.address })
    expect((await user.wallets.list({})).wallets).toMatchObject([{ chain: 'bitcoin' }, ...wallets])
    const { events } = await user.audit.events({ action: 'treasury_wallet.generate' })
    expect(events.map(({ actor_id }) => actor_id)).toEqual([ada.user_id, ada.user_id])
  })

  it('creates no wallet before the second factor', async () => {
    await using world = await testPawl()
    await member(world)
    const user = world.pawl.as((await signIn(world)).access_token.reveal())
    const { secret } = await user.factors.setUpMfa()
    await user.factors.confirmMfa({ code: appCode(secret.reveal(), world.clock.now()) })
    const given = await code(world)
    const begun = await anybody(world).accounts.verifyEmailCode({
      ...{ email, code: given, auto_provision_chains: ['ethereum'] },
    })
    expect(begun).toMatchObject({ mfa_required: true, wallet_address: null })
    expect(await user.wallets.list({})).toMatchObject({ wallets: [] })
  })

  it('makes no account where the app takes no more users', async () => {
    await using world = await testPawl()
    const app = await world.owner.platform.createApp({ name: 'My DeFi', slug: 'my-defi', max_connected_users: 1 })
    await world.pawl.as(app.api_key.reveal()).platform.upsertUser({ email: 'first@example.com' })
    const given = await code(world)
    const full = anybody(world).accounts.verifyEmailCode({ email, code: given, platform_app_id: app.id })
    await expect(full).rejects.toMatchObject({ code: 'platform_users_exceeded' })
    await expect(verify(world, given)).rejects.toEqual(codeInvalid)
    world.clock.advance(minute)
    expect(await verify(world, await code(world))).toMatchObject({ is_new: true })
  })

  it('creates the account of a new address where sign-up is open, and sends nothing where it is closed', async () => {
    await using open = await testPawl()
    const answer = await verify(open, await code(open))
    expect(answer).toMatchObject({ is_new_user: true, is_new: true })
    expect(answer.org_id).not.toBe(open.org)
    await using closed = await testPawl({ signUp: 'closed' })
    expect(await anybody(closed).accounts.sendEmailCode({ email })).toEqual({ status: 'sent' })
    await closed.pawl.runJobs()
    expect(closed.mail.sent).toEqual([])
  })
})

describe('a user', () => {
  it('changes the address with the password and the code that the new mailbox got', async () => {
    await using world = await testPawl()
    await member(world)
    const user = world.pawl.as((await signIn(world)).access_token.reveal())
    const reset = await lost(world)
    const change = { new_email: 'ada@example.org', auth_confirm: password }
    await expect(user.accounts.changeEmail({ new_email: 'ada@example.org' })).rejects.toMatchObject({
      code: 'confirmation_needed',
    })
    const wrong = user.accounts.changeEmail({ ...change, auth_confirm: newPassword })
    await expect(wrong).rejects.toMatchObject({ code: 'confirmation_wrong' })
    expect(await user.accounts.changeEmail(change)).toMatchObject({ expires_in_seconds: 600 })
    await world.pawl.runJobs()
    expect(world.mail.sent.at(-1)?.to).toBe('ada@example.org')
    await user.accounts.verifyEmailChange({ code: sentIn(world) })
    await world.pawl.runJobs()
    expect(world.mail.sent.at(-1)).toMatchObject({ to: email, subject: 'Your e-mail address was changed' })
    await expect(user.auth.me()).rejects.toMatchObject({ kind: 'unauthenticated' })
    await expect(signIn(world)).rejects.toMatchObject({ code: 'wrong_password' })
    await anybody(world).auth.token({ email: 'ada@example.org', password })
    // The old mailbox no longer reaches the account.
    await expect(anybody(world).accounts.resetPassword({ token: reset, new_password: newPassword })).rejects.toEqual(
      linkInvalid,
    )
  })

  it('does not learn from a change whether an address of another organisation exists', async () => {
    await using world = await testPawl()
    const user = world.pawl.as({ user: await member(world) })
    const { owner } = await world.otherOrg()
    await owner.orgs.addMember({ email: 'bob@example.org', password })
    const answer = await user.accounts.changeEmail({ new_email: 'bob@example.org', auth_confirm: password })
    expect(answer).toMatchObject({ new_email: 'bob@example.org' })
    await world.pawl.runJobs()
    expect(world.mail.sent).toEqual([])
    const own = user.accounts.changeEmail({ new_email: 'owner@example.com', auth_confirm: password })
    await expect(own).rejects.toMatchObject({ code: 'email_taken' })
  })

  it('sets a first password once, typed twice', async () => {
    await using world = await testPawl()
    const { accounts } = world.owner
    const differing = accounts.setPassword({ password, password_confirm: newPassword })
    await expect(differing).rejects.toMatchObject({ kind: 'invalid' })
    await accounts.setPassword({ password, password_confirm: password })
    await anybody(world).auth.token({ email: 'owner@example.com', password })
    const again = accounts.setPassword({ password: newPassword, password_confirm: newPassword })
    await expect(again).rejects.toMatchObject({ code: 'password_exists' })
  })

  it('sets no first password with a token that is older than five minutes', async () => {
    await using world = await testPawl()
    await anybody(world).accounts.sendEmailCode({ email })
    await world.pawl.runJobs()
    const { token } = await anybody(world).accounts.verifyEmailCode({ email, code: sentIn(world) })
    const { accounts } = world.pawl.as(token.reveal())
    world.clock.advance(6 * minute)
    const late = accounts.setPassword({ password, password_confirm: password })
    await expect(late).rejects.toMatchObject({ code: 'confirmation_needed' })
  })

  it('gets a copy of all that is their own, without a value, after giving the password', async () => {
    await using world = await testPawl()
    await member(world)
    const user = world.pawl.as((await signIn(world)).access_token.reveal())
    const { id: vault_id } = await user.vaults.create({ name: 'mine' })
    const { id: theirs } = await world.owner.vaults.create({ name: 'theirs' })
    const { id: secret_id } = await user.secrets.put({ vault_id, path: 'a', value: tagged('hunter2') })
    await user.secrets.put({ vault_id, path: 'b', value: tagged('hunter3') })
    await user.secrets.delete({ vault_id, path: 'b' })
    await user.agents.create({ name: 'bot' })
    const { api_key } = await user.auth.createApiKey({ name: 'nightly', scopes: ['secrets:read'] })
    const phone = { name: 'phone', platform: 'ios', public_key_pem: fakeDevice().publicKeyPem } as const
    await user.devices.register(phone)
    const sent = await user.sharing.create({ secret_id, recipient_type: 'external_email', email: 'bob@example.org' })
    const { id: other } = await world.owner.secrets.put({ vault_id: theirs, path: 'c', value: tagged('v') })
    await world.owner.sharing.create({ secret_id: other, recipient_type: 'external_email', email })
    await user.recovery.request({ recovery_type: 'mfa_reset', reason: 'My phone broke.' })
    await user.ledger.createAccount({ name: 'savings' })
    await expect(user.accounts.exportData({})).rejects.toMatchObject({ code: 'confirmation_needed' })
    const data = await user.accounts.exportData({ auth_confirm: password })
    expect(data).toMatchObject({
      export_version: '1.0',
      user: { email, org_id: world.org, role: 'member', totp_enabled: false, marketing_emails: expect.any(Boolean) },
      vaults: [{ name: 'mine' }],
      agents: [{ name: 'bot' }],
      secrets_metadata: [{ vault_id, path: 'a', version: 1 }],
      api_keys: [{ name: 'nightly', scopes: ['secrets:read'], key_prefix: api_key.reveal().slice(0, 12) }],
      devices: [{ name: 'phone', platform: 'ios' }],
      shares_sent: [{ recipient_email: 'bob@example.org', secret_id }],
      recovery_requests: [{ recovery_type: 'mfa_reset', reason: 'My phone broke.' }],
      internal_accounts: [{ name: 'savings' }],
    })
    const text = JSON.stringify(data)
    for (const hidden of [theirs, api_key.reveal(), sent.id, 'hunter2']) expect(text).not.toContain(hidden)
  })

  it('finds in the copy what was shared with their verified address', async () => {
    await using world = await testPawl()
    const { access_token } = await anybody(world).accounts.verifyEmail({ token: await signUp(world) })
    const { id: vault_id } = await world.owner.vaults.create({ name: 'team' })
    const { id: secret_id } = await world.owner.secrets.put({ vault_id, path: 'c', value: tagged('v') })
    await world.owner.sharing.create({ secret_id, recipient_type: 'external_email', email })
    const { accounts } = world.pawl.as(access_token.reveal())
    const { shares_received } = await accounts.exportData({ auth_confirm: password })
    // The vault, the secret and the number of reads are those of the sender.
    expect(shares_received).toEqual([
      {
        ...{ recipient_type: 'external_email', recipient_email: email, max_access_count: expect.any(Number) },
        ...{ expires_at: expect.any(String), created_at: expect.any(String) },
      },
    ])
  })
})
