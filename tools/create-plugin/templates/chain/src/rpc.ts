import { ChainUnavailable, type Egress, utf8 } from '@pawl/core/ports'

export interface NodeOptions {
  /** The way out; it must be allowed to call the host of the URL. */
  readonly egress: Egress
  /** Of the node; often there is a key in it, so it is never shown. */
  readonly url: string
  /** The name of the chain. */
  readonly name: string
}

/** The node understood, and says no. */
export class NodeError extends Error {
  readonly code: number

  constructor(code: number, message: string) {
    super(message)
    this.code = code
  }
}

export type Ask = (method: string, ...params: readonly unknown[]) => Promise<unknown>

/** Asks a node by JSON-RPC. Throws `NodeError` for its errors, and `ChainUnavailable` when there is no answer. */
export function askNode({ egress, url, name }: NodeOptions): Ask {
  return async (method, ...params) => {
    const request = {
      purpose: `chain:${name}`,
      method: 'POST',
      url,
      headers: { 'content-type': 'application/json' },
      body: utf8(JSON.stringify({ jsonrpc: '2.0', id: 1, method, params })),
      timeoutMs: 10_000,
      responseBytesMax: 4 * 1024 * 1024,
    } as const
    // What an egress throws names the host and no more of the URL.
    const response = await egress.fetch(request).catch((error) => {
      throw new ChainUnavailable(error.message)
    })
    const answer = response.status === 200 ? parsed(response.body) : null
    if (!answer) throw new ChainUnavailable(`The node of ${name} answered with the status ${response.status}.`)
    if (answer.error) throw new NodeError(Number(answer.error.code), String(answer.error.message))
    return answer.result
  }
}

interface Answer {
  readonly result?: unknown
  readonly error?: { readonly code: unknown; readonly message: unknown }
}

function parsed(body: Uint8Array): Answer | null {
  try {
    return JSON.parse(new TextDecoder().decode(body))
  } catch {
    return null
  }
}
