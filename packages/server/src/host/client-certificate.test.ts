import { createHash, X509Certificate } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { request } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Certified, certify, hasOpenssl } from '../../../../tools/real-parts/authority.ts'
import { readConfig } from './config.ts'
import { type Started, start } from './start.ts'

// Goal: an agent signs in with its own certificate, over the TLS of the server, and nobody with another one. Method: a whole
// server, and clients with certificates of two authorities.

describe.skipIf(!hasOpenssl)('a server that takes client certificates', () => {
  const [server, client, stranger] = (
    hasOpenssl ? [certify('IP:127.0.0.1'), certify('DNS:agent'), certify('DNS:agent')] : []
  ) as [Certified, Certified, Certified]
  let folder: string
  let started: Started
  let owner: string
  const agents: Record<string, string> = {}

  const fingerprintOf = ({ cert }: Certified) =>
    createHash('sha256').update(new X509Certificate(cert).raw).digest('hex')

  interface Answer {
    readonly status: number
    // biome-ignore lint/suspicious/noExplicitAny: a test looks into answers of any shape
    readonly json: any
  }

  const send = (path: string, body: unknown, shown: Partial<Certified> = {}, headers = {}): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const { cert, key } = shown
      const tls = { ca: server.ca, ...(cert && { cert }), ...(key && { key }) }
      const sent = { method: 'POST', headers: { 'content-type': 'application/json', ...headers } }
      const asking = request(`${started.url}${path}`, { ...tls, ...sent, agent: false }, (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, json: JSON.parse(Buffer.concat(chunks).toString() || '{}') }),
        )
      })
      asking.on('error', reject)
      asking.end(JSON.stringify(body))
    })

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'pawl-mtls-'))
    const file = (name: string, content: string) => {
      writeFileSync(join(folder, name), content)
      return join(folder, name)
    }
    started = await start(
      readConfig({
        PAWL_PORT: '0',
        PAWL_DATA_DIR: join(folder, 'data'),
        PAWL_TLS_CERT: file('cert.pem', server.cert),
        PAWL_TLS_KEY: file('key.pem', server.key),
        PAWL_TLS_CLIENT_CA: file('ca.pem', client.ca),
        PAWL_CLIENT_CERT_HEADER: 'Client-Cert',
        PAWL_TRUSTED_PROXIES: '192.0.2.1',
      }),
    )
    const { email, madePassword } = started.owner
    owner = (await send('/v1/auth/token', { email, password: madePassword })).json.access_token
    for (const [name, one] of Object.entries({ client, stranger })) {
      const wanted = { name, auth_method: 'mtls', client_cert_fingerprint: fingerprintOf(one) }
      const made = await send('/v1/agents', wanted, {}, { authorization: `Bearer ${owner}` })
      agents[name] = made.json.agent.id
    }
  })
  afterAll(async () => {
    await started?.stop()
    rmSync(folder, { recursive: true })
  })

  const exchange = (agent: string, shown?: Certified, headers = {}) =>
    send('/v1/auth/agent-token', { agent_id: agents[agent] }, shown, headers)

  test('gives its token to the agent whose certificate was shown', async () => {
    const { status, json } = await exchange('client', client)
    expect([status, json.agent_id]).toEqual([200, agents.client])
  })

  test('gives none without a certificate, for another one, and for one of another authority (B5)', async () => {
    expect((await exchange('client')).json).toMatchObject({ status: 400, fields: { api_key: expect.any(String) } })
    expect((await exchange('stranger', client)).json).toMatchObject({ status: 401, code: 'invalid_agent_identity' })
    // Its fingerprint is right, but nobody who is trusted has signed it.
    expect((await exchange('stranger', stranger)).json).toMatchObject({ status: 400 })
  })

  test('does not read the header from a connection that is no proxy (E1)', async () => {
    const header = `:${new X509Certificate(client.cert).raw.toString('base64')}:`
    expect((await exchange('client', undefined, { 'client-cert': header })).status).toBe(400)
  })

  test('does not start with a file that has no certificates, and says which setting to look at', async () => {
    writeFileSync(join(folder, 'broken.pem'), 'broken')
    const config = readConfig({
      PAWL_PORT: '0',
      PAWL_DATA_DIR: join(folder, 'other'),
      PAWL_TLS_CERT: join(folder, 'cert.pem'),
      PAWL_TLS_KEY: join(folder, 'key.pem'),
      PAWL_TLS_CLIENT_CA: join(folder, 'broken.pem'),
    })
    await expect(start(config)).rejects.toThrow(/^PAWL_TLS_CLIENT_CA: /)
  })

  test('says which settings must be set together', () => {
    expect(() => readConfig({ PAWL_TLS_CLIENT_CA: 'ca.pem' })).toThrow('PAWL_TLS_CERT is not')
    expect(() => readConfig({ PAWL_CLIENT_CERT_HEADER: 'Client-Cert' })).toThrow('PAWL_TRUSTED_PROXIES is not')
    const env = { PAWL_CLIENT_CERT_HEADER: 'Client Cert', PAWL_TRUSTED_PROXIES: '127.0.0.1' }
    expect(() => readConfig(env)).toThrow('must be the name of a header')
  })
})
