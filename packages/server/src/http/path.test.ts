import { expect, test } from 'vitest'
import { isAmbiguous, splitTarget } from './path.ts'

test('A1: a path that two readers could take for two places is ambiguous', () => {
  const bad = [
    '/v1/a/../b',
    '/v1/a/..',
    '/v1/./b',
    '/v1/.',
    '/v1//b',
    '//v1/b',
    '/v1/b/',
    '/v1/%2e%2e/b',
    '/v1/%2E/b',
    '/v1/a%5cb',
    '/v1/a%5Cb',
    '/v1/a\\..\\b',
    '/v1/a%00',
    'v1/a',
    'http://host/v1/a',
    '*',
    '',
  ]
  for (const path of bad) expect(isAmbiguous(path), path).toBe(true)
})

test('dots inside a segment and encoded slashes are not ambiguous', () => {
  for (const path of ['/', '/v1/tls.crt', '/v1/..a', '/v1/a..', '/v1/a%2Fb', '/v1/a-b_c', '/v1/.well-known/x']) {
    expect(isAmbiguous(path), path).toBe(false)
  }
})

test('A14: everything after the first question mark is query', () => {
  expect(splitTarget('/v1/vaults?x=/v1/auth/token?y')).toEqual({ path: '/v1/vaults', query: 'x=/v1/auth/token?y' })
  expect(splitTarget('/v1/vaults')).toEqual({ path: '/v1/vaults', query: '' })
})
