import { tagged, tagsIn } from '@pawl/testkit/canary'
import { describe, expect, test } from 'vitest'
import { times } from '../../../../tools/test-run/index.ts'
import { openRoom, overHttp, say } from './sessions.ts'

// Goal: nothing of one agent reaches another, nobody gets in who is no agent, and a session is what it says it is.

const call = (name: string, given: Record<string, unknown> = {}) => ({
  jsonrpc: '2.0',
  id: 1,
  method: 'tools/call',
  params: { name, arguments: given },
})

const bearer = (key: string) => ({ authorization: `Bearer ${key}` })

describe('agents that ask at once', () => {
  test('with the same ids get their own answers, whoever else asks (E12)', async () => {
    await using room = await openRoom()
    const { world } = room
    const agentCount = times('agents that ask at once', { quick: 10, whole: 50 })
    const agents = await Promise.all(
      Array.from({ length: agentCount }, async (_, number) => {
        const agent = await world.agent()
        const vault = await agent.as.vaults.create({ name: `vault-${number}` })
        await agent.as.secrets.put({ vault_id: vault.id, path: 'own', value: tagged(`value-${number}`) })
        return { key: agent.key, value: tagged(`value-${number}`) }
      }),
    )
    const heard = await Promise.all(
      agents.flatMap(({ key, value }) =>
        Array.from({ length: 10 }, async () => {
          const answer = await (await room.post(call('get_secret', { path: 'own' }), bearer(key))).json()
          return [answer.id, answer.result.structuredContent.value === value]
        }),
      ),
    )
    expect(heard).toHaveLength(agentCount * 10)
    expect(heard.every(([id, isOwn]) => id === 1 && isOwn)).toBe(true)
  })
})

