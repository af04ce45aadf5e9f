import { tagged } from '@pawl/testkit/canary'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { some, tries } from '../../../../tools/test-run/index.ts'
import { type JsonSchema, typesOf } from '../../src/derive/json-schema.ts'
import {
  bearerOf,
  cases,
  type Door,
  fieldsOf,
  isPublic,
  named,
  openDoor,
  rawRequest,
  requestOf,
  sendRaw,
} from './door.ts'

// Goal: a name means one thing to the policy, to the store and to the router, however it is spelled on the wire. Method:
// request lines that no client would write, and the question whether both of two answers were about the same thing.

describe('A3: a spelling of a path', () => {
  /** Neighbours that a careless reader takes for each other. */
  const paths = ['team/a', 'team/A', 'team/private/key', 'teams/a', 'team-b/a', 'prod/db', 'prod/DB', 'a', 'a.b/c_d']
  const policies = [
    { pattern: 'team/**', permissions: ['read', 'write'] as const },
    { pattern: 'team/private/**', permissions: ['read', 'write'] as const, effect: 'deny' as const, priority: 5 },
    { pattern: 'prod/*', permissions: ['read', 'write'] as const },
    { pattern: 'prod/DB', permissions: ['read', 'write'] as const, effect: 'deny' as const, priority: 5 },
  ]
  const allowed = (path: string) => /^(team\/(?!private\/).+|prod\/(?!DB$)[^/]+)$/.test(path)

  const hex = (char: string) => `%${char.charCodeAt(0).toString(16).padStart(2, '0')}`
  const oneOf = (text: string, at: number, change: (char: string) => string) => {
    const place = at % text.length
    return text.slice(0, place) + change(text[place] ?? '') + text.slice(place + 1)
  }
  /** What proxies, routers and stores were found to see differently. */
  const changes: readonly ((path: string, at: number) => string)[] = [
    (path, at) => oneOf(path, at, hex),
    (path, at) => oneOf(path, at, (char) => hex(char).toUpperCase()),
    (path, at) => oneOf(path, at, (char) => hex(char).replace('%', '%25')),
    (path, at) => oneOf(path, at, (char) => (char === char.toLowerCase() ? char.toUpperCase() : char.toLowerCase())),
    (path, at) => oneOf(path, at, (char) => `${char}/`),
    (path, at) => oneOf(path, at, (char) => `${char}/../`),
    (path, at) => oneOf(path, at, (char) => `${char}/./`),
    (path, at) => oneOf(path, at, (char) => `${char}%2f..%2F`),
    (path, at) => oneOf(path, at, (char) => `${char}%00`),
    (path, at) => oneOf(path, at, (char) => `${char};x=1`),
    (path, at) => oneOf(path, at, (char) => `${char}\\`),
    (path, at) => oneOf(path, at, (char) => `${char}%e2%80%8b`),
    (path, at) => oneOf(path, at, (char) => `${char}\u0301`),
    (path, at) => oneOf(path, at, (char) => `${char}+`),
    (path, at) => oneOf(path, at, (char) => `${char}%20`),
    (path) => path.replaceAll('/', '%2F'),
    (path) => path.replaceAll('/', '%c0%af'),
    (path) => path.replaceAll('/', '%ef%bc%8f'),
    (path) => `x/../${path}`,
    (path) => `%2e%2e/secrets/${path}`,
    (path) => `/${path}`,
    (path) => `${path}/`,
    (path) => `${path}?/../../prod/DB`,
    (path) => `${path}#/x`,
    (path) => `${path}.json`,
    (path) => path.replace(/i/g, '%c4%b1'),
  ]
  const spelling = fc
    .record({
      path: fc.constantFrom(...paths),
      steps: fc.array(fc.tuple(fc.nat(changes.length - 1), fc.nat(40)), { minLength: 1, maxLength: 3 }),
    })
    .map(({ path, steps }) => steps.reduce((text, [index, at]) => changes[index]?.(text, at) ?? text, path))

  test('is read by the policy as the store reads it, or by neither', async () => {
    await using door = await openDoor()
    const { vault, owner, agent } = await filled(door)
    let found = 0
    const check = async (spelled: string) => {
      const target = `/v1/vaults/${vault}/secrets/${spelled}`
      const stored = await sendRaw(door.port, rawRequest('GET', target, owner))
      const asked = await sendRaw(door.port, rawRequest('GET', target, agent))
      if (stored.status !== 200) {
        expect([400, 403, 404]).toContain(asked.status)
        expect(asked.body).not.toContain('value-of')
        return
      }
      found++
      const { path, value } = JSON.parse(stored.body)
      expect(value).toBe(tagged(`value-of-${path}`))
      expect([path, asked.status]).toEqual([path, allowed(path) ? 200 : 403])
    }
    await fc.assert(fc.asyncProperty(spelling, check), { numRuns: tries(1_500, 5), endOnFailure: true })
    expect(found).toBeGreaterThan(tries(15, 5))
  })

  test('under which something is stored is the spelling under which it is judged', async () => {
    await using door = await openDoor()
    const { vault, owner, agent } = await filled(door)
    let stored = 0
    const check = async (spelled: string) => {
      const target = `/v1/vaults/${vault}/secrets/${spelled}`
      const { status, body } = await sendRaw(door.port, rawRequest('PUT', target, agent, '{"value":"planted"}'))
      if (status !== 201) {
        expect([400, 403, 404, 405]).toContain(status)
        return
      }
      stored++
      const { path } = JSON.parse(body)
      expect(allowed(path), path).toBe(true)
      const read = await sendRaw(door.port, rawRequest('GET', `/v1/vaults/${vault}/secrets/${path}`, owner))
      expect(JSON.parse(read.body)).toMatchObject({ path, value: 'planted' })
    }
    await fc.assert(fc.asyncProperty(spelling, check), { numRuns: tries(800, 5), endOnFailure: true })
    expect(stored).toBeGreaterThan(tries(5, 5))
    for (const path of paths.filter((one) => !allowed(one))) {
      const read = await door.send(`/v1/vaults/${vault}/secrets/${path}`, { bearer: owner })
      expect(read.json.value).toBe(tagged(`value-of-${path}`))
    }
  })

  async function filled({ world }: Door) {
    const { id: vault } = await world.owner.vaults.create({ name: 'prod' })
    for (const path of paths)
      await world.owner.secrets.put({ vault_id: vault, path, value: tagged(`value-of-${path}`) })
    const { id } = await world.agent({
      policies: policies.map((policy) => ({ ...policy, permissions: [...policy.permissions], vault_id: vault })),
    })
    const owner = await bearerOf(world, { user: world.ownerId })
    return { vault, owner, agent: await bearerOf(world, { agent: id }) }
  }
})

