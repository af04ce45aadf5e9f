import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { testPawl } from '@pawl/testkit/world'
import { describe, expect, it } from 'vitest'
import { nodeListener } from '../../src/http/index.ts'
import { shroudListener } from '../../src/shroud/index.ts'

// Goal: the routes of transactions answer at Shroud as they answer at the API (§5.1). Method: the same request at both ports,
// with the key where each expects it; the answers are compared without what is new in each.

async function bothPorts() {
  const world = await testPawl()
  const vault = await world.owner.vaults.create({ name: 'prod' })
  const agent = await world.agent({ vault: vault.id, intents_api_enabled: true, shroud_enabled: true })
  await world.owner.signers.create({ agent_id: agent.id, chain: 'ethereum' })
  const api = nodeListener(world.pawl)
  const servers = [createServer(api), createServer(shroudListener(world.pawl, { api }))]
  for (const server of servers) await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const urls = servers.map((server) => `http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  const [apiUrl = '', shroudUrl = ''] = urls
  const ask = async (url: string, method: string, path: string, body: unknown, headers: Record<string, string>) => {
    const response = await fetch(url + path, {
      method,
      headers: { 'content-type': 'application/json', ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    return { status: response.status, type: response.headers.get('content-type'), body: plain(text) }
  }
  const atApi = (method: string, path: string, body?: unknown) =>
    ask(apiUrl, method, path, body, { authorization: `Bearer ${agent.key}` })
  const atShroud = (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) =>
    ask(shroudUrl, method, path, body, {
      'x-shroud-agent-key': `${agent.id}:${agent.key}`,
      'x-shroud-provider': 'openai',
      authorization: 'Bearer sk-of-the-provider',
      ...headers,
    })
  const close = async () => {
    for (const server of servers) {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    }
    await world.close()
  }
  return { ...world, writer: agent, atApi, atShroud, [Symbol.asyncDispose]: close }
}

/** Ids, times, nonces and signatures differ between two calls. */
function plain(text: string): string {
  return text
    .replace(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, 'id')
    .replace(/"\d{4}-\d\d-\d\dT[^"]+"/g, '"time"')
    .replace(/0x[0-9a-f]{64,}/g, 'hex')
    .replace(/"nonce":"?\d+"?/g, '"nonce":0')
}

const pay = { chain: 'ethereum', to: '0x000000000000000000000000000000000000dEaD', value: '0.01' }

describe('the routes of transactions at Shroud', () => {
  it('answer as the API answers: submit, list, get and simulate', async () => {
    await using world = await bothPorts()
    const path = `/v1/agents/${world.writer.id}/transactions`
    const asked: readonly (readonly [method: string, path: string, body?: unknown])[] = [
      ['GET', path],
      ['POST', `${path}/simulate`, pay],
      ['POST', path, pay],
      ['POST', path, { ...pay, to: 'nobody' }],
      ['POST', path, {}],
      ['GET', path],
      ['GET', `${path}/00000000-0000-4000-8000-000000000000`],
      ['GET', `${path}/no-id`],
      ['DELETE', path],
    ]
    const statuses = new Set<number>()
    for (const [method, at, body] of asked) {
      const expected = await world.atApi(method, at, body)
      const answered = await world.atShroud(method, at, body)
      // A list has one more each time.
      if (method === 'GET' && at === path) expect(answered.status).toBe(expected.status)
      else expect(answered, `${method} ${at}`).toEqual(expected)
      statuses.add(answered.status)
    }
    expect([...statuses].some((status) => status < 300)).toBe(true)
    expect(statuses).toContain(400)
    expect(statuses).toContain(404)
  })

  it('leave the same event as at the API', async () => {
    await using world = await bothPorts()
    const path = `/v1/agents/${world.writer.id}/transactions`
    await world.atApi('POST', path, pay)
    await world.atShroud('POST', path, pay)
    const { events } = await world.owner.audit.events({})
    const actions = events.filter(({ actor_id }) => actor_id === world.writer.id).map(({ action }) => action)
    const half = actions.length / 2
    expect(half).toBeGreaterThan(0)
    expect(actions.slice(0, half)).toEqual(actions.slice(half))
  })

  it('are only for the agent itself, with its key in the header of Shroud', async () => {
    await using world = await bothPorts()
    const other = await world.owner.agents.create({ name: 'other' })
    const key = other.api_key?.reveal()
    const path = `/v1/agents/${world.writer.id}/transactions`
    const refused = [
      await world.atShroud('GET', path, undefined, { 'x-shroud-agent-key': `${world.writer.id}:${key}` }),
      await world.atShroud('GET', path, undefined, { 'x-shroud-agent-key': `${other.agent.id}:${key}` }),
      await world.atShroud('GET', path, undefined, { 'x-shroud-agent-key': `${key}` }),
      await world.atShroud('GET', path, undefined, { 'x-shroud-agent-key': '' }),
      await world.atShroud('GET', path, undefined, {
        'x-shroud-agent-key': `${world.writer.id}:${world.writer.key}:x`,
      }),
    ]
    for (const { status } of refused) expect([401, 403, 404]).toContain(status)
    const { key: routerKey } = await world.owner.shroud.createRouterKey({ agent_id: world.writer.id })
    const routed = await world.atShroud('POST', path, pay, { 'x-shroud-agent-key': routerKey.reveal() })
    expect(routed.status).toBe(403)
  })
})
