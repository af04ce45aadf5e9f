import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { type AddressInfo, createServer as createTcpServer } from 'node:net'
import { createInterface } from 'node:readline'
import { PassThrough } from 'node:stream'
import { tagged, tagsIn } from '@pawl/testkit/canary'
import { describe, expect, onTestFinished, test } from 'vitest'
import { serveLines } from '../../src/mcp/bridge/index.ts'
import { bodyBytesMax } from '../../src/web/messages.ts'
import { openRoom, overStdio, pawlMcp, say } from './sessions.ts'

// The process that a client of models starts: what it says and does not say, and when it ends.

const hello = {
  jsonrpc: '2.0',
  id: 1,
  method: 'initialize',
  params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'x', version: '1' } },
}

interface Heard {
  readonly status: number | null
  readonly out: string
  readonly errors: string
}

function startBridge(env: Record<string, string>): { child: ChildProcess; ended: Promise<Heard> } {
  const child = spawn(pawlMcp.command, pawlMcp.args, { env: { PATH: process.env.PATH ?? '', ...env } })
  onTestFinished(() => void child.kill())
  let out = ''
  let errors = ''
  child.stdout.on('data', (text) => {
    out += text
  })
  child.stderr.on('data', (text) => {
    errors += text
  })
  const ended = once(child, 'close').then(([status]) => ({ status: status as number | null, out, errors }))
  return { child, ended }
}

async function through(
  env: Record<string, string>,
  ...lines: readonly unknown[]
): Promise<Heard & { said: unknown[] }> {
  const { child, ended } = startBridge(env)
  for (const line of lines) child.stdin?.write(`${typeof line === 'string' ? line : JSON.stringify(line)}\n`)
  child.stdin?.end()
  const heard = await ended
  return { ...heard, said: heard.out.split('\n').flatMap((line) => (line ? [JSON.parse(line)] : [])) }
}

