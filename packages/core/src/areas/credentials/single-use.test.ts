import { tagged } from '@pawl/testkit/canary'
import { appCode, fakeAuthenticator } from '@pawl/testkit/fakes'
import { type Example, examples, sentIn, testPawl, type World } from '@pawl/testkit/world'
import { describe, expect, it } from 'vitest'
import { isLong } from '../../../../../tools/test-run/index.ts'

// Goal: of 50 concurrent calls with the same single-use link, code, invitation, share, challenge or token, exactly one succeeds.
// Method: one table of all kinds. The examples of operations make some of them, and this file makes the rest.

const email = 'ada@example.com'
const password = tagged('Correct-Horse-7')

type Answer = object | undefined
type Use = (attempt: number) => Promise<Answer>
type Given = (world: World) => Promise<Use>

const usedUp = {
  accounts: ['verifyEmail', 'resetPassword', 'verifyEmailCode', 'verifyEmailChange'],
  approvals: ['quickDecide'],
  devices: ['attest'],
  enrolments: ['approve', 'deny'],
  factors: [
    ...['verifyMfa', 'confirmMfa', 'disableMfa', 'addPasskey', 'removePasskey', 'completePasskeySignIn'],
    ...['completeMfaPasskey', 'completeTransactionPasskey', 'completeVaultPasskey'],
  ],
  identities: ['complete', 'google', 'socialLogin'],
  logins: ['poll', 'allow', 'deny'],
  oauth: ['token'],
  orgs: ['acceptInvitation'],
  platform: ['redeemClaim'],
  recovery: ['approve', 'execute'],
}

/** The calls whose example has something that expires within an hour but can be used more than once. */
const usableAgain = {
  'bankr.revoke': 'Revokes a key of a provider, which has its own rules.',
  'billing.receiveEvent': 'A signed event. Sent again, it changes nothing (billing).',
  'enrolments.status': 'Answers as often as it is asked. Its key is below.',
  'platform.previewClaim': 'Shows a claim, and does not redeem it.',
  'factors.beginMfaPasskey': 'Asks for the challenge of a sign-in. The token is spent when the sign-in is finished.',
}

type Verbs = Readonly<Record<string, (world: World) => Promise<Example>>>
const verbsOf = (area: string) => (examples as Readonly<Record<string, Verbs>>)[area] ?? {}

function ofExample(area: string, verb: string): Given {
  return async (world) => {
    const { who, input } = (await verbsOf(area)[verb]?.(world)) ?? expect.fail(`${area}.${verb} has no example`)
    const client = world.pawl.as(who) as unknown as Record<string, Record<string, (input: object) => Promise<Answer>>>
    return () => client[area]?.[verb]?.(input) ?? expect.fail(`${area}.${verb} does not exist`)
  }
}

const sharedOnce = async ({ owner }: World, recipient: { recipient_type: 'anyone_with_link' } | { email: string }) => {
  const { id: vault_id } = await owner.vaults.create({ name: 'prod' })
  const { id: secret_id } = await owner.secrets.put({ vault_id, path: 'a', value: tagged('v') })
  const type = 'email' in recipient ? ('external_email' as const) : recipient.recipient_type
  return owner.sharing.create({ secret_id, ...recipient, recipient_type: type, max_access_count: 1 })
}

/** A user with an authenticator app, and the token of a started sign-in for each attempt. */
async function withApp(world: World) {
  const { id } = await world.owner.orgs.addMember({ email, password })
  const { factors } = world.pawl.as({ user: id })
  const { secret } = await factors.setUpMfa()
  const { recovery_codes } = await factors.confirmMfa({ code: appCode(secret.reveal(), world.clock.now()) })
  const anybody = world.pawl.as({ bearer: null })
  const started = Array.from({ length: 51 }, () => anybody.auth.token({ email, password }))
  const tokens = (await Promise.all(started)).map(({ mfa_token }) => mfa_token?.reveal() ?? '')
  const verify = (code: string): Use => {
    return (attempt) => anybody.factors.verifyMfa({ code, mfa_token: tokens[attempt] ?? '' })
  }
  return { verify, code: appCode(secret.reveal(), world.clock.now() + 30_000), recovery_codes }
}

