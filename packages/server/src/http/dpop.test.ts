import { systemClock } from '@pawl/core/ports/reference'
import { testPawl } from '@pawl/testkit/world'
import { generateKeyPair, generateProof, type KeyPair } from 'dpop'
import * as oauth from 'oauth4webapi'
import { describe, expect, test } from 'vitest'
import { type Sent, transports } from '../../test/transports.ts'

// Goal: clients that others wrote get bound tokens and use them. Method: the packages dpop and oauth4webapi make the
// proofs, and the real engine answers over both transports.

const publicUrl = 'https://vault.example.com'

describe.each(transports)('DPoP over $name', ({ open }) => {
  async function started() {
    // The packages know no clock but that of the machine.
    const world = await testPawl({ publicUrl: `${publicUrl}/pawl`, clock: systemClock })
    const { key } = await world.agent()
    const client = await open(world.pawl, { basePath: '/pawl' })
    const keys = await generateKeyPair('ES256')
    const send = async (path: string, sent: Sent & { keys?: KeyPair; nonce?: string; token?: string } = {}) => {
      const { method = 'GET', nonce, token, keys: by = keys, ...rest } = sent
      const [plain] = path.split('?')
      const DPoP = await generateProof(by, `${publicUrl}${plain}`, method, nonce, token)
      return client.send(path, { ...rest, method, headers: { DPoP, ...rest.headers } })
    }
    const exchanged = await send('/pawl/v1/auth/agent-token', {
      method: 'POST',
      body: JSON.stringify({ api_key: key }),
    })
    const token: string = exchanged.json.access_token
    return {
      world,
      client,
      send,
      token,
      [Symbol.asyncDispose]: async () => {
        await client.close()
        await world.close()
      },
    }
  }

  test('a token is bound by the proof of its exchange, and works with proofs for the URL that clients see', async () => {
    await using vault = await started()
    const { send, token } = vault
    const authorization = `Bearer ${token}`
    expect((await send('/pawl/v1/vaults', { headers: { authorization } })).status).toBe(200)
    expect((await send('/pawl/v1/vaults?limit=1', { headers: { authorization } })).status).toBe(200)
    const standard = { authorization: `DPoP ${token}` }
    expect((await send('/pawl/v1/vaults', { headers: standard, token })).status).toBe(200)
    expect((await send('/pawl/v1/vaults', { headers: standard })).json.code).toBe('invalid_dpop_proof')
  })

  test('without a proof the answer is 401, with the challenge of RFC 9449', async () => {
    await using vault = await started()
    const { client, token } = vault
    for (const authorization of [`Bearer ${token}`, `DPoP ${token}`]) {
      const { status, headers } = await client.send('/pawl/v1/vaults', { headers: { authorization } })
      expect(status).toBe(401)
      expect(headers['www-authenticate']).toBe('DPoP error="invalid_dpop_proof", algs="ES256 EdDSA Ed25519"')
    }
  })

  test('row 1: two proofs in one request are refused', async () => {
    await using vault = await started()
    const { send, token } = vault
    const proofs = await Promise.all(
      [1, 2].map(async () => generateProof(await generateKeyPair('ES256'), publicUrl, 'GET')),
    )
    const headers = { authorization: `Bearer ${token}`, DPoP: proofs.join(', ') }
    expect((await send('/pawl/v1/vaults', { headers })).json.code).toBe('invalid_dpop_proof')
  })

  test('a nonce is asked for in headers, and the client comes back with it', async () => {
    await using vault = await started()
    const { send, token, world } = vault
    await world.owner.orgs.changeSetting({ key: 'dpop_nonce', value: 'on' })
    const headers = { authorization: `DPoP ${token}` }
    const first = await send('/pawl/v1/vaults', { headers, token })
    expect([first.status, first.headers['www-authenticate']]).toEqual([401, expect.stringContaining('use_dpop_nonce')])
    const nonce = first.headers['dpop-nonce'] ?? ''
    expect((await send('/pawl/v1/vaults', { headers, token, nonce })).status).toBe(200)
  })

  test('oauth4webapi as the client: it reads the challenge, and answers it with a proof', async () => {
    await using vault = await started()
    const { client, send, world } = vault
    const keys = await generateKeyPair('ES256')
    const { key } = await world.agent()
    const exchange = { method: 'POST', body: JSON.stringify({ api_key: key }), keys }
    const token = (await send('/pawl/v1/auth/agent-token', exchange)).json.access_token
    await world.owner.orgs.changeSetting({ key: 'dpop_nonce', value: 'on' })
    const DPoP = oauth.DPoP({}, keys)
    const fetchThere = async (url: string, { method = 'GET', headers, body }: RequestInit) => {
      const { pathname, search } = new URL(url)
      const sent = { method, headers: Object.fromEntries(new Headers(headers)) }
      const answer = await client.send(`${pathname}${search}`, typeof body === 'string' ? { ...sent, body } : sent)
      return new Response(answer.text, { status: answer.status, headers: answer.headers })
    }
    const call = (method: string, path: string, body?: string) =>
      oauth.protectedResourceRequest(
        token,
        method,
        new URL(`${publicUrl}/pawl${path}`),
        new Headers(body ? { 'content-type': 'application/json' } : {}),
        body,
        { DPoP, [oauth.customFetch]: fetchThere as never },
      )
    const error = await call('GET', '/v1/vaults').catch((thrown: unknown) => thrown)
    expect(oauth.isDPoPNonceError(error)).toBe(true)
    expect((await call('GET', '/v1/vaults?limit=5')).status).toBe(200)
    expect((await call('POST', '/v1/vaults', JSON.stringify({ name: 'mine' }))).status).toBe(201)
  })
})
