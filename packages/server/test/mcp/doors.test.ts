import type { Client } from '@modelcontextprotocol/client'
import { registry } from '@pawl/core'
import { tagged } from '@pawl/testkit/canary'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { toolsOf } from '../../src/mcp/tools.ts'
import { doors, openRoom, type Room, say } from './sessions.ts'

// Goal: what a model does with a vault, through either door, with the client that the protocol's own people wrote. The
// agent has a vault of its own, so that nothing but its input decides.

const value = tagged('hunter2')

describe.each(doors)('a model over $name', ({ open }) => {
  let room: Room
  let client: Client
  let agent: { id: string; key: string }
  const use = (name: string, given?: Record<string, unknown>) => say(client, name, given)

  beforeAll(async () => {
    room = await openRoom()
    agent = await room.world.agent()
    client = await open({ url: room.url, key: agent.key })
  })
  afterAll(async () => {
    await client.close()
    await room[Symbol.asyncDispose]()
  })

  test('learns who answers, and is told what to do where no vault is open to it', async () => {
    expect(client.getServerVersion()).toMatchObject({ name: 'pawl', title: 'Pawl' })
    expect(client.getInstructions()).toContain('list_secrets')
    const { text, isError } = await use('list_secrets')
    expect([isError, text]).toEqual([true, expect.stringContaining('create_vault')])
  })

  test('makes a vault, and from then on works in it', async () => {
    const { answer } = await use('create_vault', { name: 'mine', description: 'for tests' })
    expect(answer).toMatchObject({ name: 'mine' })
    const listed = await use('list_vaults')
    expect(listed.answer).toEqual({ vaults: [expect.objectContaining({ name: 'mine', id: answer?.id })] })
    expect(JSON.parse(listed.text)).toEqual(listed.answer)
  })

  test('stores a secret, finds it, reads it, changes it and deletes it', async () => {
    const stored = await use('put_secret', {
      path: 'db/password',
      value,
      max_access_count: 0,
      metadata: { env: 'dev' },
    })
    expect(stored.answer).toMatchObject({ path: 'db/password', type: 'api_key', version: 1 })
    expect(stored.text).not.toContain(value)
    expect((await use('list_secrets', { prefix: 'db/' })).answer).toMatchObject({ secrets: [{ path: 'db/password' }] })
    expect((await use('list_secrets', { prefix: 'other/' })).answer).toEqual({ secrets: [] })
    expect((await use('describe_secret', { path: 'db/password' })).answer).toMatchObject({ metadata: { env: 'dev' } })
    expect((await use('get_secret', { path: 'db/password' })).answer).toEqual({
      path: 'db/password',
      type: 'api_key',
      version: 1,
      value,
    })
    expect((await use('rotate_and_store', { path: 'db/password', value: tagged('next') })).answer).toMatchObject({
      version: 2,
      type: 'api_key',
    })
    const generated = await use('rotate_generate', { path: 'db/password' })
    expect([generated.isError, generated.answer?.value]).toEqual([false, undefined])
    expect((await use('list_versions', { path: 'db/password' })).answer?.versions).toHaveLength(3)
    expect((await use('delete_secret', { path: 'db/password' })).answer).toEqual({ done: true })
    expect(await use('get_secret', { path: 'db/password' })).toMatchObject({ isError: true })
  })

  test('S5: changes with rotate_and_store only a secret that exists', async () => {
    const refused = await use('rotate_and_store', { path: 'db/passwrod', value })
    expect([refused.isError, refused.text]).toEqual([true, expect.stringContaining('No secret exists')])
    expect((await use('describe_secret', { path: 'db/passwrod' })).isError).toBe(true)
  })

  test('reads an environment as an object, and no other secret so', async () => {
    await use('put_secret', { path: 'env', value: `TOKEN=${value}\nPORT=80`, type: 'env_bundle' })
    expect((await use('get_env_bundle', { path: 'env' })).answer).toEqual({ TOKEN: value, PORT: '80' })
    await use('put_secret', { path: 'note', value: tagged('not an environment'), type: 'note' })
    const refused = await use('get_env_bundle', { path: 'note' })
    expect([refused.isError, refused.text]).toEqual([true, expect.stringContaining('env_bundle')])
    expect(refused.text).not.toContain(value)
  })

  test('lets another agent in, and shares with the human who made it', async () => {
    const other = await room.world.agent()
    const { vaults = [] } = (await use('list_vaults')).answer as { vaults?: { id: string }[] }
    const granted = await use('grant_access', {
      vault_id: vaults[0]?.id,
      principal_type: 'agent',
      principal_id: other.id,
    })
    expect(granted.answer).toMatchObject({ permissions: ['read'], secret_path_pattern: '**' })
    const { id } = (await use('describe_secret', { path: 'note' })).answer ?? {}
    const ends = { recipient_type: 'creator', expires_at: '2026-01-02T00:00:00Z' }
    expect((await use('share_secret', { secret_id: id, ...ends })).answer).toMatchObject({ max_access_count: 5 })
  })

  test('sees the secrets as a resource, without their values', async () => {
    const { resources } = await client.listResources()
    expect(resources).toMatchObject([{ uri: 'vault://secrets', mimeType: 'application/json' }])
    const [listing] = (await client.readResource({ uri: 'vault://secrets' })).contents
    const text = listing && 'text' in listing ? listing.text : ''
    expect(JSON.parse(text).secrets.map(({ path }: { path: string }) => path)).toEqual(['env', 'note'])
    expect(text).not.toContain(value)
    await expect(client.readResource({ uri: 'vault://else' })).rejects.toThrow(/not found/i)
  })

  test('is offered every tool of the registry', async () => {
    const { tools } = await client.listTools()
    expect(tools).toEqual([...toolsOf(registry).values()].map(({ shown }) => shown))
  })

  test('learns which argument is wrong, of any tool, and never sees it again', async () => {
    const canary = tagged('not what was meant')
    for (const [name, { shown }] of toolsOf(registry)) {
      const properties = Object.keys(shown.inputSchema.properties ?? {})
      for (const field of properties) {
        const others = Object.fromEntries((shown.inputSchema.required ?? []).map((one) => [one, canary]))
        const { text, isError } = await say(client, name, { ...others, [field]: { [canary]: [canary] } })
        expect([name, field, isError, text]).toEqual([name, field, true, expect.not.stringContaining(canary)])
        expect(text).not.toContain('internal error')
      }
      const [required] = shown.inputSchema.required ?? []
      if (required) expect((await say(client, name, {})).text).toContain(required)
      const undeclared = await say(client, name, { [canary]: canary })
      expect(undeclared).toMatchObject({ isError: true, text: expect.not.stringContaining(canary) })
    }
  })

  test('learns that there is no such tool', async () => {
    await expect(say(client, 'drop_database')).rejects.toThrow('The tool does not exist')
  })

  test('is heard in the latest version of the protocol too', async () => {
    const modern = await open({
      url: room.url,
      key: agent.key,
      options: { versionNegotiation: { mode: { pin: '2026-07-28' } } },
    })
    expect((await say(modern, 'get_secret', { path: 'note' })).answer).toMatchObject({ path: 'note' })
    expect((await modern.listTools()).tools.length).toBe((await client.listTools()).tools.length)
    await modern.close()
  })

  test('is told so when its key has been revoked, and uses nothing any more', async () => {
    await room.world.owner.agents.rotateKey({ agent_id: agent.id })
    room.world.clock.advance(2 * 60 * 60 * 1_000)
    await expect(say(client, 'get_secret', { path: 'note' })).rejects.toThrow(/revoked/)
    await expect(client.listTools(undefined, { cacheMode: 'refresh' })).rejects.toThrow(/revoked/)
  })
})
