import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { EgressDenied } from '@pawl/core/ports'
import { tagged } from '@pawl/testkit/canary'
import { expect, onTestFinished, test } from 'vitest'
import { readConfig } from './config.ts'
import { outsideOf } from './outside.ts'

const call = { purpose: 'webhook', method: 'GET', headers: {}, timeoutMs: 10_000, responseBytesMax: 100 } as const
const message = { id: '1', to: 'ann@example.com', subject: 'Hello', text: 'The text.' }

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
    const { chains, ...rest } = await outsideOf(readConfig(settings))
    expect(rest).toEqual({})
    expect(chains?.({ name: 'base', family: 'evm', chainId: 8_453n, decimals: 18 })).toBeNull()
  }
})

test('what is allowed can be called, and nothing else', async () => {
  const allowed = `http://127.0.0.1:${await saying('HTTP/1.1 204 No Content\r\n\r\n')}`
  const { egress, mailer } = await outsideOf(readConfig({ PAWL_EGRESS_ALLOW: `api.example.com, ${allowed}` }))
  expect(await egress?.fetch({ ...call, url: `${allowed}/hook` })).toMatchObject({ status: 204 })
  await expect(egress?.fetch({ ...call, url: 'https://example.com/' })).rejects.toThrow(EgressDenied)
  expect(mailer).toBeUndefined()
})

test('mail goes to the server that is configured', async () => {
  const at = `127.0.0.1:${await saying('421 Too busy\r\n')}`
  const url = `smtp://pawl:${tagged('password')}@${at}`
  const { mailer } = await outsideOf(readConfig({ PAWL_SMTP_URL: url, PAWL_MAIL_FROM: 'vault@example.com' }))
  await expect(mailer?.send(message)).rejects.toThrow(`${at} cannot be reached (421). Check PAWL_SMTP_URL.`)
})
