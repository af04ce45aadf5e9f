import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { operation } from '@pawl/core/area'
import { describe, expect, it } from 'vitest'
import { tagged } from '../canary/index.ts'
import { listenWith } from '../fakes/loopback.ts'
import { startLocalVault } from './index.ts'

const run = promisify(execFile)

async function fakeService() {
  const { url, close } = await listenWith((request, response) => response.end(request.headers.authorization))
  return { url, [Symbol.asyncDispose]: close }
}

interface Where {
  readonly url: string
  readonly vaultId: string
}

const get = ({ url, vaultId }: Where, key: string, path: string) =>
  fetch(`${url}/v1/vaults/${vaultId}/secrets/${path}`, { headers: { authorization: `Bearer ${key}` } })

describe('startLocalVault', () => {
  it('serves the secrets it was given to the agents it was given, and nothing else', async () => {
    await using vault = await startLocalVault({
      secrets: { 'db/password': tagged('hunter2'), 'app/key': 'other' },
      agents: { reporter: ['db/*'] },
    })
    const { key } = vault.agents.reporter
    expect(await (await get(vault, key, 'db/password')).json()).toMatchObject({ value: tagged('hunter2') })
    expect((await get(vault, key, 'app/key')).status).toBe(403)
  })

  it('tells a program all it needs by its environment', async () => {
    await using vault = await startLocalVault({ secrets: { a: tagged('hunter2') }, agents: { reporter: ['a'] } })
    const program = `
      const { ONECLAW_BASE_URL: url, ONECLAW_AGENT_API_KEY: api_key, ONECLAW_VAULT_ID: vault } = process.env
      const [headers, body] = [{ 'content-type': 'application/json' }, JSON.stringify({ api_key })]
      const token = await (await fetch(url + '/v1/auth/agent-token', { method: 'POST', headers, body })).json()
      const authorization = 'Bearer ' + token.access_token
      const secret = await fetch(url + '/v1/vaults/' + vault + '/secrets/a', { headers: { authorization } })
      console.log(token.agent_id === process.env.ONECLAW_AGENT_ID, (await secret.json()).value)`
    const { env } = vault.agents.reporter
    const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', program], { env })
    expect(stdout).toBe(`true ${tagged('hunter2')}\n`)
    await vault.assertOnlyRead({ reporter: ['a'] })
  })

  it('N2: reads over MCP and HTTP, and looking up the vault is no read', async () => {
    await using vault = await startLocalVault({ secrets: { a: tagged('hunter2') }, agents: { reporter: ['a'] } })
    const { key } = vault.agents.reporter
    const use = async (name: string, given: object) => {
      const message = { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name, arguments: given } }
      const headers = { 'content-type': 'application/json', authorization: `Bearer ${key}` }
      return (await fetch(`${vault.url}/mcp`, { method: 'POST', headers, body: JSON.stringify(message) })).text()
    }
    expect(await use('get_secret', { path: 'a' })).toContain(tagged('hunter2'))
    await vault.assertOnlyRead({ reporter: ['a'] })
    await use('list_secrets', {})
    await expect(vault.assertOnlyRead({ reporter: ['a'] })).rejects.toThrow('secret.list')
  })

  it('N2: calls a fake service on this machine through a binding, and no other machine', async () => {
    await using vault = await startLocalVault({ agents: { shop: { can: {}, execution_intents_enabled: true } } })
    await using service = await fakeService()
    const { id, client } = vault.agents.shop
    const bind = (name: string, base_url: string) =>
      vault.owner.bindings.create({
        ...{ agent_id: id, name, binding_type: 'http', config: { base_url } },
        credential: tagged('sk_live'),
      })
    await bind('near', service.url)
    await bind('far', 'http://10.0.0.1')
    const call = (binding: string) => client.bindings.execute({ agent_id: 'me', binding, params: { path: '/x' } })
    expect(await call('near')).toMatchObject({ status: 'success', result: { body: 'Bearer [redacted]' } })
    expect(await call('far')).toMatchObject({ status: 'error', error: expect.stringContaining('127.0.0.1') })
  })

  it('has several vaults, and a place in one of them is named with it', async () => {
    await using vault = await startLocalVault({
      vaults: { staging: { secrets: { a: 'staged' } }, prod: { secrets: { a: 'produced' } }, empty: {} },
      agents: { reader: ['a'], other: ['prod:a'] },
    })
    const { staging, prod, empty } = vault.vaults
    expect(vault.vaultId).toBe(staging.id)
    const { secrets } = await vault.owner.secrets.list({ vault_id: empty.id })
    expect(secrets).toEqual([])
    const { reader, other } = vault.agents
    expect((await reader.client.secrets.get({ vault_id: staging.id, path: 'a' })).value.reveal()).toBe('staged')
    expect((await other.client.secrets.get({ vault_id: prod.id, path: 'a' })).value.reveal()).toBe('produced')
    await expect(other.client.secrets.get({ vault_id: staging.id, path: 'a' })).rejects.toThrow()
  })

  it('takes everything that can be said of a secret, an agent and a policy', async () => {
    await using vault = await startLocalVault({
      seed: 'all',
      secrets: { once: { value: tagged('v'), max_access_count: 1, metadata: { team: 'red' } }, 'no/one': 'v' },
      agents: {
        writer: { can: { read: ['**'], write: ['tmp/**'] }, description: 'Writes.' },
        guest: { token_ttl_seconds: 120 },
      },
      policies: [
        { agent: 'writer', pattern: 'no/**', effect: 'deny' },
        { agent: 'guest', pattern: 'once', expires_at: '2026-01-01T01:00:00Z' },
      ],
    })
    const at = (path: string) => ({ vault_id: vault.vaultId, path })
    const { writer, guest } = vault.agents
    expect(await writer.client.secrets.get(at('once'))).toMatchObject({ metadata: { team: 'red' } })
    await expect(writer.client.secrets.get(at('once'))).rejects.toMatchObject({ kind: 'gone' })
    await expect(writer.client.secrets.get(at('no/one'))).rejects.toMatchObject({ kind: 'denied' })
    await writer.client.secrets.put({ ...at('tmp/a'), value: tagged('w') })
    await expect(writer.client.secrets.put({ ...at('a'), value: tagged('w') })).rejects.toMatchObject({
      kind: 'denied',
    })
    expect(await vault.owner.agents.get({ agent_id: writer.id })).toMatchObject({ description: 'Writes.' })
    await expect(guest.client.secrets.get(at('once'))).rejects.toMatchObject({ kind: 'gone' })
    vault.clock.advance(3_600_000)
    await expect(guest.client.secrets.get(at('once'))).rejects.toMatchObject({ kind: 'denied' })
  })

  it('gives the same ids and keys for the same seed, and others for another', async () => {
    const made = async (seed?: string) => {
      await using vault = await startLocalVault({
        ...(seed ? { seed } : {}),
        secrets: { a: 'v' },
        agents: { one: ['a'] },
      })
      const { id, key } = vault.agents.one
      return { vault: vault.vaultId, id, key }
    }
    const first = await made('a')
    expect(await made('a')).toEqual(first)
    for (const other of [await made('b'), await made()]) {
      expect(other.vault).not.toBe(first.vault)
      expect(other.id).not.toBe(first.id)
      expect(other.key).not.toBe(first.key)
    }
  })

  it('has one clock for the engine and for HTTP', async () => {
    await using vault = await startLocalVault({ engine: { rateLimits: true } })
    const headers = { 'content-type': 'application/json' }
    const signIn = async () =>
      (await fetch(`${vault.url}/v1/auth/agent-token`, { method: 'POST', headers, body: '{"api_key":"ocv_no"}' }))
        .status
    const statuses: number[] = []
    while (!statuses.includes(429)) statuses.push(await signIn())
    vault.clock.advance(60_000)
    expect(await signIn()).toBe(401)
  })

  it('keeps the mail that is sent', async () => {
    await using vault = await startLocalVault({ secrets: { wifi: tagged('hunter2') } })
    const share = { vault_id: vault.vaultId, secret_path: 'wifi', recipient_type: 'external_email' } as const
    await vault.owner.sharing.createByPath({ ...share, email: 'ada@example.com' })
    expect(await vault.outbox.to('ada@example.com')).toHaveLength(1)
    expect(await vault.outbox.to('bob@example.com')).toHaveLength(0)
  })

  it('starts a chain and a model when they are wanted, and closes them with itself', async () => {
    const vault = await startLocalVault()
    const [chain, model] = [await vault.chain(), await vault.model({ reply: ['Done.'] })]
    const status = () => fetch(`${model.url}/v1/models`).then(({ status }) => status)
    expect(await status()).toBe(200)
    await vault.close()
    await expect(status()).rejects.toThrow()
    await expect(fetch(chain.url)).rejects.toThrow()
  })

  it('serves areas of somebody else, with their types', async () => {
    const note = { parse: (value: unknown) => value as { text: string } }
    const add = operation({
      name: 'notes.add',
      summary: 'Add a note.',
      http: { method: 'POST', path: '/v1/notes', status: 201, id: 'addNote', tag: 'Notes' },
      effect: 'write',
      access: { signedIn: ['user', 'agent'] },
      audit: { action: 'note.add', resource: 'note' },
      input: note,
      output: note,
      errors: [],
      run: (_, { text }) => ({ text }),
    })
    await using vault = await startLocalVault({
      agents: { writer: [] },
      engine: { areas: [{ name: 'notes', operations: { add } }] },
    })
    expect(await vault.agents.writer.client.notes.add({ text: 'hello' })).toEqual({ text: 'hello' })
    expect(await vault.agents.writer.activity()).toMatchObject([{ action: 'note.add', outcome: 'allowed' }])
    expect((await fetch(`${vault.url}/v1/notes`, { method: 'POST' })).status).toBe(401)
  })

  it('is gone when its scope ends, and may be closed before', async () => {
    let url = ''
    {
      await using vault = await startLocalVault()
      url = vault.url
      expect((await fetch(`${url}/v1/health`)).status).toBe(200)
      await vault.close()
    }
    await expect(fetch(`${url}/v1/health`)).rejects.toThrow()
  })

  it.each([
    ['a vault', { secrets: { a: 'v' }, agents: { one: ['prdo:a'] } }, 'no vault has this name. Vaults: default.'],
    [
      'an agent',
      { agents: { one: [] }, policies: [{ agent: 'two' as 'one', pattern: 'a' }] },
      'The agent two does not exist',
    ],
    ['a path', { secrets: { 'a//b': 'v' } }, 'path'],
    ['where secrets are', { secrets: {}, vaults: { prod: {} } }, 'but not both'],
  ])('says what is wrong with %s, and leaves no server behind', async (_, wanted, problem) => {
    const first = await startLocalVault()
    const port = Number(new URL(first.url).port)
    await first.close()
    await expect(startLocalVault({ ...wanted, port })).rejects.toThrow(problem)
    await using again = await startLocalVault({ port })
    expect((await fetch(`${again.url}/v1/health`)).status).toBe(200)
  })
})
