import { createHash, randomBytes } from 'node:crypto'
import { systemClock } from '@pawl/core/ports/reference'
import * as oauth from 'oauth4webapi'
import { expect, test } from 'vitest'
import { served } from '../../test/pages.ts'

// Goal: a client library of OAuth works with this server from the discovery to the revocation. Method: oauth4webapi, which
// checks every answer, over HTTP.

const callback = 'http://localhost:3000/callback'
const insecure = { [oauth.allowInsecureRequests]: true }

test.each(['oauth2', 'oidc'] as const)(
  'oauth4webapi discovers the server (%s), signs a user in, refreshes and revokes',
  (algorithm) =>
    served(
      async ({ owner, ownerId }, url) => {
        await owner.platform.createApp({ name: 'My DeFi', slug: 'my-defi', redirect_uris: [callback] })
        const issuer = new URL(url)
        const discovered = await oauth.discoveryRequest(issuer, { ...insecure, algorithm })
        const server = await oauth.processDiscoveryResponse(issuer, discovered)
        const client: oauth.Client = { client_id: 'my-defi' }
        const verifier = oauth.generateRandomCodeVerifier()
        const [state, nonce] = [oauth.generateRandomState(), oauth.generateRandomNonce()]
        const asked = {
          ...{ client_id: 'my-defi', redirect_uri: 'http://localhost:4567/callback', state, nonce },
          ...{ scope: 'openid profile email offline_access', code_challenge_method: 'S256' as const },
          code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
        }
        const { redirect_url } = await owner.oauth.decide({ ...asked, approve: true })
        const answer = oauth.validateAuthResponse(server, client, new URL(redirect_url.reveal()), state)
        const exchanged = await oauth.authorizationCodeGrantRequest(
          ...[server, client, oauth.None(), answer, asked.redirect_uri, verifier],
          insecure,
        )
        const wanted = { expectedNonce: nonce, requireIdToken: true }
        const tokens = await oauth.processAuthorizationCodeResponse(server, client, exchanged, wanted)
        await oauth.validateApplicationLevelSignature(server, exchanged, insecure)
        expect(oauth.getValidatedIdTokenClaims(tokens)).toMatchObject({ sub: ownerId, aud: 'my-defi', nonce })

        const info = await oauth.userInfoRequest(server, client, tokens.access_token, insecure)
        const who = await oauth.processUserInfoResponse(server, client, ownerId, info)
        expect(who).toMatchObject({ sub: ownerId, email: 'owner@example.com' })

        const refresh = (token = '') => oauth.refreshTokenGrantRequest(server, client, oauth.None(), token, insecure)
        const second = await oauth.processRefreshTokenResponse(server, client, await refresh(tokens.refresh_token))
        const { access_token: access, refresh_token: newest = '' } = second
        const revoked = await oauth.revocationRequest(server, client, oauth.None(), newest, insecure)
        await oauth.processRevocationResponse(revoked)
        const after = oauth.processUserInfoResponse(
          server,
          client,
          ownerId,
          await oauth.userInfoRequest(server, client, access, insecure),
        )
        await expect(after).rejects.toMatchObject({ status: 401 })
        const third = refresh(newest).then((response) => oauth.processRefreshTokenResponse(server, client, response))
        await expect(third).rejects.toMatchObject({ error: 'invalid_grant', error_description: expect.any(String) })
      },
      { clock: systemClock },
    ),
)

test('errors of the token endpoint have the fields of OAuth and of a problem, and JSON works like a form', () =>
  served(async ({ owner }, url) => {
    await owner.platform.createApp({ name: 'My DeFi', slug: 'my-defi', redirect_uris: [callback] })
    const token = async (body: object) => {
      const headers = { 'content-type': 'application/json' }
      const response = await fetch(`${url}/v1/oauth/token`, { method: 'POST', headers, body: JSON.stringify(body) })
      return {
        status: response.status,
        json: (await response.json()) as Record<string, unknown>,
      }
    }
    const known = { client_id: 'my-defi' }
    for (const [body, status, error] of [
      [known, 400, 'invalid_request'],
      [{ ...known, grant_type: 'password' }, 400, 'unsupported_grant_type'],
      [{ ...known, code: 'oac_x' }, 400, 'invalid_grant'],
      [{ client_id: 'unknown', code: 'oac_x' }, 401, 'invalid_client'],
      [{ grant_type: 'refresh_token' }, 400, 'invalid_request'],
    ] as const) {
      const answer = await token(body)
      expect(answer).toMatchObject({ status, json: { status, error, title: expect.any(String) } })
      expect(answer.json.detail).toBe(answer.json.error_description)
    }
    const verifier = randomBytes(32).toString('base64url')
    const code_challenge = createHash('sha256').update(verifier).digest('base64url')
    const asked = { ...known, redirect_uri: callback, code_challenge, code_challenge_method: 'S256' }
    const { redirect_url } = await owner.oauth.decide({ ...asked, approve: true })
    const code = new URL(redirect_url.reveal()).searchParams.get('code')
    // As the TypeScript SDK sends it, without grant_type.
    const given = await token({ ...known, redirect_uri: callback, code_verifier: verifier, code })
    expect(given).toMatchObject({ status: 200, json: { token_type: 'Bearer', scope: 'openid' } })
    const info = await fetch(`${url}/v1/oauth/userinfo`, { headers: { authorization: 'Bearer oat_x' } })
    expect([info.status, info.headers.get('www-authenticate')]).toEqual([401, 'Bearer'])
  }))
