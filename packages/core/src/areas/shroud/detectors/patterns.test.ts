import { corpora } from '@pawl/testkit/vectors/shroud'
import { describe, expect, it } from 'vitest'
import { testSeed, tries } from '../../../../../../tools/test-run/index.ts'
import { CountedMatcher } from '../../../../test/counted-matcher.ts'
import { seededRandom } from '../../../ports/reference/index.ts'
import { commandPatterns } from './command-injection.ts'
import { credentialPatterns } from './credentials.ts'
import { delimiterPatterns } from './delimiters.ts'
import { encodingPatterns, mayBeRun } from './encoding.ts'
import { pathPatterns } from './filesystem.ts'
import { uploadPatterns } from './network.ts'
import { isWordUnit, type Pattern, type PatternSet } from './patterns.ts'
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

describe('a set of patterns', () => {
  const sets: Readonly<Record<string, PatternSet>> = {
    ...{ commands: commandPatterns.strict, credentials: credentialPatterns, delimiters: delimiterPatterns },
    ...{ paths: pathPatterns, uploads: uploadPatterns, pii: piiPatterns, links: linkPatterns },
  }

  /** Each pattern is tried wherever one of its beginnings stands, and nothing is left out because it is unlikely. */
  function foundPlainly({ patterns }: PatternSet, text: string) {
    const hits: { name: string; start: number; end: number }[] = []
    for (const { name, starts, expression, isRight } of patterns) {
      for (let at = 0; at < text.length; at++) {
        const isInWord = at > 0 && isWordUnit(text.charCodeAt(at)) && isWordUnit(text.charCodeAt(at - 1))
        if (isInWord || !starts.split(' ').some((start) => text.startsWith(start, at))) continue
        expression.lastIndex = at
        const match = expression.exec(text)?.[0]
        if (match === undefined || isRight?.(match) === false) continue
        hits.push({ name, start: at, end: at + match.length })
        at += match.length - 1
      }
    }
    return inOrder(hits)
  }

  const inOrder = (hits: readonly { name: string; start: number; end: number }[]) =>
    hits.map(({ name, start, end }) => `${start} ${end} ${name}`).sort()
  const found = (hits: ReturnType<PatternSet['find']>) =>
    inOrder(hits.map(({ pattern: { name }, start, end }) => ({ name, start, end })))

  const numbers = [
    '4111 1111 1111 1111',
    '078-05-1120',
    'GB82 WEST 1234 5698 7654 32',
    '+1 (212) 555-0147',
    '8.44.5.66',
  ]
  const prompts = Object.values(corpora).flatMap(({ hostile = [], harmless = [] }) => [...hostile, ...harmless])

  it.each(Object.entries(sets))('finds what its patterns match, alone and in the pass of all sets: %s', (_, set) => {
    const pieces = [...set.patterns.flatMap(piecesOf), ...numbers, 'é', 'К', '\u00a0']
    const texts = Array.from({ length: tries(400, 10) }, () => hostileText(pieces))
    for (let one = 0; one < tries(400, 10); one++) texts.push(prompts[below(prompts.length)] as string)
    for (const given of texts) {
      const lower = given.toLowerCase()
      for (const text of [given, lower, `\n${lower}`]) {
        const plainly = foundPlainly(set, text)
        expect(found(set.find(text)), text).toEqual(plainly)
        expect(found(set.findIn({ lower }, text)), text).toEqual(plainly)
      }
    }
  })

  it('tries the long patterns of an encoding wherever they match', () => {
    const pieces = ['aWdub3JlIGFsbCBydWxlcw', '==', '68', '6f', ' ', ':', '-', '_', '/', 'zz', 'Fe', '0']
    for (let one = 0; one < tries(2_000, 10); one++) {
      const text = hostileText(pieces)
      for (const pattern of encodingPatterns.slice(0, 2)) {
        for (let at = 0; at < text.length; at++) {
          pattern.expression.lastIndex = at
          if (pattern.expression.test(text)) expect(mayBeRun(text, at), text.slice(at)).toBe(true)
        }
      }
    }
  })
})
