import { tagged } from '../../canary/index.ts'
import { fakeAuthenticator } from '../../fakes/authenticator.ts'
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

/** A person with a passkey, and the passkey. */
const withPasskey = async (world: World) => {
  const { who, as } = await withPassword(world)
  const { challenge, rp_id: rpId } = await as.factors.beginPasskey()
  const key = fakeAuthenticator({ origin: 'http://localhost:8210', rpId, seed: 'example' })
  const { passkey_id } = await as.factors.addPasskey(key.create(challenge))
  return { who, as, key, passkey_id }
}

/** A sign-in that a passkey must finish. */
const withPasskeyStep = async (world: World) => {
  const { as, key } = await withPasskey(world)
  await as.factors.updateSecuritySettings({ require_passkey_for_mfa: true })
  const { mfa_token } = await world.pawl.as({}).auth.token({ email, password })
  return { key, mfa_token: mfa_token?.reveal() ?? '' }
}

const tx_digest = '3f4a'.repeat(16)

export const factorExamples: ExamplesOf<'factors'> = {
  beginReauth: async (world) => ({ who: (await withPassword(world)).who, input: { purpose } }),
  completeReauth: async (world) => ({ who: (await withPassword(world)).who, input: { purpose, password } }),
  mfaStatus: async ({ ownerId }) => ({ who: { user: ownerId }, input: {} }),
  setUpMfa: async ({ ownerId }) => ({ who: { user: ownerId }, input: {} }),
  confirmMfa: async (world) => {
    const { who, as } = await withPassword(world)
    const { secret } = await as.factors.setUpMfa()
    return { who, input: { code: appCode(secret.reveal(), world.clock.now()) }, isShortLived: true }
  },
  verifyMfa: async (world) => {
    const { code } = await withApp(world)
    const { mfa_token } = await world.pawl.as({}).auth.token({ email, password })
    return { who: { bearer: null }, input: { code, mfa_token: mfa_token?.reveal() ?? '' }, isShortLived: true }
  },
  beginMfaPasskey: async (world) => {
    const { mfa_token } = await withPasskeyStep(world)
    return { who: { bearer: null }, input: { mfa_token }, isShortLived: true }
  },
  completeMfaPasskey: async (world) => {
    const { key, mfa_token } = await withPasskeyStep(world)
    const { challenge } = await world.pawl.as({}).factors.beginMfaPasskey({ mfa_token })
    return { who: { bearer: null }, input: { mfa_token, ...key.get(challenge) }, isShortLived: true }
  },
  disableMfa: async (world) => {
    const { who, code } = await withApp(world)
    return { who, input: { code }, isShortLived: true }
  },
  beginPasskey: async (world) => ({ who: (await withPassword(world)).who, input: {} }),
  addPasskey: async (world) => {
    const { who, as } = await withPassword(world)
    const { challenge, rp_id: rpId } = await as.factors.beginPasskey()
    const key = fakeAuthenticator({ origin: 'http://localhost:8210', rpId, seed: 'example' })
    return {
      who,
      input: { ...key.create(challenge), transports: ['internal'], name: 'laptop', auth_confirm: password },
      isShortLived: true,
    }
  },
  listPasskeys: async (world) => ({ who: (await withPasskey(world)).who, input: {} }),
  removePasskey: async (world) => {
    const { who, as, key, passkey_id } = await withPasskey(world)
    const purpose = 'security.passkey.delete'
    const begun = await as.factors.beginReauth({ purpose })
    const proof = key.get(begun.challenge ?? '')
    const { reauth_token } = await as.factors.completeReauth({ purpose, method: 'passkey', ...proof })
    return { who, input: { passkey_id, auth_confirm: reauth_token.reveal() }, isShortLived: true }
  },
  beginPasskeySignIn: async () => ({ who: { bearer: null }, input: {} }),
  completePasskeySignIn: async (world) => {
    const { key } = await withPasskey(world)
    const { challenge } = await world.pawl.as({}).factors.beginPasskeySignIn()
    return { who: { bearer: null }, input: { ...key.get(challenge) }, isShortLived: true }
  },
  beginTransactionPasskey: async (world) => ({ who: (await withPasskey(world)).who, input: { tx_digest } }),
  completeTransactionPasskey: async (world) => {
    const { who, as, key } = await withPasskey(world)
    const { challenge } = await as.factors.beginTransactionPasskey({ tx_digest })
    return { who, input: { ...key.get(challenge) }, isShortLived: true }
  },
  beginVaultPasskey: async (world) => ({ who: (await withPasskey(world)).who, input: {} }),
  completeVaultPasskey: async (world) => {
    const { who, as, key } = await withPasskey(world)
    const { challenge } = await as.factors.beginVaultPasskey()
    return { who, input: { ...key.get(challenge) }, isShortLived: true }
  },
  getSecuritySettings: async ({ ownerId }) => ({ who: { user: ownerId }, input: {} }),
  updateSecuritySettings: async (world) => ({
    who: (await withPasskey(world)).who,
    input: { require_passkey_for_vaults: true },
  }),
}
