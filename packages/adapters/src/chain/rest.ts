import { ChainUnavailable, type Egress, EgressFailed, utf8 } from '@pawl/core/ports'
import type { NodesOptions } from './nodes.ts'

// Calls the nodes of one chain by HTTP. The answer of a node is not trusted: a node can be wrong or slow, or it can lie.

export interface RestAnswer {
  readonly status: number
  readonly text: string
  /** Null if the text is no JSON. */
  readonly json: unknown
}

export interface RestRequest {
  readonly path: string
  /** JSON, or bytes with their content type. Absent: a GET. */
  readonly json?: unknown
  readonly bytes?: { readonly type: string; readonly content: Uint8Array }
  /** A longer answer is an error. Default: 8 MiB. */
  readonly answerBytesMax?: number
}

/** The answer of a node has more than `answerBytesMax` bytes. */
export class AnswerTooLong extends ChainUnavailable {}

/** Throws `ChainUnavailable` if there is no answer, or one that says that the node is busy or broken. */
export type RestNode = (request: RestRequest) => Promise<RestAnswer>

/**
 * One function for each node. A member of the query of a URL that is named in `headers` is sent as a header, because some
 * providers expect their key there.
 */
export function restNodes(options: NodesOptions, headers: readonly string[] = []): readonly RestNode[] {
  if (options.urls.length === 0) throw new TypeError('a chain needs the URL of a node')
  return options.urls.map((url) => restNode(options, new URL(url), headers))
}

function restNode({ egress, name, timeoutMs = 10_000 }: NodesOptions, base: URL, headers: readonly string[]): RestNode {
  const keys = headers.flatMap((header) => {
    const value = base.searchParams.get(header)
    base.searchParams.delete(header)
    return value === null ? [] : [[header, value] as const]
  })
  const root = base.pathname.replace(/\/$/, '')
  return async ({ path, json, bytes, answerBytesMax = 8 * 1024 * 1024 }) => {
    const [route, query = ''] = path.split('?')
    const url = new URL(base)
    url.pathname = `${root}${route}`
    for (const [key, value] of new URLSearchParams(query)) url.searchParams.set(key, value)
    const content = bytes?.content ?? (json === undefined ? null : utf8(JSON.stringify(json)))
    const response = await fetchFrom(egress, {
      purpose: `chain:${name}`,
      method: content ? 'POST' : 'GET',
      url: url.href,
      headers: {
        ...(content && { 'content-type': bytes?.type ?? 'application/json' }),
        ...Object.fromEntries(keys),
      },
      ...(content && { body: content }),
      timeoutMs,
      responseBytesMax: answerBytesMax,
    })
    if (response.status === 429 || response.status >= 500) {
      throw new ChainUnavailable(`A node of ${name} answered with status ${response.status}.`)
    }
    const text = new TextDecoder().decode(response.body)
    return { status: response.status, text, json: parsed(text) }
  }
}

function fetchFrom(egress: Egress, request: Parameters<Egress['fetch']>[0]) {
  return egress.fetch(request).catch((error) => {
    // An error of the egress port names the host, and no other part of the URL.
    const reason = error instanceof Error ? error.message : 'The node did not answer.'
    throw error instanceof EgressFailed && error.isTooLong ? new AnswerTooLong(reason) : new ChainUnavailable(reason)
  })
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

/** Asks nothing else of a node until it proves that it belongs to the chain. */
export function onlyIf<Node extends (...asked: never[]) => Promise<unknown>>(
  node: Node,
  name: string,
  isRight: (node: Node) => Promise<boolean>,
): Node {
  let isProven = false
  const guarded = async (...asked: Parameters<Node>) => {
    isProven ||= await isRight(node)
    if (!isProven) throw new ChainUnavailable(`A node of ${name} belongs to another chain.`)
    return node(...asked)
  }
  return guarded as Node
}

/** Asks the nodes in order until one answers the whole question. A refusal is an answer. */
export async function firstOf<Node, T>(nodes: readonly Node[], question: (node: Node) => Promise<T>): Promise<T> {
  let last: unknown
  for (const node of nodes) {
    try {
      return await question(node)
    } catch (error) {
      if (!(error instanceof ChainUnavailable)) throw error
      last = error
    }
  }
  throw last
}

/** With two or more nodes, two must agree, because one could lie. A node that does not answer is skipped. */
export async function agreed<Node, T>(
  nodes: readonly Node[],
  name: string,
  question: (node: Node) => Promise<T>,
  about = 'a balance',
): Promise<T> {
  if (nodes.length === 1) return question(nodes[0] as Node)
  const answers: T[] = []
  for (const node of nodes) {
    const answer = await question(node).catch((error) => {
      if (!(error instanceof ChainUnavailable)) throw error
      return noAnswer
    })
    if (answer !== noAnswer) answers.push(answer as T)
    if (answers.length < 2) continue
    if (textOf(answers[0]) === textOf(answers[1])) return answers[0] as T
    throw new ChainUnavailable(`Two nodes of ${name} disagree about ${about}.`)
  }
  throw new ChainUnavailable(`Fewer than two nodes of ${name} answer, and ${about} needs two.`)
}

const noAnswer = Symbol('no answer')

function textOf(answer: unknown): string {
  return JSON.stringify(answer, (_, value: unknown) => (typeof value === 'bigint' ? `${value}` : value))
}
