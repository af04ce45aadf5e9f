import type { Area } from '@pawl/core'
import { type TestAPI, test } from 'vitest'
import { startLocalVault } from './local-vault.ts'
import type { LocalVaultOptions } from './options.ts'
import type { LocalVault } from './vault.ts'

/**
 * The `test` of Vitest, with a vault for each test that asks for one. It is closed when the test is over, also when the
 * test failed.
 *
 * @example
 * const it = vaultTest({ secrets: { 'db/password': 'hunter2' }, agents: { reporter: ['db/*'] } })
 *
 * it('reads one secret', async ({ vault }) => {
 *   await runMyAgent(vault.agents.reporter.env)
 *   await vault.assertOnlyRead({ reporter: ['db/password'] })
 * })
 */
export function vaultTest<
  Agent extends string = never,
  Vault extends string = 'default',
  const Areas extends readonly Area[] = readonly [],
>(options: LocalVaultOptions<Agent, Vault, Areas> = {}): TestAPI<{ vault: LocalVault<Agent, Vault, Areas> }> {
  return test.extend<{ vault: LocalVault<Agent, Vault, Areas> }>({
    // biome-ignore lint/correctness/noEmptyPattern: Vitest reads from the pattern what a fixture depends on
    vault: async ({}, use) => {
      await using vault = await startLocalVault(options)
      await use(vault)
    },
  })
}
