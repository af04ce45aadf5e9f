import { ChainUnavailable, type Egress, utf8 } from '@pawl/core/ports'

// Calls the nodes of one chain by JSON-RPC. The answer of a node is not trusted: a node can be wrong or slow, or it can lie.

export interface NodesOptions {
  /** The way out. It must allow the hosts of the URLs. */
  readonly egress: Egress
  /** The nodes, in the order in which they are asked. A URL often contains a key, so it is never shown. */
  readonly urls: readonly string[]
  /** The name of the chain. */
  readonly name: string
  /** Time for one answer of one node. Default: 10 seconds. */
  readonly timeoutMs?: number
}

/** The node understood the question, and answers with an error. */
export class NodeError extends Error {
  override readonly name = 'NodeError'
  readonly code: number
  readonly data: unknown

  constructor(code: number, message: string, data: unknown) {
    super(message)
    this.code = code
    this.data = data
  }
}

export type Ask = (method: string, ...params: readonly unknown[]) => Promise<unknown>

/** One asker for each node. Each throws `NodeError` or `ChainUnavailable`. */
export function askers({ egress, urls, name, timeoutMs = 10_000 }: NodesOptions): readonly Ask[] {
  if (urls.length === 0) throw new TypeError('a chain needs the URL of a node')
  return urls.map((url) => {
    let asked = 0
    return async (method, ...params) => {
      const id = ++asked
      const request = {
        purpose: `chain:${name}`,
        method: 'POST',
        url,
        headers: { 'content-type': 'application/json' },
        body: utf8(JSON.stringify({ jsonrpc: '2.0', id, method, params })),
        timeoutMs,
        responseBytesMax: 8 * 1024 * 1024,
      } as const
      const response = await egress.fetch(request).catch((error) => {
        // An error of the egress port names the host, and no other part of the URL.
        throw new ChainUnavailable(error instanceof Error ? error.message : 'The node did not answer.')
      })
      return resultOf(parsed(response.body), id, name, response.status)
    }
  })
}

function resultOf(answer: unknown, id: number, name: string, status: number): unknown {
  if (answer === null || typeof answer !== 'object') {
    throw new ChainUnavailable(`A node of ${name} answered with status ${status} and without JSON.`)
  }
  const { id: answered, result, error } = answer as Readonly<Record<string, unknown>>
  if (error !== undefined && error !== null) {
    const { code, message, data } = error as Readonly<Record<string, unknown>>
    throw new NodeError(Number(code), printable(message), data)
  }
  if (answered !== id || result === undefined) {
    throw new ChainUnavailable(`A node of ${name} gave an answer to another question.`)
  }
  return result
}

/** The message of a node goes into answers and logs, so it is cleaned. */
export function printable(message: unknown): string {
  return [...String(message)]
    .map((letter) => (letter < ' ' || letter === '\u007f' ? ' ' : letter))
    .join('')
    .slice(0, 300)
}

/**
 * Asks the nodes in order until one answers. A node is asked nothing until it proves that it belongs to the chain. An
 * error of a node counts as an answer.
 */
export function firstAnswer(all: readonly Ask[]): Ask {
  return async (...asked) => {
    let last: unknown
    for (const ask of all) {
      try {
        return await ask(...asked)
      } catch (error) {
        if (!(error instanceof ChainUnavailable)) throw error
        last = error
      }
    }
    throw last
  }
}

/** Throws `ChainUnavailable` for errors of a node too: for questions to which an error is no answer. */
export function withoutErrors(ask: Ask, name: string): Ask {
  return (...asked) =>
    ask(...asked).catch((error) => {
      if (!(error instanceof NodeError)) throw error
      throw new ChainUnavailable(`A node of ${name} answered ${asked[0]} with the error ${error.code}.`)
    })
}

function parsed(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(body))
  } catch {
    return null
  }
}
