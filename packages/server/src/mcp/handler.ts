import type { Log } from '@pawl/core'
import { type Address, Lru } from '@pawl/core/surfaces'
import { credentialOf } from '../web/bearer.ts'
import { bodyOf } from '../web/body.ts'
import { RequestRejected } from '../web/errors.ts'
import { parseJson } from '../web/json.ts'
import { type Known, refuseStrangers } from '../web/known-hosts.ts'
import { bodyBytesMax, type Mount, type WebRequest, type WebResponse } from '../web/messages.ts'
import { openSession, type Served } from './session.ts'
import { toolsOf } from './tools.ts'

export interface McpOptions {
  /** Whether the server has tools that show values. A session can turn them off, but not on. */
  readonly values?: boolean
  /** Host names of this server besides those of this machine and of its `publicUrl`, in the form of a URL. */
  readonly hosts?: readonly string[]
  /** Origins of pages that may call, besides those of this machine and of `publicUrl`. */
  readonly origins?: readonly string[]
  readonly log?: Log
}

const agentsMax = 10_000

/**
 * Serves the tools of an engine to models: MCP over HTTP, with one JSON answer for each message and no state in
 * between.
 *
 * @example
 * createServer(nodeListener(pawl, { mounts: { '/mcp': mcp(pawl) } }))
 */
export function mcp(pawl: Served, options: McpOptions = {}): Mount {
  const { values = true, log } = options
  const known = knownTo(pawl, options)
  const publicOrigin = new URL(pawl.settings.publicUrl).origin
  // Made for the first message, because it takes a tenth of the start of a server.
  let tools: ReturnType<typeof toolsOf> | undefined
  const vaults = new Lru<string, string>({ max: agentsMax })
  return async (wire, from, begin) => {
    refuseStrangers(known, wire)
    if (wire.method !== 'POST') {
      throw new RequestRejected(405, 'method_not_allowed', 'This path allows only POST.', ['allow', 'POST'])
    }
    const session = await openSession(pawl, vaults, shownBy(wire, from, values, publicOrigin))
    const message = parseJson(await bodyOf(wire, bodyBytesMax, begin({ kind: 'agent', ...session.agent })))
    if (begins(message)) await session.begin()
    // The SDK takes a while to load, and a server without models does not need it.
    const { answerMessage } = await import('./protocol.ts')
    tools ??= toolsOf(pawl.registry)
    return replyOf(await answerMessage(message, headersFor(wire), { session, tools, log }))
  }
}

function knownTo({ settings }: Served, { hosts = [], origins = [] }: McpOptions): Known {
  const { hostname, origin } = new URL(settings.publicUrl)
  return { hosts: [...hosts, hostname], origins: [...origins, origin] }
}

function shownBy(wire: WebRequest, ip: Address | null, values: boolean, publicOrigin: string) {
  return {
    origin: { ...credentialOf(wire, publicOrigin), ip },
    vaultId: wire.header('x-vault-id') || null,
    // Any other header value shows no values.
    values: values && ['on', ''].includes(wire.header('x-mcp-values') ?? ''),
  }
}

/** Whether a message begins a session. The bridge answers `initialize` itself, so the next message counts as well. */
function begins(message: unknown): boolean {
  const { method } = (message ?? {}) as { readonly method?: unknown }
  return method === 'initialize' || method === 'server/discover' || method === 'tools/list'
}

/** The headers of the protocol. The answer is always JSON, so the `Accept` header of the client is ignored. */
function headersFor(wire: WebRequest): Headers {
  const headers = new Headers({ accept: 'application/json, text/event-stream' })
  for (const name of ['content-type', 'mcp-protocol-version', 'mcp-method', 'mcp-name']) {
    const value = wire.header(name)
    if (value !== undefined) headers.set(name, value)
  }
  return headers
}

async function replyOf(answer: Response): Promise<WebResponse> {
  const headers = ['cache-control', 'no-store']
  const type = answer.headers.get('content-type')
  if (type !== null) headers.push('content-type', type)
  return { status: answer.status, headers, body: answer.body === null ? null : await answer.text() }
}
