import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { anyCharacter } from '../../../../../tools/test-run/characters.ts'
import type { Signs } from './rule.ts'
import { signsFrom, storedSigns } from './stored-signs.ts'

// Goal: a replay decides about exactly what was to be signed, whatever texts the caller chose.

const text = fc.oneof(
  fc.string({ unit: anyCharacter, maxLength: 40 }),
  fc.constantFrom('5n', '-7n', 'n:5', 's:n:5', 'n:', 's:', 'n:not a number', '__proto__'),
)

const signs: fc.Arbitrary<Signs> = fc.record({
  type: fc.constant('typed_data'),
  typedData: fc.record({
    domain: fc.record({
      name: fc.option(text),
      chainId: fc.option(fc.bigInt()),
      verifyingContract: fc.option(text),
    }),
    primaryType: text,
  }),
})

describe('what is signed', () => {
  it('is read as it was stored', () => {
    fc.assert(
      fc.property(signs, (given) => {
        expect(signsFrom(storedSigns(given))).toEqual(given)
      }),
    )
  })

  it('is not kept when it is too long', () => {
    const typedData = { domain: { name: 'x'.repeat(16_384) }, primaryType: 'Order' }
    expect(storedSigns({ type: 'typed_data', typedData })).toBeNull()
    expect(signsFrom(null)).toBeNull()
  })

  it('is read from decisions of earlier versions too', () => {
    const stored = { type: 'typed_data', typedData: { domain: { chainId: '8453n' }, primaryType: 'Order' } }
    expect(signsFrom(stored)).toEqual({ ...stored, typedData: { domain: { chainId: 8453n }, primaryType: 'Order' } })
  })
})
