import { describe, expect, it } from 'vitest'
import { isLong, some } from '../../../../tools/test-run/index.ts'
import { nodeCrypto } from '../../../adapters/src/crypto/node.ts'
import { Finding, simulate } from '../../src/simulation/index.ts'
import { planted, sharedMemory } from './store-breaks.ts'

const historiesMax = 300

const crypto = nodeCrypto()

describe('a simulation', () => {
  it('is the same for the same seed, and another for another', async () => {
    const run = (seed: string) => simulate({ seed, crypto, open: () => ({ storage: sharedMemory() }) })
    const first = await run('one')
    expect(await run('one')).toEqual(first)
    expect(await run('two')).not.toEqual(first)
  })

  it('finds nothing on the reference, shared or alone', async () => {
    for (const seed of some('histories on the reference', 5, ['1', '2', '3', '4', '5'])) {
      await simulate({ seed, crypto })
      await simulate({ seed, crypto, open: () => ({ storage: sharedMemory() }) })
    }
  })

  it.runIf(isLong('stores that a simulation must find')).each(planted)(
    'finds a store that %s, and tells how to see it again',
    async (_, open) => {
      // Some stores lose in a crash, and others between two engines that live long enough to meet.
      const found = await firstFinding((seed) =>
        simulate({ seed, crypto, open, ...(Number(seed) % 2 === 0 ? { crashes: 0, actors: 12 } : { crashes: 20 }) }),
      )
      expect(found.message).toMatch(/seed \d+; PAWL_TEST_SEED=\d+ runs this history first\n\d+ /)
    },
    60_000,
  )
})

async function firstFinding(run: (seed: string) => Promise<unknown>): Promise<Finding> {
  for (let seed = 1; seed <= historiesMax; seed++) {
    const error = await run(String(seed)).then(
      () => null,
      (error: unknown) => error,
    )
    if (error instanceof Finding) return error
    if (error) throw error
  }
  throw new Error(`nothing was found in ${historiesMax} histories`)
}
