import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from '@modelcontextprotocol/client'
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio'
import { createClient } from '@pawl/core/client'
import { tagged } from '@pawl/testkit/canary'
import { describe, expect, onTestFinished, test } from 'vitest'
import { main } from '../../src/cli/program.ts'
import { openRoom, overHttp, overStdio, pawlMcp, type Room, say } from '../mcp/sessions.ts'

// Goal: an agent cannot make others work in its vault, through any door (M1). Method: it makes the vault `default`, gives
// everybody everything in it, and looks what arrives. The doors are the command line, tools over HTTP and over `pawl mcp`,
// the client, and calls in the process.

async function withTrap() {
  const room = await openRoom()
  const mallory = await room.world.agent({ name: 'mallory' })
  const trap = await mallory.as.vaults.create({ name: 'default' })
  const stolen = async () => (await mallory.as.secrets.list({ vault_id: trap.id })).secrets.map(({ path }) => path)
  return { ...room, mallory, trap, stolen, [Symbol.asyncDispose]: () => room[Symbol.asyncDispose]() }
}

type Trapped = Awaited<ReturnType<typeof withTrap>>

/** An agent that took what the trap offers. */
async function victimOf({ world, mallory, trap }: Trapped) {
  const victim = await world.agent({ name: 'victim' })
  const { id } = await mallory.as.policies.create({ ...grantOf(trap.id), principal_id: victim.id })
  await victim.as.policies.accept({ policy_id: id })
  expect((await victim.as.vaults.list({})).vaults).toHaveLength(1)
  return victim
}

const grantOf = (vault_id: string) => ({
  vault_id,
  secret_path_pattern: '**',
  permissions: ['read' as const, 'write' as const],
  principal_type: 'agent' as const,
})

async function shell(room: Room, credential: string, args: readonly string[], env: Record<string, string> = {}) {
  const said: string[] = []
  const say = (line: string) => void said.push(line)
  const status = await main(args, {
    env: { PAWL_CONFIG_DIR: '/nowhere', PAWL_URL: room.url, PAWL_TOKEN: credential, ...env },
    isColoured: false,
    out: say,
    error: say,
    input: async () => `A=${tagged('hunter2')}`,
    stopped: async () => {},
  })
  return { status, said: said.join('\n') }
}