/** A name with a meaning of its own, as it was smuggled past checks that looked at another spelling of it. */
const disguises = (name: string): unknown[] => [
  ` ${name}`,
  `${name} `,
  `${name}\n`,
  `${name}\u0000`,
  `${name}\u200b`,
  `\ufeff${name}`,
  name.toUpperCase(),
  `${name[0]?.toUpperCase()}${name.slice(1)}`,
  name.replace('a', '\u0430'),
  name.replace('e', 'e\u0301'),
  [name],
  { name },
]

describe('A7, A8: a name with a meaning, in disguise', () => {
  const doors = cases.flatMap((one) =>
    Object.entries(fieldsOf(one)).flatMap(([field, schema]) => {
      const list = schema.type === 'array'
      const words = wordsOf(list ? (schema.items ?? {}) : schema)
      return words.length > 0 ? [{ one, field, list, words }] : []
    }),
  )

  test('has at least these doors', () => {
    const names = doors.map(({ one, field }) => `${one.operation.name} ${field}`)
    for (const door of ['orgs.addMember role', 'orgs.setRole role', 'policies.create permissions']) {
      expect(names).toContain(door)
    }
  })

  test.each(
    some('fields that take one of a few words', 8, doors).map(
      (door) => [`${door.one.operation.name} ${door.field}`, door] as const,
    ),
  )('is none, in %s', async (_, { one, field, list, words }) => {
    await using door = await openDoor()
    const { who, input } = await one.example(door.world)
    const bearer = await bearerOf(door.world, who)
    for (const route of one.routes) {
      for (const disguised of words.flatMap(disguises)) {
        if (words.includes(disguised as string)) continue
        const isInPath = route.path.includes(`{${field}}`)
        // Queries and paths have no lists: there is only the text.
        if ((route.method === 'GET' || isInPath) && Array.isArray(disguised)) continue
        const { path, sent } = requestOf(route, { ...input, [field]: list ? [disguised] : disguised })
        const answer = await door.send(path, { ...sent, bearer })
        expect([disguised, answer.status]).toEqual([disguised, 400])
        // A path that two readers could read differently is refused before its fields are known.
        if (!isInPath) expect(Object.keys(answer.json.fields).join()).toContain(field)
      }
    }
  })

  test('is none as the name of a vault: only the engine has vaults of its own', async () => {
    await using door = await openDoor()
    const { world } = door
    await world.agent()
    const owner = await bearerOf(world, { user: world.ownerId })
    const admin = await bearerOf(world, { user: (await world.member({ role: 'admin' })).id })
    for (const name of ['__agent-keys', ...disguises('__agent-keys'), '\uff3f\uff3fagent-keys', '_\u200b_agent-keys']) {
      const made = await door.send('/v1/vaults', { method: 'POST', bearer: owner, body: JSON.stringify({ name }) })
      expect([201, 400, 409], String(name)).toContain(made.status)
      if (made.status !== 201) continue
      const secret = `/v1/vaults/${made.json.id}/secrets/db`
      await door.send(secret, { method: 'PUT', bearer: owner, body: '{"value":"mine"}' })
      // Admins run the vaults of the engine, and those only.
      expect([name, (await door.send(secret, { bearer: admin })).status]).toEqual([name, 403])
    }
  })
})

