import { memoryStorage } from '@pawl/core/ports/reference'
import { describe, expect, it } from 'vitest'
import { testStorage } from './storage.ts'
import { faults, lastingMemory } from './storage-breaks.ts'

const lasting = () => lastingMemory()
testStorage(
  'the reference',
  () => ({ storage: memoryStorage() }),
  { describe, it },
  { lacks: { durable: 'it is kept in memory' } },
)
testStorage('a reference that lasts', lasting, { describe, it })

/** The cases of the suite by their titles, to be run one at a time. */
function casesFor(open: Parameters<typeof testStorage>[1], options?: Parameters<typeof testStorage>[3]) {
  const cases = new Map<string, () => void | Promise<void>>()
  const collect = {
    describe: (_: string, body: () => void) => body(),
    it: (title: string, body: () => void | Promise<void>) => void cases.set(title, body),
  }
  testStorage('collected', open, collect, options)
  return cases
}

const run = async (body: (() => void | Promise<void>) | undefined) => {
  await body?.()
}

describe('the storage suite', () => {
  for (const [what, broken, foundBy] of faults) {
    it(`finds a store that ${what}`, async () => {
      expect([...casesFor(lasting).keys()]).toContain(foundBy)
      await expect(run(casesFor(() => lastingMemory(broken)).get(foundBy))).rejects.toThrow()
    })
  }
})
