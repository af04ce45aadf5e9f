import { operation, type Registry } from '@pawl/core'
import { describe, expect, test } from 'vitest'
import * as z from 'zod'
import { bareEngine } from '../../test/operations.ts'
import { type Sent, transports } from '../../test/transports.ts'
import { goModels } from './go-shapes.ts'
import type { HttpOptions } from './options.ts'
import { quirksOf, settle } from './profiles.ts'

const now = Date.parse('2026-01-01T00:00:00Z')
const goAgent = 'OpenAPI-Generator/1.0.0/go'

type Fields = Record<string, z.ZodType>

/** An operation on this route that knows these fields, and answers what it was given or what is said here. */
function registryOf(route: string, known: Fields, output?: unknown): Registry {
  const [method, path] = route.split(' ') as ['GET', string]
  const declared = operation({
    name: 'test.it',
    summary: '',
    http: { method, path, status: 200, id: 'it', tag: 'Test' },
    effect: 'read',
    access: 'public',
    audit: 'none',
    input: z.looseObject(known),
    output: z.any(),
    errors: [],
    run: async (_, input) => output ?? input,
  })
  return { test: { it: declared } }
}

const text = z.string().optional()

describe.each(transports)('over $name', ({ open }) => {
  async function send(registry: Registry, path: string, sent: Sent, options: HttpOptions = {}) {
    const client = await open(bareEngine(), { registry, now: () => now, ...options })
    const received = await client.send(path, sent)
    await client.close()
    return received
  }

  async function input(route: string, known: Fields, path: string, sent: Sent & { json?: unknown }) {
    const method = route.split(' ')[0] ?? ''
    const body = sent.json === undefined ? {} : { body: JSON.stringify(sent.json) }
    const { json } = await send(registryOf(route, known), path, { method, ...body, ...sent })
    return json
  }

  describe('an older name of a field', () => {
    test('is read as the field (§20)', async () => {
      const put = 'PUT /v1/vaults/{id}/secrets/{path+}'
      expect(await input(put, { type: text }, '/v1/vaults/7/secrets/a/b', { json: { secret_type: 'note' } })).toEqual({
        id: '7',
        path: 'a/b',
        type: 'note',
        secret_type: 'note',
      })
      const agent = { intents_api_enabled: z.boolean().optional(), tx_max_value: text, tx_daily_limit: text }
      const sent = { crypto_proxy_enabled: true, tx_max_value_eth: '1', tx_daily_limit_eth: '2' }
      const wanted = { intents_api_enabled: true, tx_max_value: '1', tx_daily_limit: '2' }
      expect(await input('POST /v1/agents', agent, '/v1/agents', { json: sent })).toMatchObject(wanted)
      expect(await input('PATCH /v1/agents/{agent_id}', agent, '/v1/agents/7', { json: sent })).toMatchObject(wanted)
      const me = { confirmation: text }
      expect(await input('DELETE /v1/auth/me', me, '/v1/auth/me', { json: { confirm: 'x' } })).toMatchObject({
        confirmation: 'x',
      })
    })

    test('of a share is read whichever of the two an operation knows (§9.2.1, §9.3)', async () => {
      const share = 'POST /v1/secrets/{secret_id}/share'
      const sent = { json: { recipient_email: 'a@b.c', max_views: 3 } }
      const known = { email: text, max_access_count: z.int().optional() }
      expect(await input(share, known, '/v1/secrets/7/share', sent)).toMatchObject({
        email: 'a@b.c',
        max_access_count: 3,
      })
      const other = await input(share, { recipient_email: text }, '/v1/secrets/7/share', { json: { email: 'a@b.c' } })
      expect(other).toMatchObject({ recipient_email: 'a@b.c' })
    })

    test('gives way to the name that is declared', async () => {
      const put = 'PUT /v1/vaults/{id}/secrets/{path+}'
      const sent = { json: { type: 'file', secret_type: 'note' } }
      expect(await input(put, { type: text }, '/v1/vaults/7/secrets/a', sent)).toMatchObject({ type: 'file' })
      const both = { tx_max_value: text, tx_max_value_eth: text }
      const eth = { json: { tx_max_value_eth: '1' } }
      expect(await input('POST /v1/agents', both, '/v1/agents', eth)).toEqual({ tx_max_value_eth: '1' })
    })
  })

  describe('a lifetime in hours', () => {
    const route = 'POST /v1/shares'

    test('is read as the moment it ends (§9.3)', async () => {
      const sent = { json: { expires_in_hours: 24 } }
      expect(await input(route, { expires_at: text }, '/v1/shares', sent)).toMatchObject({
        expires_at: '2026-01-02T00:00:00.000Z',
      })
      const both = { json: { expires_in_hours: 24, expires_at: '2026-06-01T00:00:00Z' } }
      expect(await input(route, { expires_at: text }, '/v1/shares', both)).toMatchObject({
        expires_at: '2026-06-01T00:00:00Z',
      })
    })

    test('that is none is refused', async () => {
      for (const hours of ['24', 0, -1, 1e9, {}]) {
        const { code } = await input(route, { expires_at: text }, '/v1/shares', { json: { expires_in_hours: hours } })
        expect(code, String(hours)).toBe('invalid_input')
      }
    })
  })

  describe('a passphrase', () => {
    const known = { passphrase: text }
    const headers = { 'x-share-passphrase': 'sesame' }

    test('may come in a header (§9.2.10)', async () => {
      for (const [route, path] of [
        ['GET /v1/share/{share_id}', '/v1/share/7'],
        ['POST /v1/share/{share_id}', '/v1/share/7'],
        ['POST /v1/shares/{id}/access', '/v1/shares/7/access'],
      ] as const) {
        expect(await input(route, known, path, { headers }), route).toMatchObject({ passphrase: 'sesame' })
      }
    })

    test('may come in the body of a POST, which wins over the header', async () => {
      const sent = { headers, json: { passphrase: 'open' } }
      expect(await input('POST /v1/share/{id}', known, '/v1/share/7', sent)).toMatchObject({ passphrase: 'open' })
    })

    test('M24: must be valid in the header, even if the field of the body counts', async () => {
      const known = { passphrase: z.string().min(1).optional() }
      const sent = { headers: { 'x-share-passphrase': '' }, json: { passphrase: 'open' } }
      expect(await input('POST /v1/shares/{id}/access', known, '/v1/shares/7/access', sent)).toMatchObject({
        code: 'invalid_input',
      })
    })

    test('may not come in the query, where it would be written down', async () => {
      expect(await input('GET /v1/share/{id}', known, '/v1/share/7?passphrase=open', {})).toEqual({ id: '7' })
    })

    test('in a header is nothing to other operations', async () => {
      expect(await input('POST /v1/shares', known, '/v1/shares', { headers })).toEqual({})
    })
  })

  describe('the Go client', () => {
    const vault = { id: '7', name: 'prod', created_at: 'now', cmek_enabled: false, mpc_custody: 'x', org_id: 'y' }
    const trimmed = { id: '7', name: 'prod', created_at: 'now', cmek_enabled: false }
    const get = async (route: string, path: string, output: unknown, agent: string = goAgent) => {
      const method = route.split(' ')[0] ?? ''
      return (await send(registryOf(route, {}, output), path, { method, headers: { 'user-agent': agent } })).json
    }

    test('gets only the fields it knows, on their own and in lists (§1.3)', async () => {
      expect(await get('GET /v1/vaults/{vault_id}', '/v1/vaults/7', vault)).toEqual(trimmed)
      expect(await get('GET /v1/vaults', '/v1/vaults', { vaults: [vault, vault], total: 2 })).toEqual({
        vaults: [trimmed, trimmed],
        total: 2,
      })
    })

    test('gets no agent_id with its token, which every other client needs (§1.3, A1, A2)', async () => {
      const token = { access_token: 't', token_type: 'Bearer', expires_in: 3600, agent_id: '7', vault_ids: ['8'] }
      const route = 'POST /v1/auth/agent-token'
      expect(await get(route, '/v1/auth/agent-token', token)).toEqual({
        access_token: 't',
        token_type: 'Bearer',
        expires_in: 3600,
      })
      expect(await get(route, '/v1/auth/agent-token', token, 'node')).toEqual(token)
    })

    test('gets nested models trimmed too, and free-form maps whole (§1.3)', async () => {
      const agent = { id: '7', mpc_key: 1, shroud_config: { pii_policy: 'warn', semantic_policy: {} } }
      const created = { agent, api_key: 'ocv_x', hint: 'new' }
      expect(await get('POST /v1/agents', '/v1/agents', created)).toEqual({
        agent: { id: '7', shroud_config: { pii_policy: 'warn' } },
        api_key: 'ocv_x',
      })
      const secret = { id: '7', metadata: { anything: { goes: 1 } }, is_disabled: true }
      expect(await get('GET /v1/vaults/{id}/secrets/{path+}', '/v1/vaults/7/secrets/a/b', secret)).toEqual({
        id: '7',
        metadata: { anything: { goes: 1 } },
      })
    })

    test('gets models within models trimmed, however deep (Appendix B)', async () => {
      const shroud_config = { command_injection_detection: { action: 'block', strictness: 'strict' } }
      const smart_accounts = [{ chain: 'base', init_data: { any: 1 }, owner: 'x' }]
      const agents = [{ id: '7', shroud_config, smart_accounts, evm_address: '0x' }]
      expect(await get('GET /v1/agents', '/v1/agents', { agents, count: 1 })).toEqual({
        agents: [
          {
            id: '7',
            shroud_config: { command_injection_detection: { action: 'block' } },
            smart_accounts: [{ chain: 'base', init_data: { any: 1 } }],
          },
        ],
        count: 1,
      })
    })

    test('S16: never sees a deny rule as a grant, and leaves such a rule alone when it changes one', async () => {
      const rule = { id: '7', permissions: ['read'], effect: 'deny' }
      expect(await get('GET /v1/vaults/{id}/policies', '/v1/vaults/7/policies', { policies: [rule] })).toEqual({
        policies: [{ id: '7', permissions: [] }],
      })
      // The answer is trimmed as well, so what the operation is asked is read here.
      const asked = (userAgent: string) => {
        const given: Record<string, unknown> = { permissions: ['read'] }
        const quirks = quirksOf('PUT /v1/vaults/{}/policies/{}')
        settle(given, quirks, new Set(['permissions', 'if_effect']), (name) => ({ 'user-agent': userAgent })[name], 0)
        return given
      }
      expect(asked(goAgent)).toEqual({ permissions: ['read'], if_effect: 'allow' })
      expect(asked('node')).toEqual({ permissions: ['read'] })
    })

    test('S17: has any name, where it asks for the old contract', async () => {
      const ask = async (prefer: string) =>
        (await send(registryOf('GET /v1/vaults/{id}', {}, vault), '/v1/vaults/7', { headers: { prefer } })).json
      for (const prefer of ['contract=2.6', 'respond-async, contract="2.6"']) expect(await ask(prefer)).toEqual(trimmed)
      for (const prefer of ['contract=2.60', 'contract=3', 'x-contract=2.6']) expect(await ask(prefer)).toEqual(vault)
    })

    test('is known by the name of its generator, from beginning to end', async () => {
      for (const agent of ['OpenAPI-Generator/2.6.0/go', 'OpenAPI-Generator//go']) {
        expect(await get('GET /v1/vaults/{id}', '/v1/vaults/7', vault, agent), agent).toEqual(trimmed)
      }
      for (const agent of [
        'OpenAPI-Generator/1.0.0/python',
        'x OpenAPI-Generator/1.0.0/go',
        'node',
        'Go-http-client',
      ]) {
        expect(await get('GET /v1/vaults/{id}', '/v1/vaults/7', vault, agent), agent).toEqual(vault)
      }
    })
  })
})

