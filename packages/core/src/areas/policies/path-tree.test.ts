import fc from 'fast-check'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { tries } from '../../../../../tools/test-run/index.ts'
import { compileGlob, globSegments } from '../../kernel/globs.ts'
import { bestCovering, PathNode, unranked } from './path-tree.ts'

// Goal: the tree finds what the globs one by one would find, and how long that takes does not depend on how many there are.
// Method: the compiled globs as the other side, and counts of steps, which are the same on every machine.

function treeOf(globs: readonly string[]): PathNode<number> {
  const root = new PathNode<number>(0)
  for (const [rank, glob] of globs.entries()) {
    const node = root.add(globSegments(glob) ?? [], rank)
    node.value ??= rank
  }
  return root
}

/** The ranks of all globs that cover the path: `judge` never says that one is good enough. */
function allCovering(globs: readonly string[], path: string): number[] {
  const asked = new Set<number>()
  bestCovering(treeOf(globs), path, (value, bound) => {
    asked.add(value)
    return bound
  })
  return [...asked].sort((one, other) => one - other)
}

const best = (globs: readonly string[], path: string) => bestCovering(treeOf(globs), path, Math.min)

afterEach(() => vi.restoreAllMocks())

describe('a tree of globs', () => {
  test.each([
    ['a/b', ['a/b', 'a/*', '*/b', '*/*', 'a/**', '**/b', '**', 'a/**/b', '**/*', '*/**', 'a/b/**', '**/a/**']],
    ['a/b', []],
    ['db-1', ['db-1', 'db-*', '*-1', '*b*', 'd*1', 'd*b*1', '*', 'db-1*', '*db-1', 'db-*/**']],
    ['aba', ['a*a', 'a*b*a', '*b*', 'aba*']],
  ])('finds for %s all of %j, and none that does not cover it', (path, covering) => {
    const others = ['a', 'b', 'a/b/c', 'a/*/b', 'A/b', '*/a', 'a/c', 'db-', 'db*2', 'aba*aba', '*c*', 'ab*ba', 'x*/b']
    const globs = [...covering, ...others]
    expect(allCovering(globs, path)).toEqual(covering.map((_, at) => at))
  })

  test('finds a literal end only once in a segment: "ab*ba" is not "aba"', () => {
    expect(best(['ab*ba'], 'aba')).toBe(unranked)
    expect(best(['ab*ba'], 'abba')).toBe(0)
    expect(best(['a*b*c'], 'ac')).toBe(unranked)
    expect(best(['ab*b*c'], 'abc')).toBe(unranked)
    expect(best(['ab*b*c'], 'abbc')).toBe(0)
  })

  test('goes on where two "*" in a segment are followed by more', () => {
    expect(best(['x/*b*/**/end'], 'x/abc/y/end')).toBe(0)
    expect(best(['*b*', '*b*/c'], 'abc/c')).toBe(1)
  })

  test('finds what the globs one by one find, on random globs and paths', () => {
    const word = fc.constantFrom('a', 'b', 'aa', 'ab', 'a.b', 'A', 'a-a', 'b_a', 'aba')
    const path = fc.array(word, { minLength: 1, maxLength: 6 }).map((words) => words.join('/'))
    const wild = fc.constantFrom('a*', '*a', '*b*', 'a*b', '*.*', '*a*b', 'a*-*', 'a*a', 'ab*ba', 'a*b*a')
    const piece = fc.oneof(
      { weight: 5, arbitrary: word },
      { weight: 2, arbitrary: fc.constant('*') },
      { weight: 2, arbitrary: fc.constant('**') },
      { weight: 2, arbitrary: wild },
    )
    const glob = fc
      .array(piece, { minLength: 1, maxLength: 6 })
      .map((pieces) => pieces.join('/'))
      .filter((text) => globSegments(text) !== null)
    const seen = { covered: 0, uncovered: 0, several: 0 }
    fc.assert(
      fc.property(fc.uniqueArray(glob, { minLength: 1, maxLength: 12, size: 'max' }), path, (texts, subject) => {
        // What is the same glob has one value, and that is the first.
        const globs = [...new Map(texts.map((text) => [globSegments(text)?.join('/'), text])).values()]
        const expected = globs.flatMap((text, at) => (compileGlob(text)?.matches(subject) ? [at] : []))
        seen[expected.length === 0 ? 'uncovered' : 'covered']++
        if (expected.length > 1) seen.several++
        expect(allCovering(globs, subject)).toEqual(expected)
        expect(best(globs, subject)).toBe(expected[0] ?? unranked)
      }),
      { numRuns: tries(20_000) },
    )
    for (const [kind, count] of Object.entries(seen)) expect(count, kind).toBeGreaterThan(tries(1_000))
  })

  const stepsOf = (globs: readonly string[], path: string, judge = (_: number, bound: number) => bound) => {
    const root = treeOf(globs)
    const step = vi.spyOn(PathNode.prototype, 'step')
    bestCovering(root, path, judge)
    const count = step.mock.calls.length
    step.mockRestore()
    return count
  }

  test.each<[string, (at: number) => string, string]>([
    ['literals', (at) => `app/service-${at % 97}/secret-${at}`, 'app/service-3/secret-3'],
    ['prefixes', (at) => `team-${at}/**`, 'team-3/x/db/password'],
    ['stars', (at) => [`team-${at}/*/db/**`, `*/svc-${at}/**`, `**/key-${at}`][at % 3] ?? '', 'team-3/svc-4/db/key-5'],
    ['ends', (at) => [`team-${at}-*/**`, `*-${at}/db`, `x*-${at}/**/y`][at % 3] ?? '', 'team-3-x-4/db'],
  ])('takes as many steps among ten thousand %s as among ten', (_, glob, path) => {
    const globs = (count: number) => Array.from({ length: count }, (_, at) => glob(at))
    const few = stepsOf(globs(10), path)
    expect(few).toBeGreaterThan(0)
    expect(stepsOf(globs(10_000), path)).toBe(few)
  })

  test('G6: takes a few steps for each segment of the longest path, whatever the globs', () => {
    const path = 'a/'.repeat(255).concat('a')
    for (const glob of ['**/a/**/b', '**/a/**/*a*b', '**/a/a/**/a/b', '**/*/**/*b', '**/a/**'])
      expect(stepsOf([glob], path), glob).toBeLessThan(8 * 256)
  })

  test.each([
    ['a/bbb/c', 2],
    ['a/*/c', 2],
    ['a/b*/c', 2],
    ['a/*b*/c', 2],
    ['a/**/c', 2],
    ['*/**/c', 3],
  ])('takes no step towards %s when a better glob was found before', (glob, steps) => {
    expect(stepsOf(['a/**', glob], 'a/bbb/c', Math.min)).toBe(steps)
    expect(stepsOf(['a/**', glob], 'a/bbb/c')).toBeGreaterThan(steps)
  })

  test('looks at no more of a path once no glob can cover it', () => {
    const root = treeOf(['a/b', 'b/**'])
    const path = 'a/'.repeat(255).concat('a')
    const slashes = vi.spyOn(String.prototype, 'indexOf')
    bestCovering(root, path, Math.min)
    expect(slashes.mock.contexts.filter((text) => String(text) === path)).toHaveLength(2)
  })

  test.each([[['a/**', 'a/b', 'a/*', '**/b']], [['a/**', '*/**']], [['a/b', '*/b', 'a/*']]])(
    'asks about the best of %j only, when that is found first',
    (globs) => {
      const judge = vi.fn(Math.min)
      expect(bestCovering(treeOf(globs), 'a/b', judge)).toBe(0)
      expect(judge).toHaveBeenCalledTimes(1)
    },
  )
})
