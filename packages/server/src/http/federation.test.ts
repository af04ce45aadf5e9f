import { testPawl } from '@pawl/testkit/world'
import { describe, expect, test } from 'vitest'
import { transports } from '../../test/transports.ts'

// Goal: a standard OAuth client, which sends a form, can exchange a token. Method: the real engine over both transports.

const audience = 'https://api.example.com'
const form = 'application/x-www-form-urlencoded'

describe.each(transports)('a token exchange over $name', ({ open }) => {
  async function started() {
    const world = await testPawl()
    const { key } = await world.agent({ federation_enabled: true, federation_audiences: [audience] })
    const client = await open(world.pawl)
    const post = (body: string, headers: Record<string, string> = {}, path = '/v1/auth/federated-token') =>
      client.send(path, { method: 'POST', headers: { 'content-type': form, ...headers }, body })
    return {
      key,
      client,
      post,
      [Symbol.asyncDispose]: async () => {
        await client.close()
        await world.close()
      },
    }
  }

  const wanted = {
    grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
    subject_token_type: 'urn:1claw:params:oauth:token-type:api-key',
    audience,
  }

  test('takes a form as well as JSON, and the bearer where no subject is named (3.10)', async () => {
    await using vault = await started()
    const { key, post } = vault
    const json = JSON.stringify({ ...wanted, subject_token: key })
    const answers = [
      await post(new URLSearchParams({ ...wanted, subject_token: key }).toString()),
      await post(new URLSearchParams(wanted).toString(), { authorization: `Bearer ${key}` }),
      await post(json, { 'content-type': 'application/json' }),
    ]
    for (const { status, json, headers } of answers) {
      expect([status, json.token_type, headers['cache-control']]).toEqual([200, 'Bearer', 'no-store'])
    }
  })

  test('refuses a form with a field twice, and forms elsewhere (A13, M13)', async () => {
    await using vault = await started()
    const { key, post } = vault
    const twice = `${new URLSearchParams({ ...wanted, subject_token: key })}&audience=${encodeURIComponent(audience)}`
    expect((await post(twice)).json).toMatchObject({ status: 400, code: 'invalid_form' })
    expect((await post(`api_key=${key}`, {}, '/v1/auth/agent-token')).status).toBe(415)
  })

  test('gives keys to services everywhere: JWKS with its type and a cache time (3.10)', async () => {
    await using vault = await started()
    await vault.post(new URLSearchParams({ ...wanted, subject_token: vault.key }).toString())
    const { headers, json } = await vault.client.send('/.well-known/jwks.json')
    expect(headers).toMatchObject({
      'content-type': 'application/jwk-set+json',
      'cache-control': 'public, max-age=300',
      'access-control-allow-origin': '*',
    })
    expect(json.keys).toMatchObject([{ kty: 'OKP' }, { kty: 'RSA', alg: 'RS256', use: 'sig', n: expect.any(String) }])
    for (const key of json.keys) expect(Object.keys(key)).not.toContain('d')
  })
})
