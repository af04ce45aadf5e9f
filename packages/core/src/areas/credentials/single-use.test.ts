import { tagged } from '@pawl/testkit/canary'
import { sentIn, testPawl, type World } from '@pawl/testkit/world'
import { expect, it } from 'vitest'

// Goal: what is given out for one use is used once by 50 at the same moment. The tests of other areas show it for links and
// codes by mail, invitations, device codes, enrolments, recovery codes, tokens and challenges. Here is the rest.

const email = 'ada@example.com'
const password = tagged('Correct-Horse-7')

interface Given {
  use(): Promise<unknown>
}

const sharedOnce = async ({ owner }: World, recipient: { recipient_type: 'anyone_with_link' } | { email: string }) => {
  const { id: vault_id } = await owner.vaults.create({ name: 'prod' })
  const { id: secret_id } = await owner.secrets.put({ vault_id, path: 'a', value: tagged('v') })
  const type = 'email' in recipient ? ('external_email' as const) : recipient.recipient_type
  return owner.sharing.create({ secret_id, ...recipient, recipient_type: type, max_access_count: 1 })
}

const kinds: Readonly<Record<string, (world: World) => Promise<Given>>> = {
  'a code for a new address': async (world) => {
    const { id } = await world.owner.orgs.addMember({ email, password })
    const { accounts } = world.pawl.as({ user: id })
    await accounts.changeEmail({ new_email: 'ada@example.org', auth_confirm: password })
    await world.pawl.runJobs()
    const code = sentIn(world)
    return { use: () => accounts.verifyEmailChange({ code }) }
  },
  'a link to a secret for one read': async (world) => {
    const { id } = await sharedOnce(world, { recipient_type: 'anyone_with_link' })
    return { use: () => world.pawl.as({ bearer: null }).sharing.access({ share_id: id }) }
  },
  'a share by mail for one read, claimed at sign-up': async (world) => {
    const { id: share_id } = await sharedOnce(world, { email })
    await world.pawl.runJobs()
    const anybody = world.pawl.as({ bearer: null })
    await anybody.accounts.signUp({ email, password })
    await world.pawl.runJobs()
    const { access_token } = await anybody.accounts.verifyEmail({ token: sentIn(world) })
    const { sharing } = world.pawl.as(access_token.reveal())
    await Promise.all(Array.from({ length: 50 }, () => sharing.accept({ share_id })))
    return { use: () => sharing.access({ share_id }) }
  },
  'the permission for a device': async (world) => {
    const { user_code } = await world.pawl.as({ bearer: null }).logins.request({ client_id: 'cli' })
    return { use: () => world.owner.logins.allow({ user_code }) }
  },
}

it.each(Object.entries(kinds))('%s is used once', async (_, given) => {
  await using world = await testPawl()
  const { use } = await given(world)
  const tried = await Promise.allSettled(Array.from({ length: 50 }, use))
  expect(tried.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  await expect(use()).rejects.toMatchObject({ kind: expect.stringMatching(/^(invalid|gone|not_found)$/) })
})