test('a passphrase may come in the body of a GET (§9.2.10)', async () => {
  const registry = registryOf('GET /v1/share/{share_id}', { passphrase: text })
  const [node] = transports
  const client = await node?.open(bareEngine(), { registry })
  const body = '{"passphrase": "sesame"}'
  expect((await client?.send('/v1/share/7', { body }))?.json).toEqual({ share_id: '7', passphrase: 'sesame' })
  await client?.close()
})

test('the body of any other GET is not read, and the next request is (§1.1.1)', async () => {
  const registry = registryOf('GET /v1/vaults', { name: text })
  const [node] = transports
  const client = await node?.open(bareEngine(), { registry })
  const headers = { connection: 'keep-alive' }
  expect((await client?.send('/v1/vaults', { body: '{"name": "x"}', headers }))?.json).toEqual({})
  expect((await client?.send('/v1/vaults', { headers }))?.status).toBe(200)
  await client?.close()
})

test('the Go client gets every field that its models had, and nothing that the contract was given since (§1.3)', () => {
  const has = (model: string, fields: string) => {
    expect(Object.keys(goModels[model] ?? {}).sort(), model).toEqual(fields.split(' ').sort())
  }
  has('TokenResponse', 'access_token token_type expires_in refresh_token')
  has('VaultResponse', 'id name description created_by created_by_type created_at cmek_enabled cmek_fingerprint')
  has('SecretResponse', 'id path type value version metadata created_by created_at expires_at cmek_encrypted')
  has('SecretMetadataResponse', 'id path type version metadata created_at expires_at')
  has('SecretCreatedResponse', 'id path type version metadata created_at expires_at')
  has(
    'PolicyResponse',
    'id vault_id secret_path_pattern principal_type principal_id permissions conditions expires_at created_by ' +
      'created_by_type created_at',
  )
  has(
    'AgentResponse',
    'id name description auth_method scopes is_active intents_api_enabled tx_to_allowlist tx_max_value_eth ' +
      'tx_daily_limit_eth tx_allowed_chains token_ttl_seconds vault_ids client_cert_fingerprint oidc_issuer ' +
      'oidc_client_id ssh_public_key ecdh_public_key shroud_enabled shroud_config created_at expires_at ' +
      'last_active_at smart_accounts',
  )
  has('AgentCreatedResponse', 'agent api_key')
  has(
    'CmekRotationJobResponse',
    'id vault_id old_fingerprint new_fingerprint status total_secrets processed error started_at completed_at ' +
      'created_at',
  )
  has('JwtPublicKeyResponse', 'alg public_key_base64')
})
