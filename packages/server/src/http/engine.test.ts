import { tagged } from '@pawl/testkit/canary'
import { testPawl, type World } from '@pawl/testkit/world'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Performed } from '../../test/operations.ts'
import { type Client, type Received, type Sent, transports, withBearers } from '../../test/transports.ts'

// Goal: the real engine, through the real routes, keeps the promises of core.md on the wire. Method: a whole vault in
// memory, and requests with bearers that stand for its people.

const canary = tagged('canary')
const passphrase = tagged('sesame')

describe.each(transports)('a vault over $name', ({ open }) => {
  let world: World
  let client: Client
  let vault: string
  let agent: { id: string; key: string }
  const performed: Performed[] = []

  beforeAll(async () => {
    world = await testPawl()
    const created = await world.owner.vaults.create({ name: 'prod' })
    vault = created.id
    agent = await world.agent({ vault, policies: [{ pattern: 'team/*', permissions: ['read', 'write', 'delete'] }] })
    const served = withBearers(world.pawl, { owner: { user: world.ownerId } })
    client = await open({
      ...served,
      perform: (operation, input, origin) => {
        performed.push({ name: operation.name, input, origin })
        return served.perform(operation, input, origin)
      },
    })
  })
  afterAll(async () => {
    await client.close()
    await world.close()
  })

  const as =
    (bearer: string) =>
    (path: string, sent: Sent = {}) =>
      client.send(path, { ...sent, headers: { authorization: `Bearer ${bearer}`, ...sent.headers } })
  const owner = (path: string, sent?: Sent) => as('owner')(path, sent)
  const put = (path: string, body: unknown): Promise<Received> =>
    owner(`/v1/vaults/${vault}/secrets/${path}`, { method: 'PUT', body: JSON.stringify(body) })

  test('a secret goes in and out, written with slashes or with %2F (§1.1.3, §22.1)', async () => {
    const stored = await put('db%2Fmain', { value: canary, type: 'password' })
    expect([stored.status, stored.json.path, stored.json.value]).toEqual([201, 'db/main', undefined])
    expect((await put('db/main', { value: canary })).json.version).toBe(stored.json.version + 1)
    const read = await owner(`/v1/vaults/${vault}/secrets/db/main`)
    expect(read.json).toMatchObject({ path: 'db/main', value: canary, type: 'password' })
    expect(read.headers['cache-control']).toBe('no-store')
    expect((await owner(`/v1/vaults/${vault}/secrets/db%2Fmain`)).json).toEqual(read.json)
  })

  test('N8: a caller who shows the ETag of a secret gets 304 without the value, and the read counts', async () => {
    await put('tagged', { value: canary, max_access_count: 3 })
    const secret = `/v1/vaults/${vault}/secrets/tagged`
    const first = await owner(secret)
    const etag = String(first.headers.etag)
    expect(etag).toMatch(/^"[A-Za-z0-9_-]{43}"$/)
    const again = await owner(secret, { headers: { 'if-none-match': `"other", W/${etag}` } })
    expect([again.status, again.text, again.headers.etag]).toEqual([304, '', etag])
    const reads = await world.owner.audit.events({ action: 'secret.read', resource_id: first.json.id })
    expect(reads.events).toHaveLength(2)
    const third = await owner(`/v1/vaults/${vault}/secret-version/tagged/1`, {
      headers: { 'if-none-match': '"other"' },
    })
    expect([third.status, third.headers.etag]).toEqual([200, etag])
    expect((await owner(secret, { headers: { 'if-none-match': etag } })).status).toBe(410)
    expect((await owner(secret, { headers: { 'if-none-match': '*' } })).status).toBe(410)
  })

  test('N8: the ETag does not tell that two secrets have the same value, and changes with the version', async () => {
    const tagOf = async (path: string) => (await owner(`/v1/vaults/${vault}/secrets/${path}`)).headers.etag
    for (const path of ['same/a', 'same/b', 'same/a']) await put(path, { value: canary })
    const [newest, other] = [await tagOf('same/a'), await tagOf('same/b')]
    const first = (await owner(`/v1/vaults/${vault}/secret-version/same/a/1`)).headers.etag
    expect(new Set([newest, other, first]).size).toBe(3)
  })

  test('N8: a batch reveals the value of each secret that it gives', async () => {
    await put('batch/a', { value: canary })
    const body = JSON.stringify({ paths: ['batch/a', 'batch/none'] })
    const { status, json, headers } = await owner(`/v1/vaults/${vault}/secret-batch`, { method: 'POST', body })
    expect([status, headers['cache-control']]).toEqual([200, 'no-store'])
    expect(json.results[0]).toMatchObject({ path: 'batch/a', secret: { value: canary, version: 1 } })
    expect(json.results[1]).toMatchObject({ path: 'batch/none', error: { code: 'secret_not_found' } })
    expect(json.failed).toBe(1)
  })

  test('the version is the last segment, whatever the path before it looks like (§5.2.16)', async () => {
    await put('a/b', { value: canary })
    const plain = await owner(`/v1/vaults/${vault}/secret-version/a/b/1`)
    expect(plain.json).toMatchObject({ path: 'a/b', version: 1, value: canary })
    expect((await owner(`/v1/vaults/${vault}/secret-version/a%2Fb/1`)).json).toEqual(plain.json)
    expect((await owner(`/v1/vaults/${vault}/secret-version/a/b/x`)).status).toBe(400)
    const disabled = await owner(`/v1/vaults/${vault}/secret-version-disable/a/b/1`, { method: 'POST' })
    expect([disabled.status, disabled.text]).toEqual([204, ''])
  })

  test('a problem names the fields that are wrong, and F5: never what was in them (§2.1)', async () => {
    const { status, json, text } = await put('x/y', { value: { deep: canary }, type: canary.toUpperCase() })
    expect([status, json.code, Object.keys(json.fields).sort()]).toEqual([400, 'invalid_input', ['type', 'value']])
    expect(text.toLowerCase()).not.toContain(canary.toLowerCase())
    expect((await owner('/v1/vaults/no-uuid/policies')).json.fields).toEqual({ vault_id: 'must be a UUID' })
    expect((await owner('/v1/vaults/no-uuid')).json.code).toBe('vault_not_found')
  })

  test('without a bearer, or with a bad one, it is 401, and says how to show one', async () => {
    for (const sent of [{}, { headers: { authorization: 'Bearer nonsense' } }]) {
      const { status, headers, json } = await client.send('/v1/vaults', sent)
      expect([status, headers['www-authenticate'], json.code]).toEqual([401, 'Bearer', 'not_authenticated'])
    }
  })

  test('A14: a path in the query opens nothing', async () => {
    expect((await client.send('/v1/vaults?x=/v1/auth/token')).status).toBe(401)
  })

  test('a public operation takes no notice of a bad bearer (§1.1.7, §22.6)', async () => {
    expect((await as('expired')('/v1/health')).status).toBe(200)
  })

  test('the keys of tokens may be kept for a while (§3.10)', async () => {
    const { headers, json } = await client.send('/.well-known/jwks.json')
    expect(headers).toMatchObject({
      'content-type': 'application/jwk-set+json',
      'cache-control': 'public, max-age=300',
    })
    expect(json.keys[0].kid).toEqual(expect.any(String))
  })

  test('absent and taken say so by their status (§2.2)', async () => {
    expect((await owner('/v1/vaults/00000000-0000-4000-8000-000000000000')).status).toBe(404)
    const again = await owner('/v1/vaults', { method: 'POST', body: '{"name": "prod"}' })
    expect(again.status).toBe(409)
    await put('gone', { value: canary })
    expect((await owner(`/v1/vaults/${vault}/secrets/gone`, { method: 'DELETE' })).status).toBe(204)
    expect((await owner(`/v1/vaults/${vault}/secrets/gone`)).status).toBe(410)
  })

  test('a key of an agent is exchanged and used, as the clients do it (§3.2)', async () => {
    const body = JSON.stringify({ api_key: agent.key })
    const { status, json, headers } = await client.send('/v1/auth/agent-token', { method: 'POST', body })
    expect([status, json.token_type, json.agent_id]).toEqual([200, 'Bearer', agent.id])
    expect(headers['cache-control']).toBe('no-store')
    await put('team/a', { value: canary })
    const read = await as(json.access_token)(`/v1/vaults/${vault}/secrets/team/a`)
    expect(read.json.value).toBe(canary)
    expect((await as(json.access_token)(`/v1/vaults/${vault}/secrets/db/main`)).status).toBe(403)
  })

  test.each(['team/../db/main', 'team/%2e%2e/db/main', 'team//x', 'team/./x', 'team%2F..%2Fdb%2Fmain'])(
    'A1: DELETE of %s is refused, harms nothing, and stands in the trail as it was sent',
    async (path) => {
      await put('db/main', { value: canary })
      performed.length = 0
      const { status } = await as(agent.key)(`/v1/vaults/${vault}/secrets/${path}`, { method: 'DELETE' })
      expect(status).toBe(400)
      expect((await owner(`/v1/vaults/${vault}/secrets/db/main`)).json.value).toBe(canary)
      const { events } = await world.owner.audit.events({ actor_id: agent.id, limit: 1 })
      const sent = path.includes('%2F') ? decodeURIComponent(path) : path
      expect(events[0]).toMatchObject({ action: 'secret.delete', details: { path: sent, vault_id: vault } })
    },
  )

  test('a share is made the way the Python client asks, and opened with a passphrase that comes any way (§9.2.10, §9.3)', async () => {
    await put('shared', { value: canary })
    const wanted = {
      vault_id: vault,
      secret_path: 'shared',
      expires_in_hours: 1,
      max_views: 9,
      passphrase,
    }
    const made = await owner('/v1/shares', { method: 'POST', body: JSON.stringify(wanted) })
    expect([made.status, made.json.expires_at, made.json.max_access_count]).toEqual([
      201,
      expect.stringMatching(/Z$/),
      9,
    ])
    const path = `/v1/share/${made.json.id}`
    const headers = { 'x-share-passphrase': passphrase }
    const body = JSON.stringify({ passphrase })
    for (const opened of [
      await client.send(path, { headers }),
      await client.send(path, { method: 'POST', body }),
      await client.send(`/v1/shares/${made.json.id}/access`, { method: 'POST', body }),
    ]) {
      expect([opened.status, opened.json.value]).toEqual([200, canary])
      expect(opened.headers['cache-control']).toBe('no-store')
    }
    expect((await client.send(path)).status).toBe(403)
    expect((await client.send(`${path}?passphrase=${passphrase}`)).status).toBe(403)
    expect((await client.send(path, { method: 'HEAD', headers })).status).toBe(405)
  })

  test('no answer but that to a read holds a value', async () => {
    const list = await owner(`/v1/vaults/${vault}/secrets`)
    const versions = await owner(`/v1/vaults/${vault}/secret-versions/db/main`)
    expect([list.status, versions.status]).toEqual([200, 200])
    expect(list.text + versions.text).not.toContain(canary)
  })
})
