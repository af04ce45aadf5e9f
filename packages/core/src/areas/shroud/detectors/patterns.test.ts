import { describe, expect, it } from 'vitest'
import { testSeed, tries } from '../../../../../../tools/test-run/index.ts'
import { CountedMatcher } from '../../../../test/counted-matcher.ts'
import { seededRandom } from '../../../ports/reference/index.ts'
import { commandPatterns } from './command-injection.ts'
import { credentialPatterns } from './credentials.ts'
import { delimiterPatterns } from './delimiters.ts'
import { encodingPatterns } from './encoding.ts'
import { pathPatterns } from './filesystem.ts'
import { uploadPatterns } from './network.ts'
import type { Pattern } from './patterns.ts'
import { email, piiPatterns } from './pii.ts'
import { linkPatterns } from './response-injection.ts'

// Goal: no text makes a pattern slow. Method: a matcher that counts its steps, on texts made of what the pattern is made of:
// its beginnings, its words and its signs, repeated and mixed.

const all: readonly Pattern[] = [
  ...commandPatterns.strict.patterns,
  ...credentialPatterns.patterns,
  ...delimiterPatterns.patterns,
  ...encodingPatterns,
  ...pathPatterns.patterns,
  ...uploadPatterns.patterns,
  ...piiPatterns.patterns,
  email,
  ...linkPatterns.patterns,
]

/** Steps for each character of a text, at most. */
const stepsMax = 1_000

const random = seededRandom(`patterns ${testSeed}`)
let drawn = random.bytes(4_096)
let used = 0
function below(count: number): number {
  if (used + 2 > drawn.length) {
    drawn = random.bytes(4_096)
    used = 0
  }
  const value = ((drawn[used++] as number) << 8) | (drawn[used++] as number)
  return value % count
}

function piecesOf({ starts, expression }: Pattern): string[] {
  const words = expression.source.match(/[A-Za-z0-9_]{2,}/g) ?? []
  const signs = [...' -_./\\:;|&$`"\'<>()[]{}=?@#%+!*\n', 'a', '0', 'aaaa', '0000', 'aA0-']
  return [...starts.split(' '), ...starts.split(' '), ...words, ...signs].filter((piece) => piece !== '')
}

function hostileText(pieces: readonly string[]): string {
  const chosen = Array.from({ length: 1 + below(6) }, () => pieces[below(pieces.length)] as string)
  const length = 20 + below(280)
  let text = ''
  // One block again and again, or a new choice each time.
  const isRepeated = below(2) === 0
  while (text.length < length) text += isRepeated ? chosen.join('') : (pieces[below(pieces.length)] as string)
  return text
}

describe('a pattern of a detector', () => {
  const cases = tries(3_000, 10)

  it.each(all.map((pattern, number) => [`${number} ${pattern.name}`, pattern] as const))(
    'takes few steps whatever the text is: %s',
    (_, pattern) => {
      const matcher = new CountedMatcher(pattern.expression)
      const pieces = piecesOf(pattern)
      let most = 0
      for (let one = 0; one < cases; one++) {
        const text = hostileText(pieces)
        matcher.steps = 0
        // As if it was tried everywhere where one of its beginnings stands.
        for (const start of new Set(pattern.starts.split(' '))) {
          if (start === '') continue
          for (let at = text.indexOf(start); at !== -1; at = text.indexOf(start, at + 1)) matcher.match(text, at)
        }
        most = Math.max(most, matcher.steps / text.length)
      }
      expect(most).toBeLessThan(stepsMax)
    },
  )

  it('matches as the engine of the language does', () => {
    for (const pattern of all) {
      const matcher = new CountedMatcher(pattern.expression)
      const pieces = piecesOf(pattern)
      for (let one = 0; one < 40; one++) {
        const text = hostileText(pieces)
        for (let at = 0; at < text.length; at += 7) {
          pattern.expression.lastIndex = at
          const match = pattern.expression.exec(text)?.[0]
          expect(matcher.match(text, at), `${pattern.name} ${text}`).toBe(match === undefined ? -1 : at + match.length)
        }
      }
    }
  })
})
