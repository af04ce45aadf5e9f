import { tagged } from '../../canary/index.ts'
import { appCode } from '../../fakes/authenticator-app.ts'
import type { World } from '../world.ts'
import type { ExamplesOf } from './example.ts'

const password = tagged('Correct-Horse-7')
const email = 'with-password@example.com'
const purpose = 'account.delete'
const stepMs = 30_000

const withPassword = async ({ owner, pawl }: World) => {
  const { id } = await owner.orgs.addMember({ email, password })
  return { who: { user: id }, as: pawl.as({ user: id }) }
}

/** A person whose sign-in asks for a code, and the next code. */
const withApp = async (world: World) => {
  const { who, as } = await withPassword(world)
  const { secret } = await as.factors.setUpMfa()
  await as.factors.confirmMfa({ code: appCode(secret.reveal(), world.clock.now()) })
  return { who, as, code: appCode(secret.reveal(), world.clock.now() + stepMs) }
}

export const factorExamples: ExamplesOf<'factors'> = {
  beginReauth: async (world) => ({ who: (await withPassword(world)).who, input: { purpose } }),
  completeReauth: async (world) => ({ who: (await withPassword(world)).who, input: { purpose, password } }),
  mfaStatus: async ({ ownerId }) => ({ who: { user: ownerId }, input: {} }),
  setUpMfa: async ({ ownerId }) => ({ who: { user: ownerId }, input: {} }),
  confirmMfa: async (world) => {
    const { who, as } = await withPassword(world)
    const { secret } = await as.factors.setUpMfa()
    return { who, input: { code: appCode(secret.reveal(), world.clock.now()) } }
  },
  verifyMfa: async (world) => {
    const { code } = await withApp(world)
    const { mfa_token } = await world.pawl.as({}).auth.token({ email, password })
    return { who: { bearer: null }, input: { code, mfa_token: mfa_token?.reveal() ?? '' } }
  },
  disableMfa: async (world) => {
    const { who, code } = await withApp(world)
    return { who, input: { code } }
  },
}
