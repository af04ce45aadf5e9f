import { startLocalVault } from '@pawl/testkit/local-vault'
import { expect, it } from 'vitest'

it('may use staging for an hour, and in production never sees what is for people', async () => {
  await using vault = await startLocalVault({
    seed: 'deploy',
    vaults: {
      staging: { secrets: { 'db/password': 'hunter2' } },
      prod: { secrets: { 'db/password': { value: 'hunter3', max_access_count: 1 }, 'people/salaries': 'many' } },
    },
    agents: { deployer: { can: { read: ['prod:**'], write: ['staging:tmp/**'] }, description: 'Deploys.' } },
    policies: [
      { agent: 'deployer', pattern: 'prod:people/**', effect: 'deny' },
      { agent: 'deployer', pattern: 'staging:db/*', expires_at: '2026-01-01T01:00:00Z' },
    ],
  })
  const { client, activity } = vault.agents.deployer
  const { staging, prod } = vault.vaults

  await client.secrets.get({ vault_id: staging.id, path: 'db/password' })
  vault.clock.advance(3_600_000)
  await expect(client.secrets.get({ vault_id: staging.id, path: 'db/password' })).rejects.toThrow()
  await expect(client.secrets.get({ vault_id: prod.id, path: 'people/salaries' })).rejects.toThrow()

  expect(await activity()).toMatchObject([
    { vault: 'staging', path: 'db/password', outcome: 'allowed', at: '2026-01-01T00:00:00.000Z' },
    { vault: 'staging', path: 'db/password', outcome: 'denied', at: '2026-01-01T01:00:00.000Z' },
    { vault: 'prod', path: 'people/salaries', outcome: 'denied' },
  ])
})
