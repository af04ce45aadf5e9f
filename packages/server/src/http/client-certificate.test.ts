import { createHash, X509Certificate } from 'node:crypto'
import { testPawl } from '@pawl/testkit/world'
import { describe, expect, test } from 'vitest'
import { certify, hasOpenssl } from '../../../../tools/real-parts/authority.ts'
import { nodeTransport } from '../../test/transports.ts'

// Goal: a proxy of the operator hands on the certificate that it verified, in each form that proxies use. Method: a real
// certificate in a header, over a socket whose other end is the proxy or is not.

describe.skipIf(!hasOpenssl)('the certificate in a header', () => {
  const { cert } = hasOpenssl ? certify('DNS:agent') : { cert: '' }
  const der = hasOpenssl ? new X509Certificate(cert).raw : Buffer.alloc(0)
  const base64 = der.toString('base64')
  const header = 'client-cert'

  async function started(trustedProxies: readonly string[], clientCertificateHeader: string | null = header) {
    const world = await testPawl()
    const client_cert_fingerprint = createHash('sha256').update(der).digest('hex')
    const { id } = await world.agent({ auth_method: 'mtls', client_cert_fingerprint })
    const client = await nodeTransport.open(world.pawl, { trustedProxies, clientCertificateHeader })
    const exchange = (value: string, headers: Record<string, string> = {}) => {
      const body = JSON.stringify({ agent_id: id })
      return client.send('/v1/auth/agent-token', { method: 'POST', headers: { [header]: value, ...headers }, body })
    }
    return {
      exchange,
      [Symbol.asyncDispose]: async () => {
        await client.close()
        await world.close()
      },
    }
  }

  const forwarded = { 'x-forwarded-for': '192.0.2.7' }

  test.each([
    ['as RFC 9440 has it', `:${base64}:`],
    ['as nginx sends it', encodeURIComponent(cert)],
    ['as base64', base64],
  ])('is that of the agent behind a trusted proxy, %s', async (_, value) => {
    await using vault = await started(['127.0.0.1'])
    expect((await vault.exchange(value, forwarded)).status).toBe(200)
  })

  test.each([
    ['from a client', ['192.0.2.1'], header],
    ['without a trusted proxy', [], header],
    ['that the operator did not name', ['127.0.0.1'], null],
    ['of another name', ['127.0.0.1'], 'ssl-client-cert'],
  ])('is nothing %s (E1)', async (_, proxies, name) => {
    await using vault = await started(proxies, name)
    expect((await vault.exchange(`:${base64}:`, forwarded)).json).toMatchObject({ status: 400, code: 'invalid_input' })
  })

  test.each([
    ['twice', `:${base64}:, :${base64}:`],
    ['cut off', base64.slice(0, 100)],
    ['with something after it', `${Buffer.concat([der, Buffer.from('x')]).toString('base64')}`],
    ['that is none', 'x'],
    ['with a broken escape', '%zz'],
    ['that is endless', 'A'.repeat(13_000)],
  ])('is refused if it comes %s (E2)', async (_, value) => {
    await using vault = await started(['127.0.0.1'])
    expect((await vault.exchange(value, forwarded)).json).toMatchObject({ status: 403, code: 'certificate_unreadable' })
  })
})