describe('M1: the vault that no caller named', () => {
  test.each([
    [['secret', 'set', 'db/main']],
    [['env', 'push', '-']],
    [['import', '-']],
    [['env', 'pull']],
    [['env', 'run', '--', 'true']],
    [['secret', 'get', 'db/main']],
    [['secret', 'describe', 'db/main']],
    [['secret', 'diff', 'db/main']],
    [['grant', 'victim', 'read', 'db/*']],
    [['revoke', 'victim', 'db/*']],
    [['policy', 'list']],
  ])('is not one of an agent for pawl %s, of its human or of another agent', async (args) => {
    await using room = await withTrap()
    const victim = await victimOf(room)
    const { api_key } = await room.world.owner.auth.createApiKey({ name: 'shell' })
    for (const credential of [api_key.reveal(), victim.key]) {
      const { status, said } = await shell(room, credential, args)
      expect([status, said]).not.toEqual([0, expect.anything()])
      expect(said).toMatch(/Only agents made the vaults that you can access: default\. Name one: --vault/)
    }
    expect(await room.stolen()).toEqual([])
  })

  test.each([overHttp, overStdio])('is not one of another agent for tools over $name', async (door) => {
    await using room = await withTrap()
    const victim = await victimOf(room)
    const client = await door.open({ url: room.url, key: victim.key })
    onTestFinished(() => client.close())
    for (const [tool, given] of [
      ['put_secret', { path: 'db/main', value: tagged('hunter2') }],
      ['list_secrets', {}],
      ['rotate_generate', { path: 'db/main' }],
    ] as const) {
      expect(await say(client, tool, given)).toMatchObject({
        isError: true,
        text: expect.stringMatching(/No vault is chosen/),
      })
    }
    expect(await room.stolen()).toEqual([])
  })

  test('is not one of another agent for the programs of `pawl mcp`, which would get what it planted', async () => {
    await using room = await withTrap()
    const { key } = await victimOf(room)
    await room.mallory.as.secrets.put({ vault_id: room.trap.id, path: 'deploy/token', value: tagged('planted') })
    const folder = mkdtempSync(join(tmpdir(), 'pawl-unnamed-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    const file = join(folder, 'commands.json')
    const deploy = { command: [process.execPath, '-e', '0'], env: { TOKEN: 'deploy/token' } }
    writeFileSync(file, JSON.stringify({ deploy }), { mode: 0o600 })
    const env = { PATH: process.env.PATH ?? '', PAWL_URL: room.url, PAWL_AGENT_API_KEY: key, PAWL_MCP_COMMANDS: file }
    const client = new Client({ name: 'test', version: '1' })
    await client.connect(new StdioClientTransport({ ...pawlMcp, env, stderr: 'ignore' }))
    onTestFinished(() => client.close())
    const { isError, text } = await say(client, 'run_with_secret', { command: 'deploy' })
    expect([isError, text]).toEqual([true, expect.stringContaining('Possible vaults: default. Set PAWL_VAULT_ID.')])
  })

  test('is none for the client and for calls in the process, which must name one', async () => {
    await using room = await withTrap()
    const victim = await victimOf(room)
    const remote = createClient({ url: room.url, token: victim.key })
    const input = { path: 'db/main', value: tagged('hunter2') } as never
    for (const { secrets } of [remote, victim.as]) await expect(secrets.put(input)).rejects.toThrow('vault_id')
    expect(await room.stolen()).toEqual([])
  })
})

interface Way {
  readonly door: string
  /** Makes the vault as this agent; throws what the door says. */
  makeVault(room: Room, key: string): Promise<unknown>
  /** Gives this agent everything in a vault. */
  grant(room: Room, key: string, vault: string, to: string): Promise<unknown>
}

const ways: readonly Way[] = [
  {
    door: 'the command line',
    makeVault: (room, key) => succeeding(shell(room, key, ['vault', 'create', 'another'])),
    grant: (room, key, vault, to) =>
      succeeding(shell(room, key, ['grant', to, 'read', '**', '--vault', vault, '--principal-type', 'agent'])),
  },
  ...[overHttp, overStdio].map(({ name, open }) => ({
    door: `tools over ${name}`,
    makeVault: (room: Room, key: string) =>
      withTools(open({ url: room.url, key }), 'create_vault', { name: 'another' }),
    grant: (room: Room, key: string, vault: string, to: string) =>
      withTools(open({ url: room.url, key, vault }), 'grant_access', {
        vault_id: vault,
        principal_type: 'agent',
        principal_id: to,
      }),
  })),
  {
    door: 'the client',
    makeVault: ({ url }, key) => createClient({ url, token: key }).vaults.create({ name: 'another' }),
    grant: ({ url }, key, vault, to) =>
      createClient({ url, token: key }).policies.create({ ...grantOf(vault), principal_id: to }),
  },
]

async function succeeding(ended: Promise<{ status: number; said: string }>): Promise<void> {
  const { status, said } = await ended
  if (status !== 0) throw new Error(said)
}

async function withTools(opening: Promise<Client>, tool: string, given: Record<string, unknown>): Promise<void> {
  const client = await opening
  const { isError, text } = await say(client, tool, given)
  await client.close()
  if (isError) throw new Error(text)
}

describe.each(ways)('M1: through $door', ({ makeVault, grant }) => {
  test('an agent that is limited to vaults makes no other, and any other agent does', async () => {
    await using room = await withTrap()
    const { id } = await room.world.owner.vaults.create({ name: 'prod' })
    const bound = await room.world.agent({ name: 'bound', vault_ids: [id], vault: id })
    await expect(makeVault(room, bound.key)).rejects.toThrow(/limited to its vaults/)
    await makeVault(room, room.mallory.key)
    const { vaults } = await room.world.owner.vaults.list({})
    expect(vaults.filter(({ name }) => name === 'another')).toMatchObject([{ created_by: room.mallory.id }])
  })

  test('what an agent grants gives nothing until it is accepted', async () => {
    await using room = await withTrap()
    const victim = await room.world.agent({ name: 'victim' })
    await grant(room, room.mallory.key, room.trap.id, victim.id)
    expect((await victim.as.vaults.list({})).vaults).toEqual([])
    const { policies } = await victim.as.policies.inbound({})
    expect(policies).toMatchObject([{ is_accepted: false, vault_id: room.trap.id }])
    await victim.as.policies.accept({ policy_id: policies[0]?.id ?? '' })
    expect((await victim.as.vaults.list({})).vaults).toMatchObject([{ name: 'default' }])
  })
})
