import { describe, expect, it } from 'vitest'
import { type OpenStorage, testStorage } from '../../src/conformance/storage.ts'
import { casesOf } from './cases.ts'
import { faults, lastingMemory } from './storage-breaks.ts'

const lasting = () => lastingMemory()
testStorage('a reference that lasts', lasting, { describe, it })

const casesFor = (open: OpenStorage) => casesOf((runner) => testStorage('collected', open, runner))

describe('the storage suite', () => {
  for (const [what, broken, foundBy] of faults) {
    it(`finds a store that ${what}`, async () => {
      expect([...casesFor(lasting).keys()]).toContain(foundBy)
      await expect(casesFor(() => lastingMemory(broken)).get(foundBy)?.()).rejects.toThrow()
    })
  }
})
