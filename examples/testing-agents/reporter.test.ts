import { vaultTest } from '@pawl/testkit/vitest'
import { expect } from 'vitest'
import { reportFrom } from './reporter.ts'

const it = vaultTest({
  secrets: { 'db/password': 'hunter2', 'payments/key': 'sk_live' },
  agents: { reporter: ['db/*'] },
})

it('reads the one secret it needs, and tries nothing else', async ({ vault }) => {
  const report = await reportFrom(vault.agents.reporter.env)

  expect(report).toBe('connected with a password of 7 characters')
  await vault.assertOnlyRead({ reporter: ['db/password'] })
})
