import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { nodeEgress } from '@pawl/adapters/egress/node'
import { tagged, tagsIn } from '@pawl/testkit/canary'
import { startLocalVault } from '@pawl/testkit/local-vault'
import { afterAll, beforeAll, expect, it, onTestFinished, vi } from 'vitest'
import { pathWithPawl } from '../../tools/real-parts/pawl.ts'
import { charge, overHttp, overStdio } from './agent.ts'
import { letCharge } from './owner.ts'

const credential = tagged('sk_live')

beforeAll(() => void vi.stubEnv('PATH', pathWithPawl()))
afterAll(() => void vi.unstubAllEnvs())

it.each([
  ['a program beside it', overStdio],
  ['the server', overHttp],
])('an agent whose tools come from %s charges with a key that nothing it gets has in it', async (_, transportTo) => {
  const service = await paymentService()
  await using vault = await startLocalVault({
    secrets: { 'payments/key': credential },
    agents: { shop: [] },
    engine: { egress: nodeEgress({ allow: [service.url] }) },
  })
  const { id, key, client } = vault.agents.shop
  const secret = { vault_id: vault.vaultId, path: 'payments/key' }
  await letCharge(vault.owner, { agentId: id, baseUrl: service.url, secret })

  const transport = transportTo({ url: vault.url, key })
  // Everything that arrives at the agent, before any of it is looked at.
  const messages: unknown[] = []
  transport.onmessage = (message) => void messages.push(message)
  const { calls, charged, elsewhere } = await charge(transport, 42)

  expect(calls.structuredContent).toMatchObject({ calls: [{ name: 'payments' }] })
  expect(charged.structuredContent).toMatchObject({ status: 201, body: expect.stringContaining('"cents":42') })
  expect(elsewhere).toMatchObject({ isError: true })
  expect(service.heard).toEqual([`Bearer ${credential}`])
  expect(messages.length).toBeGreaterThanOrEqual(4)
  expect(tagsIn(Buffer.from(JSON.stringify(messages)))).toEqual([])
  await expect(client.secrets.get(secret)).rejects.toMatchObject({ kind: 'denied' })
})

/** Wants the credential and, like a service that is badly made, says it again in its answer. */
async function paymentService() {
  const heard: (string | undefined)[] = []
  const server = createServer(async (request, response) => {
    const { authorization } = request.headers
    heard.push(authorization)
    const isKnown = authorization === `Bearer ${credential}`
    response.writeHead(isKnown ? 201 : 401).end(`${await text(request)} for ${authorization}`)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, heard }
}
