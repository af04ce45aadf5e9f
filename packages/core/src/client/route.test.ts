import { tagged } from '@pawl/testkit/canary'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { anyCharacter } from '../../../../tools/test-run/characters.ts'
import { PawlError, Secret } from './index.ts'
import { readRoute, requestOf } from './route.ts'

const get = readRoute('GET /v1/vaults/{vault_id}/secret-version/{path+}/{version} secret=value')
const list = readRoute('GET /v1/audit/events pages=events')
const put = readRoute('PUT /v1/vaults/{vault_id}/secrets/{path+}')

function fieldsRefused(work: () => unknown): unknown {
  try {
    work()
  } catch (error) {
    if (error instanceof PawlError && error.code === 'invalid_input') return Object.keys((error as Fields).data.fields)
    throw error
  }
  return null
}
type Fields = PawlError<{ readonly fields: Readonly<Record<string, string>> }>

test('a line of the table says everything about a route', () => {
  expect(get).toMatchObject({ method: 'GET', isOpen: false, secrets: ['value'], pages: null })
  expect(list).toMatchObject({ path: '/v1/audit/events', secrets: [], pages: { list: 'events', by: 'offset' } })
  const open = { method: 'POST', path: '/v1/unseal', isOpen: true, secrets: ['a.b', 'c'] }
  expect(readRoute('open POST /v1/unseal secret=a.b,c')).toMatchObject(open)
})

describe('the path', () => {
  test('keeps the slashes of its rest, and encodes everything else', () => {
    const input = { vault_id: 'a/b', path: 'c d/e?f#g/%2e%2e', version: 2 }
    expect(requestOf(get, input).target).toBe('/v1/vaults/a%2Fb/secret-version/c%20d/e%3Ff%23g/%252e%252e/2')
  })

  test('arrives as it was written, or is not sent', () => {
    fc.assert(
      fc.property(fc.string({ unit: anyCharacter }), (path) => {
        const send = () => requestOf(put, { vault_id: 'v', path }).target
        if (fieldsRefused(send) !== null) return
        const { pathname, search, hash } = new URL(send(), 'http://vault.test')
        expect([search, hash]).toEqual(['', ''])
        const rest = pathname.slice('/v1/vaults/v/secrets/'.length)
        expect(rest.split('/').map(decodeURIComponent).join('/')).toBe(path)
      }),
    )
  })

  test.each(['..', 'a/../b', './a', 'a//b', '/a', 'a/', '', 'a\\b', 'a\0b', '\ud800'])('%j is refused', (path) => {
    expect(fieldsRefused(() => requestOf(put, { vault_id: 'v', path }))).toEqual(['path'])
  })

  test('has no field that is missing, and no secret', () => {
    expect(fieldsRefused(() => requestOf(put, { path: 'a' }))).toEqual(['vault_id'])
    expect(fieldsRefused(() => requestOf(put, { vault_id: 'v', path: Secret.of('a') }))).toEqual(['path'])
  })
})

describe('a field that travels in a header', () => {
  const shared = readRoute('GET /v1/secrets/{path+} secret=value headers=client_share:x-client-share')

  test('stands there, secret or text, and nowhere else', () => {
    for (const value of ['abc', Secret.of('abc')]) {
      const { target, headers } = requestOf(shared, { path: 'a', client_share: value })
      expect([target, headers]).toEqual(['/v1/secrets/a', { 'x-client-share': 'abc' }])
    }
    expect(requestOf(shared, { path: 'a' }).headers).toEqual({})
  })

  test('is refused when it could end the header', () => {
    for (const value of ['a\r\nb', 'a b', 'ä', 7]) {
      expect(fieldsRefused(() => requestOf(shared, { path: 'a', client_share: value }))).toEqual(['client_share'])
    }
  })
})

describe('a GET', () => {
  test('has the rest of its input in the query, without what is not set', () => {
    const input = { action: 'a&b=c d', limit: 5, from: undefined, to: null, deep: true }
    expect(requestOf(list, input)).toEqual({ target: '/v1/audit/events?action=a%26b%3Dc%20d&limit=5&deep=true' })
  })

  test('has nothing there that is a secret, or no plain value', () => {
    for (const value of [Secret.of('a'), ['a'], { a: 1 }]) {
      expect(fieldsRefused(() => requestOf(list, { passphrase: value }))).toEqual(['passphrase'])
    }
  })
})

describe('everything else', () => {
  test('has the rest of its input in the body, with its secrets revealed wherever they are', () => {
    const value = tagged('hunter2')
    const input = { vault_id: 'v', path: 'a', value: Secret.of(value), deep: [{ value: Secret.of(value) }] }
    const { target, body } = requestOf(put, input)
    expect(target).toBe('/v1/vaults/v/secrets/a')
    expect(JSON.parse(body ?? '')).toEqual({ value, deep: [{ value }] })
  })

  test('has no body when nothing is left for one', () => {
    expect(requestOf(put, { vault_id: 'v', path: 'a' }).body).toBeUndefined()
  })

  test('refuses what JSON cannot say', () => {
    expect(fieldsRefused(() => requestOf(put, { vault_id: 'v', path: 'a', value: 1n }))).toEqual([''])
  })
})
