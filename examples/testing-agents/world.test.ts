import { testPawl } from '@pawl/testkit/world'
import { expect, it } from 'vitest'

it('has no access any more when its policy has expired', async () => {
  await using world = await testPawl()
  const { id } = await world.owner.vaults.create({ name: 'prod' })
  await world.owner.secrets.put({ vault_id: id, path: 'db/password', value: 'hunter2' })
  const agent = await world.agent({ policies: [{ vault_id: id, pattern: 'db/*', expires_at: '2026-01-01T01:00:00Z' }] })
  const read = () => agent.as.secrets.get({ vault_id: id, path: 'db/password' })

  expect((await read()).value.reveal()).toBe('hunter2')
  world.clock.advance(3_600_000)
  await expect(read()).rejects.toMatchObject({ kind: 'denied' })
})
