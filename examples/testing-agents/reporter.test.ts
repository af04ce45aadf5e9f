import { startLocalVault } from '@pawl/testkit/local-vault'
import { expect, it } from 'vitest'
import { reportFrom } from './reporter.ts'

it('reads the one secret it needs, and tries nothing else', async () => {
  await using vault = await startLocalVault({
    secrets: { 'db/password': 'hunter2', 'payments/key': 'sk_live' },
    agents: { reporter: ['db/*'] },
  })
  const agent = vault.agents.reporter

  const report = await reportFrom({ baseUrl: vault.url, apiKey: agent?.key ?? '', vaultId: vault.vaultId })

  expect(report).toBe('connected with a password of 7 characters')
  const { events } = await vault.owner.audit.events({ actor_id: agent?.id, resource_type: 'secret' })
  expect(events.map(({ details }) => details.path)).toEqual(['db/password'])
})
