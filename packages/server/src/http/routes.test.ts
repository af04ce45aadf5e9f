import { operation, type Registry } from '@pawl/core'
import { describe, expect, test } from 'vitest'
import * as z from 'zod'
import { paramsOf, routesOf, routeTree } from './routes.ts'

function serving(...declared: string[]) {
  const operations = declared.map((text, at) => {
    const [method, path] = text.split(' ') as ['GET', string]
    return operation({
      name: `test.${at}`,
      summary: '',
      http: { method, path, status: 200, id: `test${at}`, tag: 'Test' },
      effect: 'read',
      access: 'public',
      audit: 'none',
      input: z.object({}),
      output: z.object({}),
      errors: [],
      run: () => ({}),
    })
  })
  const registry: Registry = { test: Object.fromEntries(operations.map((one, at) => [at, one])) }
  const find = routeTree(routesOf(registry))
  return (method: string, path: string) => {
    const found = find(path)
    const route = found?.routes.get(method)
    if (!found || !route) return found ? [...found.routes.keys()] : null
    const params = {}
    paramsOf(route, found.values, params)
    return { path: route.path, ...params }
  }
}

describe('a route', () => {
  test('is found by its method and path, and takes its parameters from it', () => {
    const find = serving('GET /v1/vaults', 'GET /v1/vaults/{vault_id}', 'DELETE /v1/vaults/{vault_id}')
    expect(find('GET', '/v1/vaults')).toEqual({ path: '/v1/vaults' })
    expect(find('DELETE', '/v1/vaults/7')).toEqual({ path: '/v1/vaults/{vault_id}', vault_id: '7' })
    expect(find('PUT', '/v1/vaults/7')).toEqual(['GET', 'DELETE'])
    expect(find('GET', '/v1')).toBeNull()
    expect(find('GET', '/v1/vaults/7/8')).toBeNull()
  })

  test('with a literal beats one with a parameter, and that one the rest of the path (§9.3)', () => {
    const find = serving('GET /s/{id}', 'GET /s/outbound', 'GET /s/{rest+}', 'POST /s/{id}/access')
    expect(find('GET', '/s/outbound')).toEqual({ path: '/s/outbound' })
    expect(find('GET', '/s/7')).toEqual({ path: '/s/{id}', id: '7' })
    expect(find('GET', '/s/7/8')).toEqual({ path: '/s/{rest+}', rest: '7/8' })
    expect(find('POST', '/s/outbound/access')).toEqual({ path: '/s/{id}/access', id: 'outbound' })
  })

  test('takes the rest of a path, slashes included', () => {
    const find = serving('GET /v/{id}/secrets', 'GET /v/{id}/secrets/{path+}')
    expect(find('GET', '/v/7/secrets/a')).toMatchObject({ id: '7', path: 'a' })
    expect(find('GET', '/v/7/secrets')).toEqual({ path: '/v/{id}/secrets', id: '7' })
  })

  test('can have segments after the rest: a version is the last segment (§5.2.16)', () => {
    const find = serving('GET /v/{id}/version/{name+}/{version}')
    expect(find('GET', '/v/7/version/a/b/3')).toMatchObject({ name: 'a/b', version: '3' })
    expect(find('GET', '/v/7/version/a%2Fb/3')).toMatchObject({ name: 'a/b', version: '3' })
    expect(find('GET', '/v/7/version/3')).toBeNull()
  })

  test('with more literals after the rest is tried first', () => {
    const find = serving('GET /v/{name+}/{version}', 'GET /v/{name+}/latest', 'GET /v/{name+}')
    expect(find('GET', '/v/a/b/latest')).toEqual({ path: '/v/{name+}/latest', name: 'a/b' })
    expect(find('GET', '/v/a/b/3')).toEqual({ path: '/v/{name+}/{version}', name: 'a/b', version: '3' })
    expect(find('GET', '/v/a')).toEqual({ path: '/v/{name+}', name: 'a' })
  })

  test('has an encoded slash decoded in its parameters, but not in its literals (§1.1.3)', () => {
    const find = serving('GET /v/{id}/secrets/{path+}')
    expect(find('GET', '/v/7/secrets/db%2Fmain%2fro')).toMatchObject({ path: 'db/main/ro' })
    expect(find('GET', '/v/7/secrets/db%2Fmain/ro')).toMatchObject({ path: 'db/main/ro' })
    expect(find('GET', '/v/7%2Fsecrets/a')).toBeNull()
    expect(find('GET', '/v/7/secret%73/a')).toBeNull()
    expect(() => find('GET', '/v/7/secrets/%zz')).toThrow(/percent sign/)
  })

  test('that another operation answers already is a mistake of ours', () => {
    expect(() => serving('GET /v/{id}', 'GET /v/{name}')).toThrow('GET /v/{name} and /v/{id} are the same route')
  })

  test('is found among many parameters without trying every way, which would not end', () => {
    const find = serving(...Array.from({ length: 12 }, (_, at) => `GET ${'/{a}/x'.repeat(at)}/y${at}`))
    for (let at = 0; at < 1_000; at++) expect(find('GET', `${'/x'.repeat(200)}/none`)).toBeNull()
  })
})
