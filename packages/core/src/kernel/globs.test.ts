import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { some, tries } from '../../../../tools/test-run/index.ts'
import { compileGlob, type Glob, globSegments, globShape, parseGlob } from './globs.ts'

// Goal: a glob means what its grammar says, and none that is accepted is slow. Method: a matcher written from the grammar,
// without regular expressions, as the oracle; and the worst patterns the grammar lets through, on the longest paths.

function glob(text: string): Glob {
  const parsed = parseGlob(text)
  if ('problem' in parsed) throw new Error(`${text}: ${parsed.problem}`)
  return parsed
}

function problem(text: string): string | null {
  const parsed = parseGlob(text)
  return 'problem' in parsed ? parsed.problem : null
}

describe('a glob', () => {
  test.each([
    ['**', ['a', 'a/b', 'a/b/c'], []],
    ['*', ['a', 'tls.crt', 'a-b'], ['a/b']],
    ['db', ['db'], ['db/a', 'dbx', 'DB', 'd']],
    ['db/**', ['db', 'db/a', 'db/a/b'], ['dbx', 'dbx/a', 'a/db']],
    ['api-keys/*', ['api-keys/a', 'api-keys/a.b'], ['api-keys', 'api-keys/a/b', 'api-keysx/a']],
    ['abc*', ['abc', 'abcd', 'abc.d'], ['ab', 'abc/d', 'xabc']],
    ['*.crt', ['a.crt', 'a.b.crt'], ['a.crtx', 'acrt', 'b/a.crt']],
    ['**/key', ['key', 'a/key', 'a/b/key'], ['akey', 'a/keys', 'key/a']],
    ['a/**/b', ['a/b', 'a/x/b', 'a/x/y/b'], ['ab', 'a', 'b', 'a/bx', 'a/x/bx']],
    ['**/prod/**', ['prod', 'prod/a', 'x/prod', 'x/prod/a/b'], ['xprod', 'x/product']],
    ['**/prod/**/key', ['prod/key', 'a/prod/b/key'], ['key', 'prod', 'key/prod']],
    ['*/**', ['a', 'a/b', 'a/b/c'], []],
    ['a*/**', ['a', 'ab', 'ab/c'], ['b', 'b/a']],
    ['*/*/**', ['a/b', 'a/b/c'], ['a']],
    ['team-*/*/db', ['team-/x/db', 'team-a/x/db'], ['team-a/db', 'team-a/x/y/db']],
    ['*-prod-*', ['a-prod-b', 'a-prod-b-prod-c'], ['a-prod', 'x/a-prod-b']],
  ])('%s matches what it says and nothing else', (pattern, yes, no) => {
    for (const path of yes) expect(glob(pattern).matches(path), path).toBe(true)
    for (const path of no) expect(glob(pattern).matches(path), path).toBe(false)
  })

  test('with "**" repeated is the same as with one', () => {
    for (const [text, pattern] of [
      ['**/**', '**'],
      ['a/**/**/**/b', 'a/**/b'],
      ['a/**/**', 'a/**'],
    ] as const) {
      expect(glob(text).pattern).toBe(pattern)
    }
    expect(glob('a/**/**/b').matches('a/b')).toBe(true)
  })

  test('has segments, of which no two "**" follow each other', () => {
    expect(globSegments('a/**/**/b-*')).toEqual(['a', '**', 'b-*'])
    expect(globSegments('**/**')).toEqual(['**'])
    for (const text of ['', 'a//b', 'a**', '{a,b}', '*a*a*b']) expect(globSegments(text), text).toBeNull()
  })

  test('is compiled once', () => {
    expect(compileGlob('compiled/once/*')).toBe(compileGlob('compiled/once/*'))
    expect(compileGlob('compiled/once/*')).toBe(parseGlob('compiled/once/*'))
    expect(compileGlob('compiled/{once,twice}')).toBeNull()
  })

  test('G5: has no brackets, braces, extglobs, negation, "?" or escapes', () => {
    const extglobs = ['+(a)', '@(a|b)', '!(a)', '?(a)', '*(a)', '+(+(+(a|+(a|b))))']
    const others = [
      '[ab]',
      '[!a]',
      '[[:alpha:]]',
      '{a,b}',
      '{1..9}',
      '!a',
      '!**',
      'a?',
      'a\\*',
      '#a',
      '~',
      'a b',
      'a\n',
      'é*',
      'a|b',
      '$a',
      '^a',
      'a+',
    ]
    for (const text of [...extglobs, ...others]) expect(problem(text), text).toMatch(/^must have only letters, digits/)
  })

  test('A1: cannot name what is no path', () => {
    for (const text of ['a/../b', '../**', './a', 'a/.', '.*', 'a/-b', 'a./*', '_a', '*/b_'])
      expect(problem(text), text).toMatch(/^matches no path/)
    for (const text of ['/a', 'a/', '/**']) expect(problem(text), text).toBe('must not begin or end with a slash')
    expect(problem('a//b')).toBe('must not have two slashes in a row')
    expect(problem('')).toBe('must not be empty')
    expect(parseGlob('x'.repeat(512))).toMatchObject({ pattern: 'x'.repeat(512) })
    expect(problem('x'.repeat(513))).toBe('must be at most 512 bytes long')
  })

  test('has "**" only as a whole segment', () => {
    for (const text of ['a**', '**a', 'a/b**/c', '***', '****'])
      expect(problem(text), text).toMatch(/^must use "\*\*" only/)
  })

  test('M24: has a schema that takes what is parsed, and no more than patterns with too many wildcards', () => {
    const schema = new RegExp(globShape.pattern)
    const parts = fc.array(fc.constantFrom('a', 'Z', '0', '_', '-', '.', '/', '*', '**', '/**', '**/', '..', '//'))
    fc.assert(
      fc.property(
        parts.map((some) => some.join('')),
        (text) => {
          const glob = parseGlob(text)
          const isPattern = 'pattern' in glob || glob.problem.startsWith('has too many wildcards')
          expect(schema.test(text), text).toBe(isPattern)
        },
      ),
      { numRuns: tries(50_000) },
    )
  })

  test('says what it refuses without repeating it', () => {
    for (const text of ['hunter2?', '/hunter2', 'hunter2//', 'hunter2**', 'hunter2-', '_hunter2', '*h*u*n*t*e*r*2']) {
      expect(problem(text)).not.toContain('hunter2')
    }
  })
})