describe('A10: a policy', () => {
  test('is of one vault, and of none that is made later, whatever that is called', async () => {
    await using door = await openDoor()
    const { world } = door
    const { id: vault } = await world.owner.vaults.create({ name: 'a' })
    const agent = await world.agent({ vault })
    const bearer = await bearerOf(world, { agent: agent.id })
    const other = await world.otherOrg()
    await world.owner.secrets.put({ vault_id: vault, path: 'x', value: tagged('theirs to read') })
    const later = ['ab', 'a/b', 'a*', 'A', 'a '].map((name, at) => ({
      name: at === 4 ? 'a  b' : name,
      by: world.owner,
    }))
    for (const { name, by } of [...later, { name: 'a', by: other.owner }]) {
      const { id } = await by.vaults.create({ name })
      await by.secrets.put({ vault_id: id, path: 'x', value: tagged('hunter2') })
      for (const path of [`/v1/vaults/${id}/secrets/x`, `/v1/vaults/${id}/secrets`, `/v1/vaults/${id}`]) {
        const answer = await door.send(path, { bearer })
        expect([403, 404], `${name} ${path}`).toContain(answer.status)
        expect(answer.text).not.toContain(tagged('hunter2'))
      }
    }
    expect((await door.send(`/v1/vaults/${vault}/secrets/x`, { bearer })).json.value).toBe(tagged('theirs to read'))
  })
})

