import { describe, expect, it } from 'vitest'
import { CountedMatcher } from '../../../../test/counted-matcher.ts'
import { address } from './references.ts'

// Goal: no argument that a model writes makes the search for its host slow. Method: a matcher that counts its steps, on texts of
// what an address is made of.

/** Steps for each character of a text, at most. */
const stepsMax = 20

describe('the pattern of an address', () => {
  const blocks = ['a', 'a.', 'a-', '.', ':', '1', '/', '//', '?', 'a/', 'a//', 'a:', '[', ':1', '%2', '(', '!']
  const starts = ['', '//', 'a://', 'https://a', '//[', 'a.b/', '//a/', 'a:1', '//a:1?']

  it.each(starts)('takes few steps for each character after "%s"', (start) => {
    const matcher = new CountedMatcher(address, { unbounded: true })
    for (const end of ['', '"', '!', '//']) {
      for (const block of blocks) {
        const text = start + block.repeat(400 / block.length) + end
        matcher.steps = 0
        const matched = matcher.match(text, 0) !== -1
        expect(matched, text).toBe(address.test(text))
        expect(matcher.steps / text.length, text).toBeLessThan(stepsMax)
      }
    }
  })
})
