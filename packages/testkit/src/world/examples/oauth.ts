import { createHash } from 'node:crypto'
import type { World } from '../world.ts'
import type { ExamplesOf } from './example.ts'

const redirect_uri = 'https://myapp.com/callback'
const verifier = 'a-verifier-that-only-the-app-knows-until-the-exchange'
const code_challenge = createHash('sha256').update(verifier).digest('base64url')
const pkce = { code_challenge, code_challenge_method: 'S256' }
const request = { client_id: 'my-defi', redirect_uri, scope: 'openid email offline_access', state: 'xyz', ...pkce }

async function withApp({ owner, ownerId }: World) {
  const { id } = await owner.platform.createApp({ name: 'My DeFi', slug: 'my-defi', redirect_uris: [redirect_uri] })
  return { who: { user: ownerId }, app_id: id }
}

/** The code that the owner gave the app. */
async function withCode(world: World) {
  const { who, app_id } = await withApp(world)
  const { redirect_url } = await world.owner.oauth.decide({ ...request, approve: true })
  return { who, app_id, code: new URL(redirect_url.reveal()).searchParams.get('code') ?? '' }
}

const exchange = { client_id: 'my-defi', redirect_uri, code_verifier: verifier }

async function withTokens(world: World) {
  const { code } = await withCode(world)
  return world.pawl.as({ bearer: null }).oauth.token({ ...exchange, code })
}

const anybody = { bearer: null }

export const oauthExamples: ExamplesOf<'oauth'> = {
  consent: async (world) => ({ who: (await withApp(world)).who, input: { ...request, response_type: 'code' } }),
  decide: async (world) => ({ who: (await withApp(world)).who, input: { ...request, approve: true } }),
  token: async (world) => {
    const { code } = await withCode(world)
    return {
      who: anybody,
      input: { grant_type: 'authorization_code', ...exchange, code },
      isShortLived: true,
      separately: ['federationKeys made'],
    }
  },
  userInfo: async (world) => ({ who: { bearer: (await withTokens(world)).access_token.reveal() }, input: {} }),
  revoke: async (world) => ({ who: anybody, input: { token: (await withTokens(world)).access_token.reveal() } }),
  consents: async (world) => ({ who: (await withCode(world)).who, input: {} }),
  revokeConsent: async (world) => {
    const { who, app_id } = await withCode(world)
    return { who, input: { app_id } }
  },
  metadata: async () => ({ who: anybody, input: {} }),
}