describe('A13: a number in a URL', () => {
  const hostile = ['-1', '1e9', '1E3', 'NaN', 'Infinity', '0x10', '1.5', '', '%201', '1%20', '%2B1', '01', '1,2', '1_0']
  const more = ['%D9%A1', '99999999999999999999', '9007199254740993', 'null', 'true', '%5B1%5D', '1%00', '--1']
  const numeric = cases.flatMap((one) =>
    one.routes.flatMap((route) => {
      const isQuery = route.method === 'GET' || route.method === 'DELETE'
      const fields = Object.entries(fieldsOf(one)).filter(([, schema]) => isNumber(schema))
      return fields
        .filter(([name]) => isQuery || route.params.includes(name))
        .map(([name, schema]) => ({ one, route, name, schema, isPath: route.params.includes(name) }))
    }),
  )

  test('stands in at least these places', () => {
    const places = numeric.map(({ route, name }) => `${route.path} ${name}`)
    for (const place of ['/v1/audit/events limit', '/v1/audit/events offset', '/v1/audit/verify limit']) {
      expect(places).toContain(place)
    }
  })

  test.each(
    some('fields that take a number', 8, numeric).map(
      (place) => [`${place.route.method} ${place.route.path}`, place.name, place] as const,
    ),
  )('of %s: %s is a whole number in its bounds, or refused', async (_, name, { one, route, schema, isPath }) => {
    await using door = await openDoor()
    const { who, input } = await one.example(door.world)
    const bearer = await bearerOf(door.world, who)
    const { path, sent } = requestOf(route, { ...input, ...(isPath ? { [name]: 424_242 } : {}) })
    const mark = path.includes('?') ? '&' : '?'
    const at = (text: string) => (isPath ? path.replace('424242', text) : `${path}${mark}${name}=${text}`)
    const [least = 0, most = 0] = boundsOf(schema)
    for (const text of [...hostile, ...more, String(least - 1), String(most + 1)]) {
      const answer = await door.send(at(text), { ...sent, bearer })
      // A path without its last segment is another path.
      expect([text, answer.status]).toEqual([text, isPath && text === '' ? expect.any(Number) : 400])
      expect(answer.text).not.toContain('hunter')
    }
    if (isPath) return
    for (const twice of [`${name}=1&${name}=999`, `${name}=1&%${name.charCodeAt(0).toString(16)}${name.slice(1)}=2`]) {
      expect((await door.send(`${path}${mark}${twice}`, { ...sent, bearer })).status).toBe(400)
    }
  })

  test('however large it may be, makes no page larger than a page', async () => {
    await using door = await openDoor()
    const { world } = door
    const { id } = await world.owner.vaults.create({ name: 'prod' })
    for (let count = 0; count < 1_100; count++) await world.owner.vaults.get({ vault_id: id })
    const bearer = await bearerOf(world, { user: world.ownerId })
    for (const query of ['limit=2147483647', 'limit=1001', 'limit[]=2000', 'Limit=2000', '']) {
      const { status, json } = await door.send(`/v1/audit/events?${query}`, { bearer })
      expect(status).toBe(200)
      expect(json.events.length, query).toBeGreaterThan(0)
      expect(json.events.length, query).toBeLessThanOrEqual(1_000)
    }
  })

  function isNumber(schema: JsonSchema): boolean {
    return typesOf(schema).some((type) => type === 'integer' || type === 'number')
  }

  function boundsOf(schema: JsonSchema): [number?, number?] {
    const parts = [schema, ...(schema.anyOf ?? [])]
    const bound = (name: string) => parts.map((part) => part[name]).find((one) => typeof one === 'number')
    return [bound('minimum'), bound('maximum')] as [number?, number?]
  }
})

describe.each(
  named(
    some(
      'operations that are sent two identities',
      12,
      cases.filter((one) => !isPublic(one)),
    ),
  ),
)('A14: %s', (_, one) => {
  test('asks for a credential, whatever public path stands in the query or after the path', async () => {
    await using door = await openDoor()
    const { input } = await one.example(door.world)
    for (const route of one.routes) {
      const { path, sent } = requestOf(route, input)
      const mark = path.includes('?') ? '&' : '?'
      for (const more of [
        'x=/v1/auth/token',
        '/v1/health',
        '/../v1/auth/token',
        'x=/.well-known/jwks.json#/v1/health',
      ]) {
        const answer = await door.send(`${path}${mark}${more}`, sent)
        expect([more, answer.status]).toEqual([more, 401])
      }
      for (const more of [
        ';/v1/health',
        '/..;/v1/auth/token',
        '%2f..%2f..%2fhealth',
        '%3Fx=/v1/health',
        '/v1/health',
      ]) {
        const answer = await sendRaw(door.port, rawRequest(route.method, `${path.split('?')[0]}${more}`, null))
        // 501: a route of the contract that is not built, which tells nothing.
        expect([400, 401, 404, 405, 501], more).toContain(answer.status)
      }
    }
  })
})

/** The words that a field may be, when it may be some words only. */
function wordsOf(schema: JsonSchema): string[] {
  const parts = [schema, ...(schema.anyOf ?? []), ...(schema.oneOf ?? [])]
  const words = parts.flatMap((part) => [...((part.enum as unknown[]) ?? []), ...('const' in part ? [part.const] : [])])
  return words.filter((word) => typeof word === 'string')
}
