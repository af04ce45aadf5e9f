import { generateKeyPairSync } from 'node:crypto'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, onTestFinished, test } from 'vitest'
import { nodeListener } from '../../src/http/index.ts'
import { mcp } from '../../src/mcp/index.ts'
import { shroudListener } from '../../src/shroud/index.ts'
import { chat, shroudWorld } from '../shroud/world.ts'

// Goal: what protects a credential at the API protects it at the other doors too. Method: each door of one vault, and each
// credential that the door accepts.

type Asked = (headers: Readonly<Record<string, string>>) => Promise<number>

async function at(listener: RequestListener): Promise<string> {
  const server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close().closeAllConnections())
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

const send = async (url: string, body: unknown, headers: Readonly<Record<string, string>>) => {
  const accept = 'application/json, text/event-stream'
  const fixed = { 'content-type': 'application/json', accept, 'x-shroud-provider': 'openai' }
  return (await fetch(url, { method: 'POST', headers: { ...fixed, ...headers }, body: JSON.stringify(body) })).status
}

/** The ways to ask each door, with the address of the socket, and with an address that the door does not know. */
async function doors() {
  const world = await shroudWorld()
  onTestFinished(() => world.close())
  const { pawl } = world
  const overMcp = await at(nodeListener(pawl, { mounts: { '/mcp': mcp(pawl) } }))
  const list = { jsonrpc: '2.0', id: 1, method: 'tools/list', params: {} }
  const shroud = async (listener: RequestListener): Promise<Asked> => {
    const url = `${await at(listener)}/v1/chat/completions`
    return (headers) => send(url, chat('Hello'), headers)
  }
  const toMcp: Asked = (headers) => send(`${overMcp}/mcp`, list, headers)
  const toShroud = await shroud(shroudListener(pawl))
  const toShroudFromNowhere = await shroud(shroudListener(pawl, { addressOf: () => null }))
  return { world, toMcp, toShroud, toShroudFromNowhere }
}

describe('V4: a token that is bound to a key', () => {
  test('opens neither MCP nor Shroud without a proof, under whatever header', async () => {
    const { world, toMcp, toShroud } = await doors()
    const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const dpop_jwk = publicKey.export({ format: 'jwk' })
    const { auth } = world.pawl.as({ bearer: null })
    const tokenOf = async (more: object) =>
      (await auth.agentToken({ api_key: world.agent.key, ...more })).access_token.reveal()
    const plain = await tokenOf({})
    const bound = await tokenOf({ dpop_jwk })
    for (const ask of [toMcp, toShroud]) {
      expect(await ask({ authorization: `Bearer ${plain}` })).toBe(200)
      for (const scheme of ['Bearer', 'bearer', 'DPoP']) {
        expect(await ask({ authorization: `${scheme} ${bound}` })).toBe(401)
      }
    }
    expect(await toShroud({ 'x-shroud-agent-key': bound })).toBe(401)
    expect(await toShroud({ 'x-shroud-agent-key': `${world.agent.id}:${bound}` })).toBe(401)
  })

  test('is the only credential for both, once the organisation requires it, besides router keys', async () => {
    const { world, toMcp, toShroud } = await doors()
    const { id: agent_id, key } = world.agent
    const router = (await world.owner.shroud.createRouterKey({ agent_id })).key.reveal()
    await world.owner.orgs.changeSetting({ key: 'dpop', value: 'required' })
    for (const ask of [toMcp, toShroud]) expect(await ask({ authorization: `Bearer ${key}` })).toBe(401)
    expect(await toShroud({ authorization: `Bearer ${router}` })).toBe(200)
  })
})

describe('V5: IP rules', () => {
  test('hold at MCP and at Shroud, for each credential, and refuse an unknown address', async () => {
    const { world, toMcp, toShroud, toShroudFromNowhere } = await doors()
    const { id: agent_id, key } = world.agent
    const routerKey = await world.owner.shroud.createRouterKey({ agent_id, name: 'editor' })
    const asAgent = { authorization: `Bearer ${key}` }
    const asTool = { authorization: `Bearer ${routerKey.key.reveal()}` }
    const ways: [Asked, Record<string, string>][] = [
      [toMcp, asAgent],
      [toShroud, asAgent],
      [toShroud, asTool],
    ]
    for (const [ask, headers] of ways) expect(await ask(headers)).toBe(200)
    const { id } = await world.owner.security.createIpRule({ rule_type: 'allow', cidr: '192.0.2.0/24' })
    for (const [ask, headers] of ways) expect(await ask(headers)).toBe(403)
    await world.owner.security.deleteIpRule({ rule_id: id })
    await world.owner.security.createIpRule({ rule_type: 'allow', cidr: '127.0.0.0/8' })
    for (const [ask, headers] of ways) expect(await ask(headers)).toBe(200)
    for (const headers of [asAgent, asTool]) expect(await toShroudFromNowhere(headers)).toBe(403)
  })
})
