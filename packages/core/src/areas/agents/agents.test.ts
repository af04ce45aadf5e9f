import { testPawl } from '@pawl/testkit/world'
import { expect, test } from 'vitest'

test('An agent is made with a key that is shown once, and two public keys (8.5)', async () => {
  await using world = await testPawl()
  const { agent, api_key } = await world.owner.agents.create({ name: ' ci ' })
  expect(agent).toEqual({
    id: agent.id,
    name: 'ci',
    description: '',
    auth_method: 'api_key',
    scopes: [],
    is_active: true,
    intents_api_enabled: false,
    shroud_enabled: false,
    vault_ids: [],
    ssh_public_key: expect.any(String),
    ecdh_public_key: expect.any(String),
    created_at: '2026-01-01T00:00:00.000Z',
  })
  expect(api_key?.reveal()).toMatch(/^ocv_[\w-]{43}$/)
  expect(await world.owner.agents.get({ agent_id: agent.id })).toEqual(agent)
})
