import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { nodeEgress } from '@pawl/adapters/egress/node'
import { tagged, tagsIn } from '@pawl/testkit/canary'
import { startLocalVault } from '@pawl/testkit/local-vault'
import { afterAll, beforeAll, expect, it, onTestFinished, vi } from 'vitest'
import { pathWithPawl } from '../../tools/real-parts/npx.ts'
import { charge, overHttp, overStdio } from './agent.ts'
import { letCharge } from './owner.ts'

const credential = tagged('sk_live')
const folder = mkdtempSync(join(tmpdir(), 'pawl-unseen-'))

beforeAll(() => {
  vi.stubEnv('PATH', pathWithPawl(folder))
})
afterAll(() => {
  vi.unstubAllEnvs()
  rmSync(folder, { recursive: true })
})

it.each([
  ['a program beside it', overStdio],
  ['the server', overHttp],
])('an agent whose tools come from %s charges with a key that nothing it gets has in it', async (_, transportTo) => {
  const service = await paymentService()
  const egress = nodeEgress({ allow: [service.url] })
  await using vault = await startLocalVault({
    agents: { shop: { execution_intents_enabled: true } },
    engine: { egress },
  })
  const { id, key } = vault.agents.shop
  await letCharge(vault.owner, { agentId: id, baseUrl: service.url, credential })

  const transport = transportTo({ url: vault.url, key })
  // Everything that arrives at the agent, before any of it is looked at.
  const messages: unknown[] = []
  transport.onmessage = (message) => void messages.push(message)
  const got = await charge(transport, 42)

  expect(service.heard).toEqual([{ authorization: `Bearer ${credential}`, body: '{"cents":42}' }])
  expect(got.charged.structuredContent).toMatchObject({ status: 201, body: expect.stringContaining('"cents":42') })
  expect(got.elsewhere).toMatchObject({ isError: true })
  expect(messages.length).toBeGreaterThanOrEqual(4)
  expect(tagsIn(Buffer.from(JSON.stringify(messages)))).toEqual([])
})

it('an agent finds the key in no secret that it can list or read', async () => {
  await using vault = await startLocalVault({ agents: { shop: { execution_intents_enabled: true } } })
  const { id, client } = vault.agents.shop
  await letCharge(vault.owner, { agentId: id, baseUrl: 'https://api.example.com', credential })
  expect(await client.vaults.list()).toMatchObject({ vaults: [] })
  const { vault_id } = await vault.owner.agents.agentKeysVault()
  const path = `agents/${id}/bindings/payments`
  await expect(client.secrets.get({ vault_id, path })).rejects.toMatchObject({ kind: 'denied' })
})

/** Wants the credential and, like a service that is badly made, says it again in its answer. */
async function paymentService() {
  const heard: { authorization: string | undefined; body: string }[] = []
  const server = createServer(async (request, response) => {
    const { authorization } = request.headers
    const body = await text(request)
    heard.push({ authorization, body })
    const isKnown = authorization === `Bearer ${credential}`
    response.writeHead(isKnown ? 201 : 401).end(JSON.stringify({ charged: JSON.parse(body), authorization }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, heard }
}
