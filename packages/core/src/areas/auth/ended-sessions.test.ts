import { tagged } from '@pawl/testkit/canary'
import { sentIn, testPawl, type World } from '@pawl/testkit/world'
import { expect, it } from 'vitest'
import { day } from '../../kernel/time.ts'

// Goal: some changes end every session of the user, and no session of another user. After these changes, an attacker could hold a
// session. Method: one table of these changes.

const email = 'ada@example.com'
const password = tagged('Correct-Horse-7')
const new_password = tagged('Battery-Staple-8')

interface Ada {
  readonly id: string
  readonly self: ReturnType<World['pawl']['as']>
}

/** Prepares a change, and returns the change. */
type Prepared = (world: World, ada: Ada) => Promise<() => Promise<unknown>>

const recovered = (recovery_type: 'mfa_reset' | 'passkey_reset' | 'password_reset'): Prepared => {
  return async (world, { self }) => {
    const { request_id: id } = await self.recovery.request({ recovery_type })
    await world.owner.recovery.approve({ id })
    world.clock.advance(3 * day)
    return () => world.owner.recovery.execute({ id })
  }
}

const changes: Readonly<Record<string, Prepared>> = {
  'a new password':
    async (_, { self }) =>
    () =>
      self.auth.changePassword({ current_password: password, new_password }),
  'a lost password that is replaced': async (world) => {
    const { accounts } = world.pawl.as({ bearer: null })
    await accounts.forgotPassword({ email })
    await world.pawl.runJobs()
    const token = sentIn(world)
    return () => accounts.resetPassword({ token, new_password })
  },
  'a new e-mail address': async (world, { self }) => {
    await self.accounts.changeEmail({ new_email: 'ada@example.org', auth_confirm: password })
    await world.pawl.runJobs()
    const code = sentIn(world)
    return () => self.accounts.verifyEmailChange({ code })
  },
  'an authenticator app that an admin resets': recovered('mfa_reset'),
  'passkeys that an admin resets': recovered('passkey_reset'),
  'a password that an admin resets': recovered('password_reset'),
  'the removal of the member':
    async ({ owner }, { id: user_id }) =>
    () =>
      owner.orgs.removeMember({ user_id }),
  'the deletion of the account':
    async (_, { self }) =>
    () =>
      self.auth.deleteMe({ confirmation: 'DELETE MY ACCOUNT' }),
}

const refused = { kind: 'unauthenticated' }

it.each(Object.entries(changes))('%s ends all sessions of the user, and those of nobody else', async (_, prepare) => {
  await using world = await testPawl()
  const { id } = await world.owner.orgs.addMember({ email, password })
  await world.owner.orgs.addMember({ email: 'bob@example.com', password })
  const change = await prepare(world, { id, self: world.pawl.as({ user: id }) })
  const signIn = async (address: string) => {
    const { access_token } = await world.pawl.as({ bearer: null }).auth.token({ email: address, password })
    return world.pawl.as(access_token.reveal())
  }
  const asked = await world.pawl.as({ bearer: null }).logins.request({ client_id: 'cli' })
  await world.pawl.as({ user: id }).logins.allow({ user_code: asked.user_code })
  const grant_type = 'urn:ietf:params:oauth:grant-type:device_code' as const
  const polled = await world.pawl.as({ bearer: null }).logins.poll({ device_code: asked.device_code, grant_type })
  const device = world.pawl.as(polled.access_token?.reveal() ?? '')
  const session = await signIn(email)
  const refreshed = world.pawl.as((await session.auth.refresh()).access_token.reveal())
  for (const client of [device, session, refreshed]) await client.auth.me()
  await change()
  for (const client of [device, session, refreshed]) await expect(client.auth.me()).rejects.toMatchObject(refused)
  await (await signIn('bob@example.com')).auth.me()
})
