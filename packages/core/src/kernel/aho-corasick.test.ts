import fc from 'fast-check'
import Oracle from 'modern-ahocorasick'
import { describe, expect, it } from 'vitest'
import { AhoCorasick, type Steps } from './aho-corasick.ts'
import { utf8 } from './bytes.ts'

// Goal: the automaton finds what a search for each pattern alone finds, in steps that grow only with the text.
// Method: small alphabets, so that patterns overlap, contain each other and repeat.

const smallText = (lengths: { minLength: number; maxLength: number }) =>
  fc.string({ unit: fc.constantFrom('a', 'b', 'c'), ...lengths })
const patternsOf = fc.array(smallText({ minLength: 4, maxLength: 9 }), { minLength: 1, maxLength: 12 })

/** By position, the longest pattern that ends there. */
function foundIn(patterns: readonly string[], text: string, cuts: readonly number[] = []): Map<number, string> {
  const machine = new AhoCorasick(patterns)
  const found = new Map<number, string>()
  const bytes = utf8(text)
  let state = 0
  let from = 0
  for (const cut of [...cuts.map((one) => one % (bytes.length + 1)), bytes.length].sort((a, b) => a - b)) {
    const before = from
    state = machine.resume(bytes.subarray(from, cut), state, (pattern, start, end) => {
      expect(text.slice(before + start, before + end)).toBe(patterns[pattern])
      found.set(before + end, patterns[pattern] as string)
    })
    from = cut
  }
  return found
}

describe('an automaton of patterns', () => {
  it('finds at each position the longest pattern that ends there, as another library does, wherever the text is cut', () => {
    fc.assert(
      fc.property(
        patternsOf,
        smallText({ minLength: 0, maxLength: 60 }),
        fc.array(fc.nat()),
        (patterns, text, cuts) => {
          const expected = new Map<number, string>()
          for (const { pattern, end } of new Oracle(patterns).search(text)) {
            if (pattern.length > (expected.get(end)?.length ?? 0)) expected.set(end, pattern)
          }
          expect(foundIn(patterns, text, cuts)).toEqual(expected)
        },
      ),
    )
  })

  it('knows after each byte how many bytes could be the beginning of a pattern', () => {
    fc.assert(
      fc.property(patternsOf, smallText({ minLength: 0, maxLength: 40 }), (patterns, text) => {
        const machine = new AhoCorasick(patterns)
        let state = 0
        for (let at = 1; at <= text.length; at++) {
          state = machine.resume(utf8(text.slice(at - 1, at)), state, () => {})
          const lengths = Array.from({ length: at }, (_, one) => at - one)
          const live =
            lengths.find((length) => patterns.some((one) => one.startsWith(text.slice(at - length, at)))) ?? 0
          expect(machine.depth(state)).toBe(live)
        }
      }),
    )
  })

  it('has states with many children', () => {
    const all = Array.from({ length: 256 }, (_, byte) => `abc${String.fromCharCode(byte)}xyz`)
    const machine = new AhoCorasick(all)
    const found: number[] = []
    machine.scan(
      Uint8Array.from(all.join(''), (unit) => unit.charCodeAt(0)),
      (pattern) => found.push(pattern),
    )
    expect(found).toEqual(all.map((_, at) => at))
  })

  const long = 4_000
  const hostile: Readonly<Record<string, { patterns: string[]; text: string }>> = {
    'one character': { patterns: [`${'a'.repeat(long)}b`], text: 'a'.repeat(5 * long) },
    'almost the pattern, again and again': {
      patterns: [`${'ab'.repeat(long)}c`],
      text: `${'ab'.repeat(long - 1)}x`.repeat(3),
    },
    'beginnings that the filter lets through': {
      patterns: Array.from({ length: 500 }, (_, at) => `aaa${String(at).padStart(4, '0')}`),
      text: 'aaa0'.repeat(long),
    },
    'patterns that end in each other': {
      patterns: Array.from({ length: 200 }, (_, at) => `${'a'.repeat(at + 4)}b`),
      text: `${'a'.repeat(203)}b`.repeat(50),
    },
  }

  it.each(Object.keys(hostile))('takes few steps for each byte of a text of %s', (name) => {
    const { patterns, text } = hostile[name] as { patterns: string[]; text: string }
    const steps: Steps = { count: 0 }
    new AhoCorasick(patterns).scan(utf8(text), () => {}, steps)
    expect(steps.count).toBeGreaterThan(text.length)
    expect(steps.count).toBeLessThan(text.length * 10)
  })

  it('takes no pattern that the filter cannot look at', () => {
    expect(() => new AhoCorasick(['abc'])).toThrow(RangeError)
  })

  it('finds nothing after its patterns were overwritten', () => {
    const machine = new AhoCorasick(['hunter22'])
    machine.wipe()
    machine.scan(utf8('hunter22'), () => expect.unreachable())
  })
})
