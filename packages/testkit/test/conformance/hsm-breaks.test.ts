import { describe, expect, it } from 'vitest'
import { type OpenHsm, testHsm } from '../../src/conformance/hsm.ts'
import { casesOf } from './cases.ts'
import { faults, lastingHsm, openImageFault } from './hsm-breaks.ts'

testHsm('the model that is broken below', () => lastingHsm(), { describe, it })

/** The cases of the suite, for an HSM that is opened like this. */
const casesFor = (open: OpenHsm) => casesOf((runner) => testHsm('broken', open, runner))

describe('the HSM suite', () => {
  const all = faults.map(([what, broken, foundBy]) => [what, () => lastingHsm(broken), foundBy] as const)
  for (const [what, open, foundBy] of [...all, openImageFault]) {
    it(`turns red for an HSM that ${what}`, async () => {
      const body = casesFor(open).get(foundBy)
      expect(body, `there is no case "${foundBy}"`).toBeDefined()
      await expect(body?.()).rejects.toThrow()
    })
  }

  it('has no case that no fault turns red', () => {
    const ofAnyType = (title: string) => title.replace(/^(ed25519|p-256|secp256k1) /, '')
    const found = new Set([...all, openImageFault].map(([, , foundBy]) => ofAnyType(foundBy)))
    const idle = [...casesFor(() => lastingHsm()).keys()].filter((title) => !found.has(ofAnyType(title)))
    // That one is about the opener, not about the HSM.
    expect(idle).toEqual(['has the ability durable'])
  })
})
