import { appCode, fakeAuthenticator } from '@pawl/testkit/fakes'
import { testPawl } from '@pawl/testkit/world'
import { describe, expect, it } from 'vitest'
import { day, hour, minute } from '../../kernel/time.ts'

// Goal: who lost a factor gets back in with the word of an admin and after a delay, and a thief does not get in so.

const email = 'ada@example.com'
const password = 'Correct-Horse-7'
const publicUrl = 'https://vault.example.com'
const recovery_type = 'mfa_reset'

/** A member with an authenticator app, and an admin. */
async function withAda() {
  const world = await testPawl({ publicUrl })
  const { id } = await world.owner.orgs.addMember({ email, password })
  const ada = world.pawl.as({ user: id })
  const { secret } = await ada.factors.setUpMfa()
  await ada.factors.confirmMfa({ code: appCode(secret.reveal(), world.clock.now()) })
  const admin = (await world.member({ role: 'admin' })).as
  return { world, id, ada, admin }
}

describe('recovering a lost authenticator app (platform 14)', () => {
  it('takes a request, an approval, the delay and the execution, and ends all sessions', async () => {
    const { world, ada, admin } = await withAda()
    await using _ = world
    const session = (await ada.auth.refresh()).access_token.reveal()
    const asked = await ada.recovery.request({ recovery_type, reason: 'My phone broke.' })
    expect(asked).toMatchObject({ status: 'pending_approval', recovery_type, executable_at: null })
    const id = asked.request_id
    expect((await admin.recovery.list({ status: 'pending_approval' })).requests).toEqual([asked])
    expect(await admin.recovery.approve({ id })).toEqual({ request_id: id, status: 'approved', recovery_code: null })
    await expect(admin.recovery.execute({ id })).rejects.toMatchObject({ code: 'recovery_too_early' })
    world.clock.advance(72 * hour - 1)
    await expect(admin.recovery.execute({ id })).rejects.toMatchObject({ code: 'recovery_too_early' })
    world.clock.advance(1)
    expect(await admin.recovery.execute({ id })).toMatchObject({ status: 'executed', recovery_type })
    await expect(world.pawl.as(session).auth.me()).rejects.toMatchObject({ kind: 'unauthenticated' })
    const { mfa_required } = await world.pawl.as({}).auth.token({ email, password })
    expect(mfa_required).toBeUndefined()
  })

  it('tells the user of each step by mail, and the user can stop it', async () => {
    const { world, ada, admin } = await withAda()
    await using _ = world
    const { request_id: id } = await ada.recovery.request({ recovery_type })
    await admin.recovery.approve({ id })
    await world.pawl.runJobs()
    const letters = world.mail.sent.filter(({ to }) => to === email).map(({ text }) => text)
    expect(letters).toMatchObject([expect.stringContaining('was requested'), expect.stringContaining('was approved')])
    await ada.recovery.cancel({ id })
    world.clock.advance(3 * day)
    await expect(admin.recovery.execute({ id })).rejects.toMatchObject({ code: 'recovery_not_pending' })
    expect((await admin.recovery.list({ status: 'rejected' })).requests).toHaveLength(1)
  })

  it('is never decided by the one who asked, nor for an owner by an admin (D6)', async () => {
    const { world, admin } = await withAda()
    await using _ = world
    const own = await admin.recovery.request({ recovery_type })
    await expect(admin.recovery.approve({ id: own.request_id })).rejects.toMatchObject({ kind: 'denied' })
    const owners = await world.owner.recovery.request({ recovery_type: 'password_reset' })
    await expect(admin.recovery.approve({ id: owners.request_id })).rejects.toMatchObject({ kind: 'denied' })
    await world.owner.recovery.approve({ id: own.request_id })
    world.clock.advance(3 * day)
    await expect(admin.recovery.execute({ id: own.request_id })).rejects.toMatchObject({ kind: 'denied' })
    await world.owner.recovery.execute({ id: own.request_id })
  })

  it('is approved once and executed once in 50 parallel calls', async () => {
    const { world, ada, admin } = await withAda()
    await using _ = world
    const { request_id: id } = await ada.recovery.request({ recovery_type })
    const all = async (call: () => Promise<unknown>) =>
      (await Promise.allSettled(Array.from({ length: 50 }, call))).filter(({ status }) => status === 'fulfilled').length
    expect(await all(() => admin.recovery.approve({ id }))).toBe(1)
    world.clock.advance(3 * day)
    expect(await all(() => admin.recovery.execute({ id }))).toBe(1)
  })

  it('expires when nobody decides in time', async () => {
    const { world, ada, admin } = await withAda()
    await using _ = world
    const { request_id: id } = await ada.recovery.request({ recovery_type })
    await expect(ada.recovery.request({ recovery_type })).rejects.toMatchObject({ code: 'recovery_open' })
    world.clock.advance(7 * day)
    await expect(admin.recovery.approve({ id })).rejects.toMatchObject({ code: 'recovery_not_pending' })
    const again = await ada.recovery.request({ recovery_type })
    await admin.recovery.approve({ id: again.request_id })
    world.clock.advance(10 * day)
    await expect(admin.recovery.execute({ id: again.request_id })).rejects.toMatchObject({
      code: 'recovery_not_pending',
    })
  })

  it('is hidden from other members and other organisations', async () => {
    const { world, ada } = await withAda()
    await using _ = world
    const { request_id: id } = await ada.recovery.request({ recovery_type })
    const { as } = await world.member()
    const { owner } = await world.otherOrg()
    await expect(as.recovery.list()).rejects.toMatchObject({ kind: 'denied' })
    await expect(as.recovery.cancel({ id })).rejects.toMatchObject({ code: 'recovery_not_found' })
    for (const call of [owner.recovery.approve, owner.recovery.execute, owner.recovery.cancel]) {
      await expect(call({ id })).rejects.toMatchObject({ code: 'recovery_not_found' })
    }
  })
})

