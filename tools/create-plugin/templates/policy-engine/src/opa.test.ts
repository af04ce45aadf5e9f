import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'
import { nodeEgress } from '@pawl/adapters/egress/node'
import type { PolicyRequest } from '@pawl/core/ports'
import { tagged } from '@pawl/testkit/canary'
import { testPolicyEngine } from '@pawl/testkit/conformance'
import { testPawl } from '@pawl/testkit/world'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { opa } from './opa.ts'

// An agent on this machine with one rule: what is on legal hold stays as it is.
const usual = (requests: readonly PolicyRequest[]): unknown =>
  requests.map(({ path, permission }) =>
    path?.startsWith('legal/') && permission !== 'read'
      ? { allowed: false, reason: 'It is on legal hold.', public: true }
      : { allowed: true },
  )
let rule = usual
const server = createServer(async (request, response) => {
  const { input } = (await json(request)) as { input: { requests: PolicyRequest[] } }
  const isHere = request.method === 'POST' && request.url === '/v1/data/pawl/verdicts'
  response.writeHead(isHere ? 200 : 404).end(JSON.stringify({ result: rule(input.requests) }))
})
let origin = ''

beforeAll(async () => {
  await once(server.listen(0, '127.0.0.1'), 'listening')
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
beforeEach(() => {
  rule = usual
})
afterAll(() => void server.close())

const open = () => opa({ egress: nodeEgress({ allow: [origin] }), url: `${origin}/v1/data/pawl/verdicts` })

const allowed: PolicyRequest = {
  principal: { kind: 'agent', id: 'a1' },
  permission: 'write',
  vaultId: 'v1',
  path: 'db/password',
  role: null,
  environment: null,
  ip: '10.0.0.1',
  authMethod: 'api_key',
  now: 0,
}

testPolicyEngine('opa', () => ({ engine: open(), allowed, refused: { ...allowed, path: 'legal/contract' } }), {
  describe,
  it,
})

describe('a vault with rules in an agent', () => {
  const secret = { type: 'password', value: tagged('password') } as const

  it('refuses what they refuse, its owner included, and says why when the agent lets it', async () => {
    await using world = await testPawl({ policyEngine: open() })
    const { id: vault_id } = await world.owner.vaults.create({ name: 'prod' })
    await world.owner.secrets.put({ vault_id, path: 'db/password', ...secret })
    const held = world.owner.secrets.put({ vault_id, path: 'legal/contract', ...secret })
    await expect(held).rejects.toThrow('It is on legal hold.')
  })

  it.each<[string, unknown]>([
    ['has no rules', undefined],
    ['gives one verdict for all', { allowed: true }],
    ['gives words for verdicts', ['yes']],
    ['gives no reason', [{ allowed: false }]],
    ['gives too few verdicts', []],
  ])('opens nothing when the agent %s', async (_, result) => {
    await using world = await testPawl({ policyEngine: open() })
    const { id: vault_id } = await world.owner.vaults.create({ name: 'prod' })
    rule = () => result
    const put = world.owner.secrets.put({ vault_id, path: 'db/password', ...secret })
    await expect(put).rejects.toMatchObject({ kind: 'unavailable' })
  })
})
