import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { anyCharacter } from '../../../../tools/test-run/characters.ts'
import { tries } from '../../../../tools/test-run/index.ts'
import { type Component, decodeKey, encodeKey, keysStartingWith, keysWithin } from './keys.ts'

const texts = fc.oneof(
  fc.string({ unit: anyCharacter }),
  fc.string({ unit: fc.constantFrom('!', '"', '~', 'a', '\u0000', 'é', '😀') }),
)

/** Tuples in order as they should be: component by component, texts by their bytes, the shorter first. */
function compare(a: readonly string[], b: readonly string[]): number {
  for (const [at, text] of a.entries()) {
    const other = b[at]
    if (other === undefined) return 1
    const order = Buffer.compare(Buffer.from(text), Buffer.from(other))
    if (order !== 0) return order
  }
  return a.length - b.length
}

describe('index keys', () => {
  it('sort as their tuples sort', () => {
    fc.assert(
      fc.property(fc.array(texts, { maxLength: 3 }), fc.array(texts, { maxLength: 3 }), (a, b) => {
        const [x, y] = [encodeKey(a), encodeKey(b)]
        expect(Math.sign(x < y ? -1 : x > y ? 1 : 0)).toBe(Math.sign(compare(a, b)))
      }),
      { numRuns: tries(5_000, 4) },
    )
  })

  it('are printable, and decode to what they encode', () => {
    fc.assert(
      fc.property(fc.array(texts, { maxLength: 4 }), (tuple) => {
        const key = encodeKey(tuple)
        expect(key).toMatch(/^[!-~]*$/)
        expect(decodeKey(key)).toEqual(tuple)
      }),
    )
  })

  it('order numbers by value', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), fc.maxSafeNat(), (a, b) => {
        expect(encodeKey([a]) < encodeKey([b])).toBe(a < b)
      }),
    )
    for (const wrong of [-1, 1.5, Number.NaN, 2 ** 53]) expect(() => encodeKey([wrong])).toThrow(RangeError)
  })

  it('lie within the range of a tuple exactly when they begin with it', () => {
    fc.assert(
      fc.property(
        fc.array(texts, { minLength: 1, maxLength: 2 }),
        fc.array(texts, { maxLength: 3 }),
        (prefix, tuple) => {
          const { from, to } = keysWithin(prefix)
          const key = encodeKey(tuple)
          const begins = prefix.every((text, at) => tuple[at] === text)
          expect(from <= key && key < to).toBe(begins)
        },
      ),
      { numRuns: tries(5_000, 4) },
    )
  })

  it('lie within the range of a text exactly when the next component starts with it', () => {
    const ascii = fc.string({ unit: fc.constantFrom('a', 'b', '/', '~', '!', '-') })
    fc.assert(
      fc.property(ascii, ascii, (prefix, text) => {
        const tuple: Component[] = ['vault']
        const { from, to } = keysStartingWith(tuple, prefix)
        const key = encodeKey([...tuple, text])
        expect(from <= key && key < to).toBe(text.startsWith(prefix))
      }),
      { numRuns: tries(5_000, 4) },
    )
  })
})