describe('a session', () => {
  test('is for agents: a human, their key and whoever shows nothing are turned away before anything is read', async () => {
    await using room = await openRoom()
    const { api_key } = await room.world.owner.auth.createApiKey({ name: 'mine' })
    const broken = '{ this is not read'
    expect((await room.post(broken)).status).toBe(401)
    expect((await room.post(broken, bearer('ocv_nobody'))).status).toBe(401)
    const refused = await room.post(broken, bearer(api_key.reveal()))
    expect([refused.status, (await refused.json()).detail]).toEqual([403, 'Only agent callers may do this.'])
  })

  test('works in the vault that it names, or that alone is open; of several it asks for one (M1)', async () => {
    await using room = await openRoom()
    const { owner } = room.world
    const vaults = new Map<string, string>()
    for (const name of ['first', 'default', 'last']) {
      const { id } = await owner.vaults.create({ name })
      vaults.set(name, id)
      await owner.secrets.put({ vault_id: id, path: `in/${name}`, value: tagged(name) })
      room.world.clock.advance(1)
    }
    const seenBy = async (open: readonly string[], headers: Record<string, string> = {}) => {
      const policies = open.map((name) => ({ vault_id: vaults.get(name) ?? '', pattern: '**' }))
      const { key } = await room.world.agent({ policies })
      const { result } = await (await room.post(call('list_secrets'), { ...bearer(key), ...headers })).json()
      return result.structuredContent?.secrets.map(({ path }: { path: string }) => path) ?? result.content[0].text
    }
    expect(await seenBy(['last'])).toEqual(['in/last'])
    expect(await seenBy(['last', 'default', 'first'])).toMatch(/Possible vaults: first, default, last.*X-Vault-ID/)
    expect(await seenBy(['last', 'first'], { 'x-vault-id': vaults.get('last') ?? '' })).toEqual(['in/last'])
    expect(await seenBy(['last'], { 'x-vault-id': vaults.get('first') ?? '' })).toContain('vault does not exist')
    expect(await seenBy([])).toContain('create_vault')
  })

  test('M1: works in no vault that another agent made, whatever its name', async () => {
    await using room = await openRoom()
    const { owner } = room.world
    const mallory = await room.world.agent()
    const trap = await mallory.as.vaults.create({ name: 'default' })
    const { id: real } = await owner.vaults.create({ name: 'real' })
    const policies = [{ pattern: '**', permissions: ['read' as const, 'write' as const] }]
    const { key, id } = await room.world.agent({ vault: real, policies })
    const grant = { vault_id: trap.id, secret_path_pattern: '**', permissions: ['read' as const, 'write' as const] }
    await mallory.as.policies.create({ ...grant, principal_type: 'agent', principal_id: id })
    await room.post(call('put_secret', { path: 'a', value: tagged('x') }), bearer(key))
    expect((await owner.secrets.list({ vault_id: real })).secrets.map(({ path }) => path)).toEqual(['a'])
    await owner.vaults.delete({ vault_id: real })
    const { result } = await (await room.post(call('list_secrets'), bearer(key))).json()
    expect(result.isError).toBe(true)
  })

  test('of a vault that is not open ends when it begins (E16)', async () => {
    await using room = await openRoom()
    const { id } = await room.world.owner.vaults.create({ name: 'prod' })
    const { key } = await room.world.agent()
    const hello = {
      jsonrpc: '2.0',
      id: 1,
      method: 'initialize',
      params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'x', version: '1' } },
    }
    expect((await room.post(hello, { ...bearer(key), 'x-vault-id': id })).status).toBe(404)
    expect((await room.post(hello, bearer(key))).status).toBe(200)
  })

  test('begins in the vault that is the right one by then', async () => {
    await using room = await openRoom()
    const { owner } = room.world
    const { key, as, id } = await room.world.agent()
    await as.vaults.create({ name: 'own' })
    const connect = () => overHttp.open({ url: room.url, key })
    const before = await connect()
    await say(before, 'put_secret', { path: 'a', value: tagged('x') })
    const { id: vault_id } = await owner.vaults.create({ name: 'given' })
    const granted = { principal_type: 'agent', principal_id: id, permissions: ['read'] } as const
    await owner.policies.create({ vault_id, secret_path_pattern: '**', ...granted })
    expect((await say(before, 'list_secrets')).answer).toMatchObject({ secrets: [{ path: 'a' }] })
    const after = await connect()
    expect((await say(after, 'list_secrets')).answer).toEqual({ secrets: [] })
    await before.close()
    await after.close()
  })

  test('looks for another vault when the one it found is not open any more', async () => {
    await using room = await openRoom()
    const { owner } = room.world
    const first = await owner.vaults.create({ name: 'first' })
    const agent = await room.world.agent({ vault: first.id })
    const client = await overHttp.open({ url: room.url, key: agent.key })
    expect((await say(client, 'list_secrets')).answer).toEqual({ secrets: [] })
    const second = await owner.vaults.create({ name: 'second' })
    await owner.secrets.put({ vault_id: second.id, path: 'there', value: tagged('x') })
    const granted = { principal_type: 'agent', principal_id: agent.id, permissions: ['read'] } as const
    await owner.policies.create({ vault_id: second.id, secret_path_pattern: '**', ...granted })
    await owner.vaults.delete({ vault_id: first.id })
    expect((await say(client, 'list_secrets')).isError).toBe(true)
    expect((await say(client, 'list_secrets')).answer).toMatchObject({ secrets: [{ path: 'there' }] })
    await client.close()
  })

  test('shows no values where it is to show none, and cannot ask for more than the server gives', async () => {
    for (const { server, session } of [
      { server: false, session: 'on' },
      { server: true, session: 'off' },
    ] as const) {
      await using room = await openRoom({ values: server })
      const agent = await room.world.agent()
      const client = await overHttp.open({ url: room.url, key: agent.key, values: session })
      await say(client, 'create_vault', { name: 'mine' })
      const value = tagged('hunter2')
      expect((await say(client, 'put_secret', { path: 'a', value })).isError).toBe(false)
      const { tools } = await client.listTools()
      const names = tools.map(({ name }) => name)
      expect(names).toEqual(expect.arrayContaining(['list_secrets', 'put_secret', 'rotate_generate']))
      expect(names).not.toEqual(expect.arrayContaining(['get_secret']))
      expect(names).not.toContain('get_env_bundle')
      // M8: a link or a policy would show the value to whom the model chooses.
      for (const name of ['get_secret', 'get_env_bundle', 'share_secret', 'grant_access']) {
        expect(names).not.toContain(name)
        await expect(say(client, name, { path: 'a' })).rejects.toThrow('does not show secret values')
      }
      await client.close()
    }
  })

  test('N9: works in a vault that it made, by its name or ID, and never in one of another agent', async () => {
    await using room = await openRoom()
    const { owner } = room.world
    const old = await owner.vaults.create({ name: 'old' })
    const foreign = await owner.vaults.create({ name: 'foreign' })
    room.world.clock.advance(1)
    const agent = await room.world.agent({ policies: [{ vault_id: old.id, pattern: '**' }] })
    const client = await overHttp.open({ url: room.url, key: agent.key, vault: old.id })
    const { answer } = await say(client, 'create_vault', { name: 'mine' })
    for (const vault of ['mine', `${answer?.id}`]) {
      const { isError } = await say(client, 'put_secret', { path: `by/${vault}`, value: tagged('x'), vault })
      expect(isError).toBe(false)
      expect((await say(client, 'list_secrets', { vault })).text).toContain(`by/${vault}`)
    }
    expect((await say(client, 'list_secrets')).answer).toEqual({ secrets: [] })
    for (const vault of ['foreign', foreign.id, '', 'x'.repeat(5_000), '../old', 7]) {
      const { text, isError } = await say(client, 'list_secrets', { vault })
      expect([isError, text]).toEqual([true, expect.stringMatching(/list_vaults/)])
      if (vault !== '' && vault !== 7) expect(text).not.toContain(vault)
    }
    await client.close()
  })

  test('N9: is told which permission a human must give, and which argument is wrong', async () => {
    await using room = await openRoom()
    const { id } = await room.world.owner.vaults.create({ name: 'prod' })
    const agent = await room.world.agent({ policies: [{ vault_id: id, pattern: 'open/*' }] })
    const client = await overHttp.open({ url: room.url, key: agent.key })
    expect((await say(client, 'put_secret', { path: 'open/a', value: tagged('x') })).text).toContain('permission write')
    expect((await say(client, 'get_secret', { path: 'shut/a' })).text).toContain('permission read')
    expect((await say(client, 'get_secret', { path: 'open/a', secret_path: 'b' })).text).toMatch(/^secret_path: /)
    const canary = tagged('argument')
    expect((await say(client, 'get_secret', { path: 'open/a', [canary]: 'b' })).text).not.toContain(canary)
    await client.close()
  })

  test('leaves one event for each use of a tool, and no value in it', async () => {
    await using room = await openRoom()
    const agent = await room.world.agent()
    const client = await overHttp.open({ url: room.url, key: agent.key })
    await say(client, 'create_vault', { name: 'mine' })
    await say(client, 'put_secret', { path: 'a', value: tagged('hunter2') })
    await say(client, 'get_secret', { path: 'a' })
    await client.close()
    const { events } = await room.world.owner.audit.events({ actor_id: agent.id })
    expect(events.map(({ action }) => action).reverse()).toEqual([
      'vault.create',
      'vault.list',
      'secret.write',
      'secret.read',
    ])
    expect(tagsIn(Buffer.from(JSON.stringify(events)))).toEqual([])
  })
})

describe('what arrives at /mcp', () => {
  test('is a POST of JSON that is not too large and not too deep', async () => {
    await using room = await openRoom()
    const { key } = await room.world.agent()
    for (const method of ['GET', 'DELETE', 'PUT']) {
      const { status, headers } = await fetch(`${room.url}/mcp`, { method, headers: bearer(key) })
      expect([method, status, headers.get('allow')]).toEqual([method, 405, 'POST'])
    }
    const huge = JSON.stringify(call('put_secret', { path: 'a', value: tagged('x'.repeat(6 * 1024 * 1024)) }))
    expect((await room.post(huge, bearer(key))).status).toBe(413)
    expect((await room.post('['.repeat(100_000), bearer(key))).status).toBe(400)
    expect((await room.post('no json', bearer(key))).status).toBe(400)
    expect((await room.post(call('list_vaults'), { ...bearer(key), 'content-type': 'text/plain' })).status).toBe(415)
    const nobody = { ...call('list_vaults'), method: 'tools/destroy' }
    expect((await (await room.post(nobody, bearer(key))).json()).error.code).toBe(-32_601)
  })
})