/** Nobody answers there, and nobody refuses. */
async function silence(): Promise<string> {
  const server = createTcpServer(() => {})
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

describe('pawl mcp', () => {
  test('ends at once without a key, and says what to set', async () => {
    const { status, out, errors } = await through({})
    expect([status, out]).toEqual([78, ''])
    expect(errors).toMatch(/^pawl: Set PAWL_AGENT_API_KEY .*\n$/)
  })

  test.each<Record<string, string>>([
    { PAWL_URL: 'localhost:8210' },
    { PAWL_MCP_VALUES: 'no' },
    { MCP_TRANSPORT: 'httpStream', PORT: 'eighty' },
    { MCP_TRANSPORT: 'httpStream', ONECLAW_AGENT_ID: '00000000-0000-4000-8000-000000000000' },
  ])('does not guess what was meant: %o', async (env) => {
    const { status, out } = await through({ PAWL_AGENT_API_KEY: tagged('ocv_'), ...env })
    expect([status, out]).toEqual([78, ''])
  })

  test('says who it is before there is a vault, and then that there is none', async () => {
    const env = { ONECLAW_AGENT_API_KEY: tagged('ocv_'), ONECLAW_BASE_URL: 'http://127.0.0.1:9' }
    const ping = { jsonrpc: '2.0', id: 'p', method: 'ping' }
    const list = { jsonrpc: '2.0', id: 'l', method: 'tools/list' }
    const { status, said, out, errors } = await through(env, hello, ping, list)
    expect(status).toBe(0)
    expect(said.slice(0, 2)).toMatchObject([
      { id: 1, result: { protocolVersion: '2025-06-18', serverInfo: { name: 'pawl' } } },
      { id: 'p', result: {} },
    ])
    expect(said[2]).toMatchObject({ id: 'l', error: { message: expect.stringContaining('http://127.0.0.1:9') } })
    expect(tagsIn(Buffer.from(out + errors))).toEqual([])
  })

  test('answers what is no message with an error, and what wants no answer with none', async () => {
    const env = { PAWL_AGENT_API_KEY: tagged('ocv_') }
    const note = { jsonrpc: '2.0', method: 'notifications/initialized' }
    const { said } = await through(env, 'no json', '', '[1]', '{"jsonrpc":"1.0"}', note, {
      jsonrpc: '2.0',
      id: 7,
      result: {},
    })
    expect(said).toMatchObject([-32_700, -32_600, -32_600].map((code) => ({ id: null, error: { code } })))
  })

  test('answers what was asked before its input ended, and ends by itself', async () => {
    await using room = await openRoom()
    const agent = await room.world.agent()
    const call = {
      jsonrpc: '2.0',
      id: 3,
      method: 'tools/call',
      params: { name: 'create_vault', arguments: { name: 'a' } },
    }
    const { status, said, errors } = await through({ PAWL_URL: room.url, PAWL_AGENT_API_KEY: agent.key }, hello, call)
    expect([status, errors]).toEqual([0, ''])
    expect(said[1]).toMatchObject({ id: 3, result: { structuredContent: { name: 'a' } } })
  })

  test('ends when it is told to, though the vault never answers', async () => {
    const { child, ended } = startBridge({ PAWL_URL: await silence(), PAWL_AGENT_API_KEY: tagged('ocv_') })
    child.stdin?.write(`${JSON.stringify(hello)}\n`)
    await once(createInterface({ input: child.stdout ?? new PassThrough() }), 'line')
    child.stdin?.write(`${JSON.stringify({ jsonrpc: '2.0', id: 2, method: 'tools/list' })}\n`)
    child.kill('SIGTERM')
    await ended
    expect(child.signalCode ?? child.exitCode).not.toBeNull()
  })

  test('gets another token when its own has ended', async () => {
    await using room = await openRoom()
    const agent = await room.world.agent()
    const client = await overStdio.open({ url: room.url, key: agent.key })
    expect((await say(client, 'create_vault', { name: 'a' })).isError).toBe(false)
    room.world.clock.advance(25 * 60 * 60 * 1_000)
    expect((await say(client, 'list_vaults')).answer).toMatchObject({ vaults: [{ name: 'a' }] })
    await client.close()
  })

  test('takes a token in place of a key', async () => {
    await using room = await openRoom()
    const { key } = await room.world.agent()
    const { access_token } = await room.world.pawl.as({}).auth.agentToken({ api_key: key })
    const env = { PAWL_URL: room.url, ONECLAW_AGENT_TOKEN: access_token.reveal() }
    const { said } = await through(env, { jsonrpc: '2.0', id: 1, method: 'tools/list' })
    expect(said).toMatchObject([{ id: 1, result: { tools: expect.any(Array) } }])
  })

  test.each(['PAWL_AGENT_ID', 'ONECLAW_AGENT_ID'])(
    'works only as the agent that %s names, with a key or a token (S8)',
    async (variable) => {
      await using room = await openRoom()
      const [agent, other] = [await room.world.agent(), await room.world.agent()]
      const { access_token } = await room.world.pawl.as({}).auth.agentToken({ api_key: agent.key })
      const call = (id: number) => ({
        jsonrpc: '2.0',
        id,
        method: 'tools/call',
        params: { name: 'create_vault', arguments: { name: `v${id}` } },
      })
      for (const credential of [
        { PAWL_AGENT_API_KEY: agent.key },
        { PAWL_AGENT_TOKEN: access_token.reveal() },
      ] as Record<string, string>[]) {
        const env = { PAWL_URL: room.url, ...credential }
        const refused = await through({ ...env, [variable]: other.id }, hello, call(1), call(2))
        const problem = { error: { message: expect.stringContaining(`${variable} names another agent`) } }
        expect(refused.said).toMatchObject([
          { id: 1, result: {} },
          { id: 1, ...problem },
          { id: 2, ...problem },
        ])
        expect(tagsIn(Buffer.from(refused.out + refused.errors))).toEqual([])
        const { said } = await through(
          { ...env, [variable]: agent.id.toUpperCase() },
          {
            jsonrpc: '2.0',
            id: 1,
            method: 'tools/call',
            params: { name: 'list_vaults' },
          },
        )
        expect(said).toMatchObject([{ id: 1, result: { structuredContent: { vaults: [] } } }])
      }
    },
  )

  test('serves HTTP on this machine, with the key of each request and none of its own', async () => {
    await using room = await openRoom()
    const { key } = await room.world.agent()
    const port = await freePort()
    const env = { MCP_TRANSPORT: 'httpStream', PORT: String(port), PAWL_URL: room.url, PAWL_AGENT_API_KEY: key }
    const { child, ended } = startBridge(env)
    const url = `http://127.0.0.1:${port}`
    await listening(`${url}/health`)
    expect(await (await fetch(`${url}/health`)).text()).toBe('✓ Ok')
    const post = (headers: Record<string, string>) =>
      fetch(`${url}/mcp`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list' }),
      })
    expect((await post({})).status).toBe(401)
    expect(await (await post({ authorization: `Bearer ${key}` })).json()).toMatchObject({
      result: { tools: expect.any(Array) },
    })
    expect((await post({ authorization: `Bearer ${key}`, origin: 'https://evil.com' })).status).toBe(403)
    expect((await fetch(`${url}/v1/vaults`)).status).toBe(404)
    child.kill('SIGTERM')
    expect((await ended).status).toBe(0)
  })
})

describe('a line', () => {
  const served = async (...chunks: readonly (string | Buffer)[]) => {
    const input = new PassThrough()
    const output = new PassThrough()
    const seen: unknown[] = []
    const done = serveLines(input, output, async (message) => {
      seen.push(message)
      return null
    })
    for (const chunk of chunks) input.write(chunk)
    input.end()
    await done
    output.end()
    const said: string[] = []
    for await (const line of createInterface({ input: output })) said.push(line)
    return { seen, said: said.map((line) => JSON.parse(line)) }
  }

  test('may come in pieces, even of a letter', async () => {
    const bytes = Buffer.from('{"a":"ö"}\n{"b":1}')
    expect((await served(...[...bytes].map((byte) => Buffer.from([byte])))).seen).toEqual([{ a: 'ö' }, { b: 1 }])
  })

  test('is answered though the input has ended by then', async () => {
    const input = new PassThrough()
    const output = new PassThrough()
    const done = serveLines(input, output, async () => {
      while (!input.readableEnded) await new Promise(setImmediate)
      await new Promise(setImmediate)
      return { late: true }
    })
    input.end('{}\n')
    await done
    expect(output.read()?.toString()).toBe('{"late":true}\n')
  })

  test('that is too long is refused, and the next one is heard', async () => {
    const long = 'x'.repeat(bodyBytesMax)
    const { seen, said } = await served(`"${long}`, `${long}`, `${long}"\n`, '{"b":1}\n', `"${long}"`)
    expect(seen).toEqual([{ b: 1 }])
    expect(said).toMatchObject([{ error: { code: -32_700 } }, { error: { code: -32_700 } }])
  })
})

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

/** Asks until somebody answers. */
async function listening(url: string): Promise<void> {
  while (!(await fetch(url).catch(() => null))) await new Promise((resolve) => setTimeout(resolve, 50))
}
