import { operation, type Registry, registry as whole } from '@pawl/core'
import { operationsOf } from '@pawl/core/surfaces'
import { describe, expect, test } from 'vitest'
import * as z from 'zod'
import { registry as small } from '../../test/operations.ts'
import { openApi } from './openapi.ts'

// biome-ignore lint/suspicious/noExplicitAny: a test looks into a document of any shape
type Document = any

const document = (registry: Registry): Document => openApi(registry)

/** A registry of one operation, for what no operation of the test registry declares. */
function one(http: { method: 'GET' | 'POST' | 'PUT' | 'DELETE'; path: string }, input: z.ZodType, output?: z.ZodType) {
  const declared = operation({
    name: 'test.it',
    summary: '',
    http: { ...http, status: 200, id: 'it', tag: 'Test' },
    effect: 'read',
    access: 'public',
    audit: 'none',
    input,
    output: output ?? z.object({}),
    errors: [],
    run: async () => ({}),
  })
  return document({ test: { it: declared } })
}

function routed(doc: Document): [string, Document][] {
  return Object.values(doc.paths).flatMap((item: Document) => Object.entries(item)) as [string, Document][]
}

function refsIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(refsIn)
  if (value === null || typeof value !== 'object') return []
  return Object.entries(value).flatMap(([key, part]) => (key === '$ref' ? [String(part)] : refsIn(part)))
}

