import { type Door, PawlError } from '@pawl/core/client'
import { capabilities, instructions, serverInfo } from '../identity.ts'

// The bridge connects a client on this machine to the vault that answers. It knows no tools and passes on all that the vault
// offers, including plugin areas. It loads neither the engine nor the SDK, so it answers a client at once.

/** The address of the vault, and the headers of every request. */
export interface Place {
  readonly request: Door['request']
  readonly headers: Readonly<Record<string, string>>
}

/** Answers a message of a client; null for a notification. */
export type Answer = (message: unknown) => Promise<object | null>

interface Message {
  readonly id?: string | number
  readonly method: string
  readonly params?: {
    readonly name?: unknown
    readonly uri?: unknown
    readonly protocolVersion?: unknown
    readonly _meta?: Readonly<Record<string, unknown>>
  }
}

/** Versions that begin with `initialize`, latest first. Later ones name theirs in every message. */
const versions = ['2025-11-25', '2025-06-18', '2025-03-26', '2024-11-05'] as const
const versionOfMessage = 'io.modelcontextprotocol/protocolVersion'

const invalidRequest = -32_600
export const internalError = -32_603

const patienceMs = 120_000

export function bridge(place: Place): Answer {
  let version: string = versions[0]
  return async (message) => {
    if (!isMessage(message))
      return isAnswer(message) ? null : failure(null, invalidRequest, 'The message is not a JSON-RPC request.')
    const { id, method, params } = message
    // The bridge keeps no state between messages, so it ignores notifications.
    if (id === undefined) return null
    if (method === 'ping') return success(id, {})
    if (method === 'initialize') {
      version = versions.find((one) => one === params?.protocolVersion) ?? versions[0]
      return success(id, { protocolVersion: version, capabilities, serverInfo, instructions })
    }
    return forward(place, message, id, version)
  }
}

async function forward(place: Place, message: Message, id: string | number, version: string): Promise<object> {
  try {
    const response = await place.request('/mcp', {
      method: 'POST',
      headers: { ...place.headers, ...headersOf(message, version) },
      body: JSON.stringify(message),
      signal: AbortSignal.timeout(patienceMs),
    })
    return answerIn(await response.json(), id, response.status)
  } catch (error) {
    return failure(id, internalError, error instanceof PawlError ? error.message : 'The vault did not answer.')
  }
}

/** A server or proxy that refuses a message before MCP sees it answers with a problem document. */
function answerIn(body: unknown, id: string | number, status: number): object {
  const { jsonrpc, detail } = (body ?? {}) as { readonly jsonrpc?: unknown; readonly detail?: unknown }
  if (jsonrpc === '2.0') return body as object
  return failure(id, internalError, typeof detail === 'string' ? detail : `The vault answered with status ${status}.`)
}

/** Since 2026, headers repeat fields of the request body. */
function headersOf({ method, params }: Message, version: string): Record<string, string> {
  const own = params?._meta?.[versionOfMessage]
  const headers: Record<string, string> = { 'content-type': 'application/json' }
  if (typeof own !== 'string') return { ...headers, 'mcp-protocol-version': version }
  const name = params?.name ?? params?.uri
  const isPlain = typeof name === 'string' && /^[\x21-\x7e]{1,1000}$/.test(name)
  return { ...headers, 'mcp-protocol-version': own, 'mcp-method': method, ...(isPlain ? { 'mcp-name': name } : {}) }
}

function isMessage(message: unknown): message is Message {
  const { jsonrpc, id, method } = (message ?? {}) as Record<string, unknown>
  return jsonrpc === '2.0' && typeof method === 'string' && ['undefined', 'string', 'number'].includes(typeof id)
}

/** The bridge sends no requests to the client, so it ignores answers from it. */
function isAnswer(message: unknown): boolean {
  return typeof message === 'object' && message !== null && ('result' in message || 'error' in message)
}

function success(id: string | number, result: object): object {
  return { jsonrpc: '2.0', id, result }
}

export function failure(id: string | number | null, code: number, message: string): object {
  return { jsonrpc: '2.0', id, error: { code, message } }
}
