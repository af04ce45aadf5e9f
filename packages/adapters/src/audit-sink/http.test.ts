import type { Egress, EgressRequest } from '@pawl/core/ports'
import { testAuditSink } from '@pawl/testkit/conformance'
import { describe, expect, it } from 'vitest'
import { httpAuditSink } from './http.ts'

// Goal: events count as delivered when the collector said so. Method: the suite of the port on a collector in memory, and
// collectors that answer otherwise.

function collector(status = 200) {
  const requests: EgressRequest[] = []
  const egress: Egress = {
    fetch: async (request) => {
      requests.push(request)
      return { status, headers: {}, body: new Uint8Array() }
    },
  }
  const delivered = async () =>
    requests.flatMap(({ body }) =>
      Buffer.from(body ?? [])
        .toString()
        .split('\n')
        .slice(0, -1)
        .map((line) => JSON.parse(line)),
    )
  return { egress, requests, delivered }
}

const url = 'https://logs.example.com/pawl'

testAuditSink(
  'a collector',
  () => {
    const { egress, delivered } = collector()
    return { sink: httpAuditSink({ url, egress }), delivered }
  },
  { describe, it },
)

describe('a collector', () => {
  const event = { id: '1' } as never

  it('gets the token as a bearer, and lines of JSON', async () => {
    const { egress, requests } = collector(204)
    await httpAuditSink({ url, egress, token: 'collector-token' }).deliver([event])
    expect(requests).toMatchObject([
      {
        method: 'POST',
        url,
        headers: { 'content-type': 'application/x-ndjson', authorization: 'Bearer collector-token' },
      },
    ])
  })

  it.each([199, 302, 401, 429, 500])('that answers %d has taken nothing', async (status) => {
    const { egress } = collector(status)
    await expect(httpAuditSink({ url, egress }).deliver([event])).rejects.toThrow(`status ${status}`)
  })
})
