// How long a vault for a test takes to start, and what a server holds when nobody uses it.
import { startLocalVault } from '@pawl/testkit/local-vault'
import { testPawl } from '@pawl/testkit/world'
import { say } from './child.ts'
import { median } from './vault.ts'

const worlds = await times(20, async () => (await testPawl()).close())
const vaults = await times(10, async () => (await startLocalVault()).close())
say({ testPawl: worlds, localVault: vaults })

/** The first time is the one people wait for; the median is what a suite pays. */
async function times(count: number, call: () => Promise<unknown>): Promise<{ first: number; median: number }> {
  const taken: number[] = []
  for (let at = 0; at < count; at++) {
    const started = performance.now()
    await call()
    taken.push(performance.now() - started)
  }
  return { first: taken[0] ?? Number.NaN, median: median(taken) }
}