describe('the matcher', () => {
  const word = fc.constantFrom('a', 'b', 'aa', 'ab', 'a.b', 'A', 'a-a', 'b_a')
  const path = fc.array(word, { minLength: 1, maxLength: 5 }).map((words) => words.join('/'))
  const piece = fc.oneof(
    { weight: 4, arbitrary: word },
    { weight: 3, arbitrary: fc.constant('*') },
    { weight: 3, arbitrary: fc.constant('**') },
    { weight: 3, arbitrary: fc.constantFrom('a*', '*a', '*b*', 'a*b', '*.*', '*a*b', 'a*-*') },
  )
  const pattern = fc.array(piece, { minLength: 1, maxLength: 5 }).map((pieces) => pieces.join('/'))
  /** A path with some of its parts replaced by wildcards, so that enough pairs match. */
  const related = path.chain((text) =>
    fc
      .array(fc.constantFrom('same', '*', '**', 'head*', '*tail', '*in*'), { minLength: 5, maxLength: 5 })
      .map((choices) => {
        const parts = text.split('/').map((part, at) => withWildcard(part, choices[at] ?? 'same'))
        return [parts.join('/'), text] as [string, string]
      }),
  )

  test('agrees with a matcher written from the grammar on random pairs, of which many match', () => {
    const seen = { hits: 0, misses: 0, refused: 0 }
    const pair = fc.oneof(fc.tuple(pattern, path), related)
    fc.assert(
      fc.property(pair, ([text, subject]) => {
        const parsed = parseGlob(text)
        if ('problem' in parsed) {
          seen.refused++
          return
        }
        const expected = oracleMatches(text, subject)
        seen[expected ? 'hits' : 'misses']++
        if (parsed.matches(subject) !== expected) throw new Error(`${text} on ${subject}: expected ${expected}`)
      }),
      { numRuns: tries(120_000) },
    )
    expect(seen.hits + seen.misses).toBeGreaterThan(tries(100_000))
    expect(seen.hits).toBeGreaterThan(tries(20_000))
    expect(seen.misses).toBeGreaterThan(tries(20_000))
  })

  test('G5, G6: answers on the worst accepted patterns and the longest paths, on which a slow one would not end', () => {
    for (const compiled of worstGlobs()) {
      for (const subject of worstPaths) expect(compiled.matches(subject), compiled.pattern).toBe(false)
    }
  })

  test('G6: tries no accepted pattern in more ways than the square of the longest path', () => {
    const worst = { tries: 0, pattern: '' }
    for (const { pattern } of some('worst patterns that are counted', 4, worstGlobs())) {
      for (const subject of worstPaths) {
        const tries = backtrackingTries(pattern, subject)
        if (tries > worst.tries) Object.assign(worst, { tries, pattern })
      }
    }
    expect(worst.tries).toBeGreaterThan(10_000)
    expect(worst.tries, worst.pattern).toBeLessThan(512 ** 2)
  })

  test('G6: refuses the patterns that would be slow', () => {
    const many = [
      '*a*a*b',
      'a**/**/**/b',
      '**/a/**/a/**/b',
      '*a*b/*a*b',
      '**/a/**/*/*/*/b',
      '**/a/**/*a*b',
      `${'**/a/'.repeat(20)}b`,
    ]
    for (const text of many) expect(problem(text), text).not.toBeNull()
    const few = ['**/a/**/*/*', '**/*a*b', '*a*/**/b', '*/*/*/*/*/*/*/*', '**/*/*/*/*/*/*/**', '**/a*/b*/c*/d*/**']
    for (const text of few) expect(problem(text), text).toBeNull()
  })
})

