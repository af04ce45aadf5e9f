import { describe, expect, test } from 'vitest'
import { bareEngine } from '../../test/operations.ts'
import { transports } from '../../test/transports.ts'
import { prometheus } from './metrics.ts'

describe.each(transports)('over $name', ({ open }) => {
  test('requests are counted by the template of their route', async () => {
    const client = await open(bareEngine(), { metrics: prometheus() })
    await client.send('/v1/echo/a/b')
    await client.send('/v1/echo/c/d')
    const { status, text, headers } = await client.send('/metrics')
    await client.close()
    expect([status, headers['content-type']]).toEqual([200, expect.stringContaining('text/plain')])
    expect(text).toContain('pawl_http_requests_total{method="GET",route="/v1/echo/{first}/{rest+}",status="200"} 2')
    expect(text).toContain('pawl_http_request_seconds_count{route="/v1/echo/{first}/{rest+}"} 2')
  })

  test('G7: made-up paths and methods make one series, not many', async () => {
    const client = await open(bareEngine(), { metrics: prometheus() })
    for (const path of ['/v1/one', '/v1/two', '/v1/three']) await client.send(path, { method: 'PURGE' })
    await client.send('/v1/count', { method: 'PURGE' })
    const { text } = await client.send('/metrics')
    await client.close()
    const series = text.split('\n').filter((line) => line.startsWith('pawl_http_requests_total{'))
    expect(series).toEqual([
      'pawl_http_requests_total{method="any",route="",status="404"} 3',
      'pawl_http_requests_total{method="any",route="/v1/count",status="405"} 1',
    ])
  })

  test('a token keeps the numbers from everybody else', async () => {
    const client = await open(bareEngine(), { metrics: prometheus({ token: 'sesame' }) })
    const statusWith = async (authorization: string) =>
      (await client.send('/metrics', { headers: { authorization } })).status
    expect(await statusWith('Bearer sesame')).toBe(200)
    for (const wrong of ['Bearer sesam', 'Bearer sesame2', 'Basic sesame', '']) {
      expect(await statusWith(wrong), wrong).toBe(401)
    }
    await client.close()
  })

  test('two servers in one process count apart', async () => {
    const [one, two] = [prometheus(), prometheus()]
    const client = await open(bareEngine(), { metrics: one })
    await client.send('/v1/count')
    await client.close()
    expect(await one.text()).toContain('route="/v1/count"')
    expect(await two.text()).not.toContain('route="/v1/count"')
  })
})

test('each key store of an organisation is up or not', async () => {
  const keyStores = [
    { name: 'acme', provider: 'pkcs11', status: 'unavailable' },
    { name: 'globex', provider: 'pkcs11', status: 'ok' },
  ] as const
  const status = async () => ({ hsm: 'ok' as const, hsmProvider: 'software', keyStores, auditSinkLag: null })
  const series = (await prometheus({ status }).text())
    .split('\n')
    .filter((line) => line.startsWith('pawl_key_store_up'))
  expect(series).toEqual(['pawl_key_store_up{key_store="acme"} 0', 'pawl_key_store_up{key_store="globex"} 1'])
})

test('jobs and scheduled tasks are counted by name and outcome (N5)', async () => {
  const { around, text } = prometheus()
  await around('job', 'mail.send', async () => 'sent')
  await around('job', 'mail.send', () => Promise.reject(new Error('no route'))).catch(() => {})
  await around('task', 'audit.sign', async () => {})
  const series = (await text()).split('\n').filter((line) => line.startsWith('pawl_jobs_total{'))
  expect(series).toEqual([
    'pawl_jobs_total{job="mail.send",outcome="done"} 1',
    'pawl_jobs_total{job="mail.send",outcome="failed"} 1',
    'pawl_jobs_total{job="audit.sign",outcome="done"} 1',
  ])
})
