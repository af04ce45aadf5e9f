import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it } from 'vitest'
import { loopbackEgress } from './loopback-egress.ts'

const request = (url: string) =>
  ({ purpose: 'test', method: 'GET', url, headers: {}, timeoutMs: 10_000, responseBytesMax: 100 }) as const

describe('loopbackEgress', () => {
  it('N2: calls a service on this machine at any port, and takes a redirect as the answer', async () => {
    const server = createServer((_, response) => response.writeHead(302, { location: 'http://10.0.0.1/' }).end('moved'))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    const { status, headers, body } = await loopbackEgress().fetch(request(`http://127.0.0.1:${port}/`))
    expect([status, headers.location, Buffer.from(body).toString()]).toEqual([302, 'http://10.0.0.1/', 'moved'])
    server.closeAllConnections()
    server.close()
    await expect(loopbackEgress().fetch(request(`http://127.0.0.1:${port}/`))).rejects.toThrow('No answer')
  })

  it.each([
    ...['https://example.com/', 'http://10.0.0.1/', 'http://localhost.evil.example/', 'http://127.0.0.1@evil.example/'],
    ...['http://user@127.0.0.1/', 'ftp://127.0.0.1/', 'no URL', 'http://169.254.169.254/', 'http://0.0.0.0/'],
  ])('calls no other machine: %s', async (url) => {
    await expect(loopbackEgress().fetch(request(url))).rejects.toMatchObject({ name: 'EgressDenied' })
  })
})
