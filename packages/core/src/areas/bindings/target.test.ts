import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { tries } from '../../../../../tools/test-run/index.ts'
import { allowsPath, joinUrl, parseBase, parseQuery, pathProblem } from './target.ts'

// Goal: a call never leads out of the base of its binding, nor to a path that only looks allowed. Method: paths made of
// the pieces that attacks are made of, and what a parser of URLs and a careless server make of them.

const base = 'https://api.example.com/v1'

const pieces = [
  'a',
  'charges',
  '/',
  '//',
  '.',
  '..',
  '%2e',
  '%2E',
  '%2f',
  '%5c',
  '%252e',
  '%00',
  '%c0%ae',
  '%ef%bc%8e',
  '\\',
  ';',
]
const others = ['@', ':', '?', '#', '*', '~', 'é', ' ', '\t', '\n', '%', 'https://evil.example', '//evil.example']
const hostile = fc.array(fc.constantFrom(...pieces, ...others), { maxLength: 8 }).map((parts) => `/${parts.join('')}`)

/** What the most careless server makes of a path: it decodes until there is nothing left to decode. */
function carelesslyRead(path: string): string[] {
  let text = path
  for (let rounds = 0; rounds < 5; rounds++) {
    try {
      text = decodeURIComponent(text)
    } catch {
      break
    }
  }
  const segments: string[] = []
  for (const segment of text.normalize('NFKC').replaceAll('\\', '/').split('/')) {
    const [name = ''] = segment.split(';')
    if (name === '..') segments.pop()
    else if (name !== '.' && name !== '') segments.push(name)
  }
  return segments
}

describe('a path', () => {
  it('stays below the base of its binding, for parsers of URLs and for careless servers (A1)', () => {
    fc.assert(
      fc.property(hostile, (path) => {
        const url = pathProblem(path) === null ? joinUrl(base, path, []) : null
        if (url === null) return
        expect(new URL(url).href).toBe(url)
        expect(new URL(url).origin).toBe('https://api.example.com')
        expect(new URL(url).pathname).toBe(`/v1${path}`)
        expect(carelesslyRead(`/v1${path}`)[0]).toBe('v1')
      }),
      { numRuns: tries(5_000, 4) },
    )
  })

  it('is not allowed by a prefix that a careless server would not find it under', () => {
    const below = fc
      .array(fc.constantFrom(...pieces, ...others), { maxLength: 6 })
      .map((parts) => `/public/${parts.join('')}`)
    fc.assert(
      fc.property(below, (path) => {
        if (pathProblem(path) !== null || !allowsPath(['/public/*'], path)) return
        expect(carelesslyRead(path)[0]).toBe('public')
      }),
      { numRuns: tries(5_000, 4) },
    )
  })

  it.each([
    [
      '/charges/../admin',
      '/./x',
      '/..',
      '/a/%2e%2e/b',
      '/a/%2E%2e',
      '/..;x=1/b',
      '/%2e%2e;/x',
      '/%ef%bc%8e%ef%bc%8e/x',
      '/a/%20..',
      '/a/..%20',
    ],
    [
      '/a//b',
      '//evil.example',
      '/a/b//',
      '/a%2fb',
      '/a%5cb',
      '/a\\b',
      '/a%252e',
      '/a%00',
      '/a%0d%0ab',
      '/%c0%ae',
      '/%zz',
    ],
    ['charges', 'https://evil.example/', '', '/a b', '/a?b', '/a#b', '/é', '/a\nb', `/${'a'.repeat(5_000)}`],
  ])('is refused where servers may not agree on it: %j', (...paths) => {
    for (const path of paths) expect([path, pathProblem(path)]).toEqual([path, expect.any(String)])
  })

  it.each([
    '/',
    '/charges',
    '/charges/',
    '/charges/ch_42',
    '/a/b.c',
    '/users/me@example.com',
    '/a;v=1',
    '/v1.',
    '/a..',
    '/...',
    '/.well-known/x',
    '/caf%C3%A9',
    '/bot1:x/y',
  ])('is taken where they do: %s', (path) => {
    expect(pathProblem(path)).toBeNull()
    expect(joinUrl(base, path, [])).toBe(`${base}${path}`)
  })

  it('has no URL where a parser of URLs would read another path', () => {
    for (const path of ['/../x', '/a/./b', '/a\\b', '/a?b', '/a#b']) {
      expect([path, joinUrl(base, path, [])]).toEqual([path, null])
    }
    expect(joinUrl('https://api.example.com', '@evil.example', [])).toBeNull()
    expect(joinUrl('https://api.example.com', '', [['a', '1']])).toBe('https://api.example.com?a=1')
  })

  it('is refused with its problem, which the agent can read', () => {
    expect(['x', '/a b', '/a//b', '/a/../b', `/${'a'.repeat(4_096)}`].map(pathProblem)).toEqual([
      'must begin with a slash',
      'must have only URL path characters, others as %XX, and no backslash, "?" or "#"',
      'must not have two slashes in a row',
      'must not have "." or ".." as a segment, and no slash or "%" as %XX',
      'must have at most 4096 characters',
    ])
    expect(pathProblem(`/${'a'.repeat(4_095)}`)).toBeNull()
  })

  it('is allowed as it stands, or by its beginning where the pattern ends with a star', () => {
    expect(allowsPath(['/charges', '/refunds/*'], '/charges')).toBe(true)
    expect(allowsPath(['/charges', '/refunds/*'], '/refunds/1/2')).toBe(true)
    for (const path of ['/charges/1', '/Charges', '/charge', '/refunds', '/%63harges', '']) {
      expect(allowsPath(['/charges', '/refunds/*'], path)).toBe(false)
    }
  })
})

describe('a base', () => {
  it('is a URL of HTTP, kept in one spelling', () => {
    expect(parseBase('HTTPS://API.Example.com:443/v1/')).toBe(base)
    expect(parseBase('http://127.0.0.1:8080')).toBe('http://127.0.0.1:8080')
  })

  it.each([
    'ftp://a.b',
    'https://user@a.b',
    'https://u:p@a.b',
    'https://a.b?x',
    'https://a.b/#',
    'https://a.b/x%2fy',
    'a.b',
    '',
  ])('is not %s', (text) => {
    expect(parseBase(text)).toBeNull()
  })
})

describe('a query', () => {
  it('arrives as it was given, whatever is in it', () => {
    const pair = fc.tuple(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }))
    fc.assert(
      fc.property(fc.array(pair), (pairs) => {
        const url = joinUrl(base, '/x', pairs)
        expect(url).not.toBeNull()
        expect([...new URL(url ?? '').searchParams]).toEqual(pairs)
        expect(new URL(url ?? '').pathname).toBe('/v1/x')
      }),
    )
  })

  it('is read from a URL as servers read it', () => {
    expect(parseQuery('a=1&b=x+y%26&c')).toEqual([
      ['a', '1'],
      ['b', 'x y&'],
      ['c', ''],
    ])
    expect(parseQuery('a=%zz')).toBeNull()
  })
})
