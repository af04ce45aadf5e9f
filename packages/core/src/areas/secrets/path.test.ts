import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { tries } from '../../../../../tools/test-run/index.ts'
import { canonicalPath, isPathPrefix, pathProblem } from './path.ts'

// Goal: a text is a path as it stands, or no path at all. Method: lists of both kinds, and random texts near the grammar.

const paths = [
  'a',
  'db',
  'api-keys/stripe',
  'db.password',
  'tls/api.example.com/tls.crt',
  'agents/4d6ee7a4-54d0-4a5b-9f0a-0f6f6f1d6a01/ssh/private_key',
  'a/_internal_/b',
  'a..b',
  'x'.repeat(512),
]

const nearTheGrammar = fc
  .array(fc.constantFrom('a', 'Z', '0', '_', '-', '.', '/', '..', '//', '%2e', '%2f', ' ', 'é', 'ı', '\u0000', '*'))
  .map((parts) => parts.join(''))

describe('a path', () => {
  test.each(paths)('is what follows the grammar: %s', (text) => {
    expect(canonicalPath(text)).toBe(text)
    expect(pathProblem(text)).toBeNull()
  })

  test.each([
    ['', 'must not be empty'],
    ['/a', 'must not begin or end with a slash'],
    ['a/', 'must not begin or end with a slash'],
    ['a//b', 'must not have two slashes in a row'],
    ['a/./b', 'must not have "." or ".." as a segment'],
    ['a/.env', 'must not have a segment that begins or ends with a dot or a dash'],
    ['a-/b', 'must not have a segment that begins or ends with a dot or a dash'],
    ['-a', 'must not have a segment that begins or ends with a dot or a dash'],
    ['_a', 'must begin and end with a letter or a digit'],
    ['a/b_', 'must begin and end with a letter or a digit'],
    ['x'.repeat(513), 'must be at most 512 bytes long'],
    ['a b', 'must have only the letters A to Z and a to z, digits, "_", "-", "." and "/"'],
    ['a\n', 'must have only the letters A to Z and a to z, digits, "_", "-", "." and "/"'],
    ['a\\b', 'must have only the letters A to Z and a to z, digits, "_", "-", "." and "/"'],
    ['a/*', 'must have only the letters A to Z and a to z, digits, "_", "-", "." and "/"'],
  ])('is refused with a reason: %j', (text, problem) => {
    expect(canonicalPath(text)).toBeNull()
    expect(pathProblem(text)).toBe(problem)
  })

  test('A1, A15: traversal is no path, however it is spelled', () => {
    const attacks = ['team/../prod/db', 'team/%2e%2e/prod/db', 'team//x', 'team/./x', '../x', 'team/..', 'foo/../bar']
    const encoded = [
      'team/..%2fprod',
      'team\\..\\prod',
      'team/.../x',
      'team/．．/prod',
      'team/\u2024\u2024/prod',
      'team/..;/x',
    ]
    for (const text of [...attacks, ...encoded]) expect(canonicalPath(text), text).toBeNull()
  })

  test('A2: no two texts are one path, so case is kept and other scripts are refused', () => {
    expect(canonicalPath('secret/Example')).toBe('secret/Example')
    expect(canonicalPath('secret/example')).toBe('secret/example')
    for (const text of ['secret/ex\u0131mple', 'caf\u00e9', 'cafe\u0301', 'K\u212a', 'a\u200bb'])
      expect(canonicalPath(text)).toBeNull()
  })

  test('A3: the canonical form of any text is that text, or there is none', () => {
    fc.assert(
      fc.property(nearTheGrammar, (text) => {
        expect([text, null]).toContain(canonicalPath(text))
      }),
      { numRuns: tries(20_000) },
    )
  })

  test('has a problem exactly when it is none', () => {
    fc.assert(
      fc.property(nearTheGrammar, (text) => {
        expect(pathProblem(text) === null).toBe(canonicalPath(text) !== null)
      }),
      { numRuns: tries(20_000) },
    )
  })

  test('is not repeated by its problem, since people paste secrets into the wrong field', () => {
    for (const rest of ['', '/', '//', '/..', '.', '-', '_', ' ', '\u00e9', 'x'.repeat(512)]) {
      expect(pathProblem(`hunter2${rest}`) ?? '').not.toContain('hunter2')
    }
  })

  test('is the same as a plain reading of the grammar, character by character', () => {
    fc.assert(
      fc.property(nearTheGrammar, (text) => {
        expect(canonicalPath(text) !== null).toBe(followsGrammar(text))
      }),
      { numRuns: tries(20_000) },
    )
  })
})

describe('a list prefix', () => {
  test('is any beginning of a path', () => {
    for (const text of paths)
      for (let end = 0; end <= text.length; end++) expect(isPathPrefix(text.slice(0, end))).toBe(true)
  })

  test('is nothing that no path begins with', () => {
    for (const text of ['/', '/a', 'a//', 'a/../b', 'a/.', 'a/-', 'a./', '_', '%', 'a*', 'x'.repeat(513)]) {
      expect(isPathPrefix(text), text).toBe(false)
    }
  })
})

function followsGrammar(text: string): boolean {
  const alphanumeric = (char = '') => /^[A-Za-z0-9]$/.test(char)
  if (text.length === 0 || text.length > 512 || !alphanumeric(text[0]) || !alphanumeric(text.at(-1))) return false
  return text.split('/').every((part) => {
    const inside = [...part].every((char) => alphanumeric(char) || '_-.'.includes(char))
    return part !== '' && inside && !'.-'.includes(part[0] ?? '') && !'.-'.includes(part.at(-1) ?? '')
  })
}
