import type { TestContext } from 'node:test'
import type { Area } from '@pawl/core'
import { startLocalVault } from './local-vault.ts'
import type { LocalVaultOptions } from './options.ts'
import type { LocalVault } from './vault.ts'

/**
 * A function for `node:test` with its own vault. The vault is closed after the test, even if the test failed.
 *
 * @example
 * test('reads one secret', withLocalVault({ agents: { reporter: ['db/*'] } }, async (vault) => {
 *   await runMyAgent(vault.agents.reporter.env)
 *   await vault.assertOnlyRead({ reporter: [] })
 * }))
 */
export function withLocalVault<
  Agent extends string = never,
  Vault extends string = 'default',
  const Areas extends readonly Area[] = readonly [],
>(
  options: LocalVaultOptions<Agent, Vault, Areas>,
  test: (vault: LocalVault<Agent, Vault, Areas>, context: TestContext) => Promise<void>,
): (context: TestContext) => Promise<void> {
  return async (context) => {
    await using vault = await startLocalVault(options)
    await test(vault, context)
  }
}