describe('the contract', () => {
  test('has every operation that has a route, by its own id', () => {
    const doc = document(whole)
    const ids = routed(doc).map(([, { operationId }]) => operationId)
    expect(new Set(ids).size).toBe(ids.length)
    for (const { http, name } of operationsOf(whole)) if (http) expect(ids, name).toContain(http.id)
    for (const { name, description } of doc.tags) expect(description, name).toMatch(/^[A-Z].+\.$/)
  })

  test('refers only to what it defines, and defines only what it refers to', () => {
    const doc = document(whole)
    const { schemas, responses } = doc.components
    const defined = Object.entries({ schemas, responses }).flatMap(([part, named]) =>
      Object.keys(named).map((name) => `#/components/${part}/${name}`),
    )
    expect([...new Set(refsIn(doc))].sort()).toEqual(defined.sort())
  })

  test('is the same each time it is made', () => {
    expect(JSON.stringify(openApi(whole))).toBe(JSON.stringify(openApi(whole)))
  })

  test('puts path parameters in the path, and the rest of a path in one', () => {
    const doc = document(small)
    const { parameters } = doc.paths['/v1/echo/{first}/{rest}'].get
    expect(parameters).toMatchObject([
      { name: 'first', in: 'path', required: true },
      { name: 'rest', in: 'path', required: true },
    ])
  })

  test('has the other fields of a GET in its query, and of anything else in its body', () => {
    const fields = z.object({ id: z.string(), limit: z.int().optional(), name: z.string() })
    const read = one({ method: 'GET', path: '/v1/it/{id}' }, fields).paths['/v1/it/{id}'].get
    expect(read.requestBody).toBeUndefined()
    expect(read.parameters.map((p: Document) => [p.name, p.in, p.required])).toEqual([
      ['id', 'path', true],
      ['limit', 'query', false],
      ['name', 'query', true],
    ])
    const written = one({ method: 'PUT', path: '/v1/it/{id}' }, fields).paths['/v1/it/{id}'].put
    expect(written.parameters).toHaveLength(1)
    const { schema } = written.requestBody.content['application/json']
    expect([Object.keys(schema.properties), schema.required]).toEqual([['limit', 'name'], ['name']])
    const removed = one({ method: 'DELETE', path: '/v1/it/{id}' }, fields).paths['/v1/it/{id}'].delete
    expect(removed.requestBody.content['application/json'].schema).toEqual(schema)
  })

  test('has no body where there is nothing to say, and asks for none that may be left out', () => {
    const bare = one({ method: 'POST', path: '/v1/it/{id}' }, z.object({ id: z.string() })).paths['/v1/it/{id}'].post
    expect(bare.requestBody).toBeUndefined()
    const free = z.object({ note: z.string().optional() })
    expect(one({ method: 'POST', path: '/v1/it' }, free).paths['/v1/it'].post.requestBody.required).toBe(false)
  })

  test('takes a union of inputs apart', () => {
    const either = z.union([z.object({ id: z.string(), a: z.string() }), z.object({ id: z.string(), b: z.string() })])
    const { post } = one({ method: 'POST', path: '/v1/it/{id}' }, either).paths['/v1/it/{id}']
    const { anyOf } = post.requestBody.content['application/json'].schema
    expect(anyOf.map((part: Document) => Object.keys(part.properties))).toEqual([['a'], ['b']])
  })

  test('shares what has a name, and keeps apart two things of one name', () => {
    const Thing = z.object({ a: z.string() }).meta({ id: 'TestThing' })
    const doc = one({ method: 'POST', path: '/v1/it' }, z.object({ one: Thing }), z.object({ many: z.array(Thing) }))
    const { post } = doc.paths['/v1/it']
    const sent = post.requestBody.content['application/json'].schema.properties.one.$ref
    const given = post.responses[200].content['application/json'].schema.properties.many.items.$ref
    expect(sent).toBe('#/components/schemas/TestThing')
    expect(doc.components.schemas.TestThing).toEqual({
      type: 'object',
      properties: { a: { type: 'string' } },
      required: ['a'],
    })
    expect(given).toBe(sent)
    const Timed = z.object({ at: z.string().transform(Number).pipe(z.number()) }).meta({ id: 'TestTimed' })
    const apart = one({ method: 'POST', path: '/v1/it' }, Timed, z.object({ timed: Timed }))
    const names = Object.keys(apart.components.schemas)
    expect(names.filter((name) => name.startsWith('TestTimed'))).toHaveLength(1)
  })

  test('rules out no field of an answer, so that a later version may have more', () => {
    const given = z.object({ a: z.array(z.object({ b: z.string() })) })
    const doc = one({ method: 'GET', path: '/v1/it' }, z.strictObject({}), given)
    expect(JSON.stringify(doc.paths['/v1/it'])).not.toContain('additionalProperties')
  })

  test('says which answers hold a secret, and never as anything but text', () => {
    const { post } = document(small).paths['/v1/keys']
    const answer = post.responses[201]
    expect(answer.description).toContain('key, codes.code')
    expect(answer.content['application/json'].schema.properties.key).toEqual({ type: 'string' })
  })

  test('has a problem for each status that the declared errors come to', () => {
    const { responses } = document(small).paths['/v1/fail/{how}'].post
    expect(Object.keys(responses)).toEqual(['200', '400', '403', '408', '429', '431', '503'])
    expect(responses[403].description).toBe('Errors: approval_required, resource_limit_exceeded.')
    expect(document(small).paths['/v1/nothing'].delete.responses[204].content).toBeUndefined()
  })

  test('asks for a bearer, but not where anybody may call', () => {
    const doc = document(small)
    expect(doc.security).toEqual([{ bearer: [] }])
    expect(doc.paths['/v1/count'].get.security).toEqual([])
    expect(doc.paths['/v1/nothing'].delete.security).toBeUndefined()
  })

  test('has the other routes of an operation as well, and says that they are other', () => {
    const { post } = document(small).paths['/v1/echo-post/{first}']
    expect([post.operationId, post.deprecated]).toEqual(['echoAlias', true])
  })

  test('has the other names of fields that the surface takes (§20)', () => {
    const fields = z.object({ tx_max_value: z.string().optional() })
    const { post } = one({ method: 'POST', path: '/v1/agents' }, fields).paths['/v1/agents']
    const { properties } = post.requestBody.content['application/json'].schema
    expect(properties.tx_max_value_eth).toMatchObject({ type: 'string', deprecated: true })
    expect(Object.keys(properties)).toEqual(['tx_max_value', 'tx_max_value_eth'])
  })

  test('has a passphrase of a GET in a header, and in no query (§9.2.10)', () => {
    const fields = z.object({ share_id: z.string(), passphrase: z.string().optional() })
    const { get } = one({ method: 'GET', path: '/v1/share/{share_id}' }, fields).paths['/v1/share/{share_id}']
    expect(get.parameters.map((p: Document) => [p.name, p.in])).toEqual([
      ['share_id', 'path'],
      ['x-share-passphrase', 'header'],
    ])
  })

  test('M24: has patterns that every dialect of regular expressions reads', () => {
    const patterns = [...JSON.stringify(document(whole)).matchAll(/"pattern":("(?:[^"\\\\]|\\\\.)*")/g)]
    expect(patterns.length).toBeGreaterThan(50)
    for (const [, pattern = '""'] of patterns) expect(JSON.parse(pattern)).not.toMatch(/\\[pPk]|\(\?[=!<]/)
  })

  test('M24: has an example wherever something must be sent', () => {
    for (const [, { operationId, parameters = [], requestBody }] of routed(document(whole))) {
      for (const { name, required, example } of parameters) {
        if (required) expect(example, `${operationId} ${name}`).toBeDefined()
      }
      if (requestBody?.required) expect(requestBody.content['application/json'].example, operationId).toBeDefined()
    }
  })

  test('M24: leads from what creates to what reads it', () => {
    const doc = document(whole)
    const { links } = doc.paths['/v1/vaults'].post.responses[201]
    expect(links.getVault).toEqual({ operationId: 'getVault', parameters: { vault_id: '$response.body#/id' } })
    expect(Object.keys(links)).toContain('listSecrets')
    const agent = doc.paths['/v1/agents'].post.responses[201].links.getAgent
    expect(agent.parameters).toEqual({ agent_id: '$response.body#/agent/id' })
    const secret = doc.paths['/v1/vaults/{vault_id}/secrets/{path}'].put.responses[201].links.getSecret
    expect(secret.parameters).toEqual({ vault_id: '$request.path.vault_id', path: '$response.body#/path' })
    const share = doc.paths['/v1/secrets/{secret_id}/share'].post.responses[201].links.getShare
    expect(share.parameters).toEqual({ share_id: '$response.body#/id' })
  })

  test('M24: has every status of a success: of a replay, of what was created, and of what goes on', () => {
    const doc = document(whole)
    const successes = (path: string) => Object.keys(doc.paths[path].post.responses).filter((one) => one.startsWith('2'))
    expect(successes('/v1/internal-accounts')).toEqual(['201', '2XX'])
    expect(successes('/v1/platform/users/upsert')).toEqual(['200', '201'])
    expect(successes('/v1/agents/{agent_id}/transactions')).toContain('202')
    expect(successes('/v1/vaults')).toEqual(['201'])
  })

  test('M24: has the content type that is sent', () => {
    const doc = document(whole)
    expect(Object.keys(doc.paths['/.well-known/jwks.json'].get.responses[200].content)).toEqual([
      'application/jwk-set+json',
    ])
  })
})
