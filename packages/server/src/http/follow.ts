import type { WebRequest } from '../web/messages.ts'
import { problemReply } from './problem.ts'

// Server-sent events of an operation that can wait for news. Each event is one answer of the operation, so access is decided
// again for each, and the engine limits how many calls wait.

/** An answer that says where the next one begins. */
export interface Following {
  readonly cursor: string
  readonly [list: string]: unknown
}

const waitSeconds = 25

/** Whether the caller wants events. */
export function wantsEvents(wire: Pick<WebRequest, 'method' | 'header'>): boolean {
  return wire.method === 'GET' && wire.header('accept')?.includes('text/event-stream') === true
}

/** Proxies must not hold it back. */
export const eventHeaders = [
  ...['content-type', 'text/event-stream; charset=utf-8', 'cache-control', 'no-store', 'x-accel-buffering', 'no'],
]

/**
 * The first answer, and those after it, until the caller leaves, the engine stops waiting or `next` throws. It says the reason
 * of an error in an event `error`.
 *
 * @example
 * eventsFrom(first, (query) => perform(operation, query), { gone, isOver: () => engineStopsWaiting })
 */
export async function* eventsFrom(
  first: Following,
  next: (more: { readonly after: string; readonly wait: string }) => Promise<Following>,
  { gone, isOver }: Pick<WebRequest, 'gone'> & { isOver(): boolean },
): AsyncGenerator<string> {
  let isGone = false
  const forget = gone(() => {
    isGone = true
  })
  try {
    yield eventOf(first)
    for (let { cursor } = first; !isGone && !isOver(); ) {
      const answer = await next({ after: cursor, wait: String(waitSeconds) })
      cursor = answer.cursor
      // A comment tells proxies that the connection is in use.
      yield isEmpty(answer) ? ': still here\n\n' : eventOf(answer)
    }
  } catch (error) {
    yield `event: error\ndata: ${problemReply(error).body}\n\n`
  } finally {
    forget()
  }
}

function eventOf(answer: Following): string {
  return `id: ${answer.cursor}\ndata: ${JSON.stringify(answer)}\n\n`
}

function isEmpty(answer: Following): boolean {
  return Object.values(answer).every((value) => !Array.isArray(value) || value.length === 0)
}
