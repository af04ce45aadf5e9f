import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio'

export interface Asking {
  readonly url: string
  readonly key: string
}

/** The tools of a vault, from a program beside the agent, as desktop clients start it. */
export function overStdio({ url, key }: Asking): StdioClientTransport {
  const env = { PATH: process.env.PATH ?? '', PAWL_URL: url, PAWL_AGENT_API_KEY: key }
  return new StdioClientTransport({ command: 'npx', args: ['pawl', 'mcp'], env })
}

/** The same from the server itself, without a program. */
export function overHttp({ url, key }: Asking): StreamableHTTPClientTransport {
  const headers = { authorization: `Bearer ${key}` }
  return new StreamableHTTPClientTransport(new URL(`${url}/mcp`), { requestInit: { headers } })
}

/** What a model would do: see what may be called, and call it. It brings no credential, and is shown none. */
export async function charge(transport: Parameters<Client['connect']>[0], cents: number) {
  const agent = new Client({ name: 'shop', version: '1' })
  await agent.connect(transport)
  const calls = await agent.callTool({ name: 'list_calls', arguments: {} })
  const charged = await agent.callTool({
    name: 'use_secret',
    arguments: { call: 'payments', method: 'POST', path: '/charges', body: { cents } },
  })
  const elsewhere = await agent.callTool({ name: 'use_secret', arguments: { call: 'payments', path: '/refunds' } })
  await agent.close()
  return { calls, charged, elsewhere }
}
