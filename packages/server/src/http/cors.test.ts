import { describe, expect, test } from 'vitest'
import { bareEngine } from '../../test/operations.ts'
import { type Sent, transports } from '../../test/transports.ts'
import type { HttpOptions } from './options.ts'

const page = 'https://app.example.com'

describe.each(transports)('over $name', ({ open }) => {
  async function headersOf(path: string, sent: Sent, options: HttpOptions = {}) {
    const client = await open(bareEngine(), options)
    const { headers } = await client.send(path, sent)
    await client.close()
    return headers
  }

  const anyPage = { origins: '*' } as const

  test('any page may call where that is configured, with a bearer of its own and no cookies (§1.2.7)', async () => {
    const headers = await headersOf('/v1/count', { headers: { origin: page } }, anyPage)
    expect(headers['access-control-allow-origin']).toBe('*')
    expect(headers['access-control-allow-credentials']).toBeUndefined()
    for (const name of ['Location', 'Retry-After', 'X-RateLimit-Requests-Used', 'X-Quota-Warning']) {
      expect(headers['access-control-expose-headers']).toContain(name)
    }
  })

  test('a problem can be read by the page as well', async () => {
    const headers = await headersOf('/v1/none', { headers: { origin: page } }, anyPage)
    expect(headers['access-control-allow-origin']).toBe('*')
  })

  test('a preflight says what may be sent (§1.1.8)', async () => {
    const asked = { origin: page, 'access-control-request-method': 'POST' }
    const headers = await headersOf('/v1/keys', { method: 'OPTIONS', headers: asked }, anyPage)
    expect(headers['access-control-allow-methods']).toBe('POST, OPTIONS')
    for (const name of ['Authorization', 'Idempotency-Key', 'DPoP', 'X-Share-Passphrase', 'X-Auth-Confirm']) {
      expect(headers['access-control-allow-headers']).toContain(name)
    }
  })

  test('only the pages of a list may call when there is one, and caches are told', async () => {
    const options = { origins: [page] }
    const known = await headersOf('/v1/count', { headers: { origin: page } }, options)
    expect([known['access-control-allow-origin'], known.vary]).toEqual([page, 'origin'])
    for (const origin of ['https://evil.example.com', 'null', `${page}.evil.example`]) {
      const other = await headersOf('/v1/count', { headers: { origin } }, options)
      expect([other['access-control-allow-origin'], other.vary], origin).toEqual([undefined, 'origin'])
    }
  })

  test('no page of another origin may call by default (M10)', async () => {
    for (const sent of [{ method: 'GET' }, { method: 'OPTIONS' }]) {
      const headers = await headersOf('/v1/count', { ...sent, headers: { origin: page } })
      expect(headers['access-control-allow-origin']).toBeUndefined()
    }
  })

  test('a request from no page gets none of this', async () => {
    expect((await headersOf('/v1/count', {}))['access-control-allow-origin']).toBeUndefined()
  })
})
