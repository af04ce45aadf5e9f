import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Client, type ClientOptions, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio'
import { nodeCrypto } from '@pawl/adapters/crypto/node'
import { testPawl, type World, type WorldOptions } from '@pawl/testkit/world'
import { pawlMain } from '../../../../tools/real-parts/pawl.ts'
import { nodeListener } from '../../src/http/index.ts'
import { type McpOptions, mcp } from '../../src/mcp/index.ts'

// A vault that serves models, and clients that reach it as people's do: the SDK's own, over HTTP and through `pawl mcp`.

/** An answer, with a body of any shape. */
export interface Posted extends Response {
  // biome-ignore lint/suspicious/noExplicitAny: a test looks into answers of any shape
  json(): Promise<any>
}

export interface Room extends AsyncDisposable {
  readonly world: World
  readonly url: string
  /** Sends a message to /mcp as it is. */
  post(message: unknown, headers?: Record<string, string>): Promise<Posted>
}

export async function openRoom(options: McpOptions & WorldOptions = {}): Promise<Room> {
  const { values, hosts, origins, ...engine } = options
  const world = await testPawl({ crypto: nodeCrypto(), ...engine })
  const { now } = world.clock
  const server = createServer(nodeListener(world.pawl, { now, mounts: { '/mcp': mcp(world.pawl, options) } }))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    world,
    url,
    post: (message, headers = {}) =>
      fetch(`${url}/mcp`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: typeof message === 'string' ? message : JSON.stringify(message),
      }),
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      await world.close()
    },
  }
}

export interface Asking {
  readonly url: string
  readonly key: string
  /** The vault of the session. */
  readonly vault?: string
  readonly values?: 'on' | 'off'
  readonly options?: ClientOptions
}

export interface Door {
  readonly name: string
  open(asking: Asking): Promise<Client>
}

const overHttp: Door = {
  name: 'HTTP',
  open: ({ url, key, vault, values, options }) => {
    const headers = {
      authorization: `Bearer ${key}`,
      ...(vault ? { 'x-vault-id': vault } : {}),
      ...(values ? { 'x-mcp-values': values } : {}),
    }
    return connected(new StreamableHTTPClientTransport(new URL(`${url}/mcp`), { requestInit: { headers } }), options)
  },
}

/** How `pawl mcp` is started. */
export const pawlMcp = { command: process.execPath, args: [pawlMain, 'mcp'] }

const overStdio: Door = {
  name: 'pawl mcp',
  open: ({ url, key, vault, values, options }) => {
    const env = {
      PATH: process.env.PATH ?? '',
      PAWL_URL: url,
      PAWL_AGENT_API_KEY: key,
      ...(vault ? { PAWL_VAULT_ID: vault } : {}),
      ...(values ? { PAWL_MCP_VALUES: values } : {}),
    }
    return connected(new StdioClientTransport({ ...pawlMcp, env, stderr: 'ignore' }), options)
  },
}

export const doors: readonly Door[] = [overHttp, overStdio]
export { overHttp, overStdio }

async function connected(transport: Parameters<Client['connect']>[0], options?: ClientOptions): Promise<Client> {
  const client = new Client({ name: 'test', version: '1' }, options)
  await client.connect(transport)
  return client
}

/** What a tool says: its text, and whether that is an error. */
export async function say(client: Client, name: string, given: Record<string, unknown> = {}) {
  const { content, structuredContent, isError = false } = await client.callTool({ name, arguments: given })
  const [first] = content
  const text = first?.type === 'text' ? first.text : ''
  return { text, isError, answer: structuredContent as Record<string, unknown> | undefined }
}
