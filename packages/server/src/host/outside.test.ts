import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { EgressDenied } from '@pawl/core/ports'
import { tagged } from '@pawl/testkit/canary'
import { startFakeBundler } from '@pawl/testkit/fakes'
import { expect, onTestFinished, test } from 'vitest'
import { readConfig } from './config.ts'
import { outsideOf } from './outside.ts'

const call = { purpose: 'webhook', method: 'GET', headers: {}, timeoutMs: 10_000, responseBytesMax: 100 } as const
const message = { id: '1', to: 'ann@example.com', subject: 'Hello', text: 'The text.' }

const base = { name: 'base', family: 'evm', chainId: 8_453n, decimals: 18 } as const

/** A server that says one thing to everybody and hangs up. */
async function saying(words: string): Promise<number> {
  const server = createServer((socket) => socket.on('error', () => {}).end(words))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  return (server.address() as AddressInfo).port
}

test('nothing leads out of a server that nobody configured', async () => {
  for (const settings of [{}, { PAWL_EGRESS_ALLOW: ' , ' }]) {
    const { chains, bundlers, ...rest } = await outsideOf(readConfig(settings))
    expect(rest).toEqual({})
    for (const of of [chains, bundlers]) expect(of?.(base)).toBeNull()
  }
})

test('what is allowed can be called, and nothing else', async () => {
  const allowed = `http://127.0.0.1:${await saying('HTTP/1.1 204 No Content\r\n\r\n')}`
  const { egress, mailer } = await outsideOf(readConfig({ PAWL_EGRESS_ALLOW: `api.example.com, ${allowed}` }))
  expect(await egress?.fetch({ ...call, url: `${allowed}/hook` })).toMatchObject({ status: 204 })
  await expect(egress?.fetch({ ...call, url: 'https://example.com/' })).rejects.toThrow(EgressDenied)
  expect(mailer).toBeUndefined()
})

test('a setting with the URL of a bundler allows this URL, and nothing else', async () => {
  await using served = await startFakeBundler()
  const { bundlers } = await outsideOf(readConfig({ PAWL_BUNDLER_BASE: served.url, PAWL_PAYMASTER_BASE: served.url }))
  expect(await bundlers?.(base)?.receipt(`0x${'1'.repeat(64)}`)).toBeNull()
  expect(bundlers?.(base)?.paymaster).toBeDefined()
  expect(bundlers?.({ ...base, name: 'ethereum' })).toBeNull()
  const alone = await outsideOf(readConfig({ PAWL_BUNDLER_BASE: served.url }))
  expect(alone.bundlers?.(base)).not.toHaveProperty('paymaster')
  expect(alone.egress).toBeUndefined()
})

test.each([
  [{ PAWL_PAYMASTER_BASE: 'https://pay.example.com' }, 'PAWL_PAYMASTER_BASE needs PAWL_BUNDLER_BASE.'],
  [{ PAWL_BUNDLER_BASE: 'https://a.example.com,https://b.example.com' }, 'PAWL_BUNDLER_BASE must be one URL.'],
  [{ PAWL_BUNDLER_BASE: 'bundler' }, 'PAWL_BUNDLER_BASE must be URLs of nodes'],
])('refuses %j', (settings, problem) => {
  expect(() => readConfig(settings)).toThrow(problem)
})

test('mail goes to the server that is configured', async () => {
  const at = `127.0.0.1:${await saying('421 Too busy\r\n')}`
  const url = `smtp://pawl:${tagged('password')}@${at}`
  const { mailer } = await outsideOf(readConfig({ PAWL_SMTP_URL: url, PAWL_MAIL_FROM: 'vault@example.com' }))
  await expect(mailer?.send(message)).rejects.toThrow(`${at} cannot be reached (421). Check PAWL_SMTP_URL.`)
})