describe('recovering other factors', () => {
  it('removes all passkeys, and what needs one', async () => {
    const { world, ada, admin } = await withAda()
    await using _ = world
    const { challenge } = await ada.factors.beginPasskey()
    const key = fakeAuthenticator({ origin: publicUrl, rpId: 'vault.example.com' })
    await ada.factors.addPasskey(key.create(challenge))
    await ada.factors.updateSecuritySettings({ require_passkey_for_vaults: true })
    const { request_id: id } = await ada.recovery.request({ recovery_type: 'passkey_reset' })
    await admin.recovery.approve({ id })
    world.clock.advance(3 * day)
    await admin.recovery.execute({ id })
    const settings = await ada.factors.getSecuritySettings()
    expect(settings).toEqual({
      require_passkey_for_vaults: false,
      require_passkey_for_mfa: false,
      passkey_count: 0,
    })
    const begun = await world.pawl.as({}).factors.beginPasskeySignIn()
    const signed = world.pawl.as({}).factors.completePasskeySignIn(key.get(begun.challenge))
    await expect(signed).rejects.toMatchObject({ code: 'passkey_failed' })
  })

  it('gives out a code for a new password, which keeps the second factor', async () => {
    const { world, ada, admin } = await withAda()
    await using _ = world
    const { request_id: id } = await ada.recovery.request({ recovery_type: 'password_reset' })
    await admin.recovery.approve({ id })
    world.clock.advance(3 * day)
    const { recovery_code } = await admin.recovery.execute({ id })
    const reset = { token: recovery_code?.reveal() ?? '', new_password: 'Battery-Staple-8' }
    await world.pawl.as({}).accounts.resetPassword(reset)
    await expect(world.pawl.as({}).accounts.resetPassword(reset)).rejects.toBeDefined()
    const { mfa_required } = await world.pawl.as({}).auth.token({ email, password: 'Battery-Staple-8' })
    expect(mfa_required).toBe(true)
  })
})

describe('the policy of an organisation', () => {
  it('says what can be recovered, how soon and with whose word', async () => {
    const { world, ada, admin } = await withAda()
    await using _ = world
    expect(await ada.recovery.policy()).toEqual({
      enabled: true,
      require_admin_approval: true,
      delay_hours: 72,
      allowed_types: ['mfa_reset', 'passkey_reset', 'password_reset'],
    })
    await expect(ada.recovery.updatePolicy({ enabled: false })).rejects.toMatchObject({ kind: 'denied' })
    await admin.recovery.updatePolicy({ allowed_types: ['mfa_reset'], require_admin_approval: false, delay_hours: 1 })
    await expect(ada.recovery.request({ recovery_type: 'password_reset' })).rejects.toMatchObject({
      code: 'recovery_off',
    })
    const { request_id: id, status } = await ada.recovery.request({ recovery_type })
    expect(status).toBe('approved')
    world.clock.advance(hour)
    await admin.recovery.execute({ id })
    await admin.recovery.updatePolicy({ enabled: false })
    await expect(ada.recovery.request({ recovery_type })).rejects.toMatchObject({ code: 'recovery_off' })
  })

  it('is not loosened with a stolen token of an admin', async () => {
    await using world = await testPawl()
    await world.owner.orgs.addMember({ email, password, role: 'admin' })
    const { access_token } = await world.pawl.as({}).auth.token({ email, password })
    const admin = world.pawl.as(access_token.reveal())
    world.clock.advance(6 * minute)
    await expect(admin.recovery.updatePolicy({ delay_hours: 0 })).rejects.toMatchObject({
      code: 'confirmation_needed',
    })
    await admin.recovery.updatePolicy({ delay_hours: 0, auth_confirm: password })
  })
})