const others: Readonly<Record<string, Given>> = {
  'a link to a secret for one read': async (world) => {
    const { id } = await sharedOnce(world, { recipient_type: 'anyone_with_link' })
    return () => world.pawl.as({ bearer: null }).sharing.access({ share_id: id })
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
    return () => sharing.access({ share_id })
  },
  'a code of an authenticator app, in 50 sign-ins': async (world) => {
    const { verify, code } = await withApp(world)
    return verify(code)
  },
  'a recovery code, in 50 sign-ins': async (world) => {
    const { verify, recovery_codes } = await withApp(world)
    return verify(recovery_codes[0]?.reveal() ?? '')
  },
  'a re-authentication token': async (world) => {
    await world.owner.orgs.addMember({ email, password })
    const { access_token } = await world.pawl.as({ bearer: null }).auth.token({ email, password })
    const { factors, accounts } = world.pawl.as(access_token.reveal())
    const { reauth_token } = await factors.completeReauth({ purpose: 'account.export', password })
    return () => accounts.exportData({ auth_confirm: reauth_token.reveal() })
  },
  'a challenge of a re-authentication': async (world) => {
    const { id } = await world.owner.orgs.addMember({ email, password })
    const { factors } = world.pawl.as({ user: id })
    const { challenge, rp_id: rpId } = await factors.beginPasskey()
    const key = fakeAuthenticator({ origin: 'http://localhost:8210', rpId, counts: false })
    await factors.addPasskey(key.create(challenge))
    const purpose = 'account.export'
    const answer = key.get((await factors.beginReauth({ purpose })).challenge ?? '')
    return () => factors.completeReauth({ purpose, ...answer })
  },
  'the key of an agent that collects it': async (world) => {
    const { input } = await examples.enrolments.status(world)
    const { enrolments } = world.pawl.as({ bearer: null })
    return async () => {
      const { api_key, status } = await enrolments.status(input as { pairing_id: string; poll_token: string })
      return api_key ? { api_key } : { error: status }
    }
  },
  'a refresh token of an app': async (world) => {
    const { input } = await examples.oauth.token(world)
    const { oauth } = world.pawl.as({ bearer: null })
    const { refresh_token } = await oauth.token(input as Parameters<typeof oauth.token>[0])
    const { client_id } = input as { client_id: string }
    const used = { grant_type: 'refresh_token' as const, client_id, refresh_token: refresh_token?.reveal() ?? '' }
    return () => oauth.token(used)
  },
}

const ofExamples = Object.entries(usedUp).flatMap(([area, verbs]) =>
  verbs.map((verb) => [`what ${area}.${verb} takes`, ofExample(area, verb)] as const),
)

/** Some answers refuse with a field, because clients expect 200. */
function isUse(answer: Answer): boolean {
  return answer === undefined || !('error' in answer)
}

describe('once, by 50 at the same moment:', () => {
  it.each([...ofExamples, ...Object.entries(others)])('%s', async (_, given) => {
    await using world = await testPawl()
    const use = await given(world)
    const tried = await Promise.allSettled(Array.from({ length: 50 }, (_, attempt) => use(attempt)))
    const won = tried.filter((one) => one.status === 'fulfilled' && isUse(one.value))
    expect(won).toHaveLength(1)
    const kinds = /^(invalid|gone|not_found|conflict|denied|unauthenticated)$/
    for (const one of tried) if (one.status === 'rejected') expect(one.reason.kind).toMatch(kinds)
    const late = await use(50).then(isUse, ({ kind }) => !kinds.test(kind))
    expect(late).toBe(false)
  })

  it.runIf(isLong('every example for something short-lived'))(
    'names every operation that takes something short-lived',
    async () => {
      const known = Object.entries(usedUp).flatMap(([area, verbs]) => verbs.map((verb) => `${area}.${verb}`))
      const shortLived: string[] = []
      for (const area of Object.keys(examples)) {
        for (const [verb, make] of Object.entries(verbsOf(area))) {
          await using world = await testPawl()
          const { isShortLived } = await make(world)
          if (isShortLived) shortLived.push(`${area}.${verb}`)
        }
      }
      expect(shortLived.filter((name) => !known.includes(name) && !(name in usableAgain))).toEqual([])
    },
  )
})