function withWildcard(part: string, choice: string): string {
  if (choice === '*' || choice === '**') return choice
  if (choice === 'head*') return `${part[0]}*`
  if (choice === '*tail') return `*${part.at(-1)}`
  return choice === '*in*' ? `*${part[0]}*` : part
}

/** Segment by segment, with a row of what the pattern so far can have taken: no backtracking, no expressions. */
function oracleMatches(text: string, subject: string): boolean {
  const parts = subject.split('/')
  let taken = [true, ...parts.map(() => false)]
  for (const segment of text.split('/')) {
    const next = taken.map(() => false)
    for (let at = 0; at <= parts.length; at++) {
      if (segment === '**') next[at] = taken[at] || (at > 0 && next[at - 1] === true)
      else next[at] = at > 0 && taken[at - 1] === true && segmentMatches(segment, parts[at - 1] ?? '')
    }
    taken = next
  }
  return taken[parts.length] === true
}

function segmentMatches(segment: string, part: string): boolean {
  const [first = '', ...rest] = segment.split('*')
  if (rest.length === 0) return segment === part
  const last = rest.pop() ?? ''
  if (!part.startsWith(first) || !part.endsWith(last) || part.length < first.length + last.length) return false
  let from = first.length
  for (const middle of rest) {
    const at = part.indexOf(middle, from)
    if (at === -1) return false
    from = at + middle.length
  }
  return from <= part.length - last.length
}

/** How often a backtracking matcher tries a length for a wildcard, at worst. Comparing literals in between is cheap. */
function backtrackingTries(text: string, subject: string): number {
  const segments = text.split('/')
  const parts = subject.split('/')
  let tries = 0
  function within(pattern: string, p: number, part: string, s: number, then: () => boolean): boolean {
    if (p === pattern.length) return s === part.length && then()
    if (pattern[p] !== '*') return pattern[p] === part[s] && within(pattern, p + 1, part, s + 1, then)
    for (let end = s; end <= part.length; end++, tries++) if (within(pattern, p + 1, part, end, then)) return true
    return false
  }
  function across(g: number, at: number): boolean {
    if (g === segments.length) return at === parts.length
    const segment = segments[g] ?? ''
    if (segment === '**' && g === segments.length - 1) return true
    if (segment === '**') {
      for (let end = at; end <= parts.length; end++, tries++) if (across(g + 1, end)) return true
      return false
    }
    return at < parts.length && within(segment, 0, parts[at] ?? '', 0, () => across(g + 1, at + 1))
  }
  across(0, 0)
  return tries
}

const worstPaths = [
  `${'a/'.repeat(255)}a`,
  'a'.repeat(512),
  `${'a/'.repeat(85)}${'a'.repeat(171)}/${'a'.repeat(170)}`,
  `${'a'.repeat(170)}/${'a/'.repeat(85)}${'a'.repeat(171)}`,
]

/** The ones that are accepted, each once. */
function worstGlobs(): Glob[] {
  const globs = new Map<string, Glob>()
  for (const text of worstPatterns()) {
    const parsed = parseGlob(text)
    if ('pattern' in parsed) globs.set(parsed.pattern, parsed)
  }
  return [...globs.values()]
}

/** Lists of segments that make a matcher try again, and long tails, with a `b` that no path has behind them. */
function* worstPatterns(): Generator<string> {
  // A wildcard after the `b`, or else the ending alone would decide.
  for (const text of worstBeginnings()) yield* [`${text}b`, `${text}b/*`, `${text}b*`, `${text}b/**`]
}

function* worstBeginnings(): Generator<string> {
  const pieces = ['**/', '*/', 'a/', '*a', 'a*/', '*a*']
  for (const one of pieces) for (const two of pieces) for (const three of pieces) yield `${one}${two}${three}`
  for (const head of ['**/', '**/a/', '**/a/**/', '*a*/**/', '**/*a*/', '*a*/', '*/']) {
    for (const piece of ['a/', '*/', 'a*/', '*a/'])
      for (const count of [2, 20, 80]) yield `${head}${piece.repeat(count)}`
    for (const count of [4, 60, 200])
      yield* [`${head}*${'a'.repeat(count)}`, `${head}*${'a'.repeat(count)}/`, `${head}*b${'a'.repeat(count)}`]
  }
}
