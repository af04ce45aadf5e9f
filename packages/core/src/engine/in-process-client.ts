import { eachOf } from '../client/pages.ts'
import { orAborted } from '../client/waiting.ts'
import type { AnyOperation, CallOptions, Origin, Performable, Registry } from '../operations/index.ts'
import { pagesOf } from './client-routes.ts'

type Perform = <I, O>(operation: Performable<I, O>, input: unknown, origin: Origin) => Promise<O>
type Call = (input?: unknown, options?: CallOptions) => Promise<unknown>
type Calls = Readonly<Record<string, Readonly<Record<string, Call>>>>

/**
 * Gives each caller the operations of a registry as functions, the same as those of the client over HTTP. The client creates the
 * functions of an area when the caller first uses the area, because a registry has hundreds of operations and every request has
 * a new caller.
 */
export function inProcessClients(registry: Registry, perform: Perform): (origin: Origin) => Calls {
  class Client {
    readonly #origin: Origin

    constructor(origin: Origin) {
      this.#origin = origin
    }

    static addArea(name: string, calls: readonly NamedCaller[]): void {
      Object.defineProperty(Client.prototype, name, {
        get(this: Client) {
          const value = Object.fromEntries(calls.map(([verb, callAs]) => [verb, callAs(this.#origin)]))
          Object.defineProperty(this, name, { value, enumerable: true })
          return value
        },
      })
    }
  }
  for (const [name, operations] of Object.entries(registry)) {
    Client.addArea(
      name,
      Object.entries(operations).map(([verb, one]) => [verb, callerOf(one, perform)]),
    )
  }
  return (origin) => new Client(origin) as unknown as Calls
}

type NamedCaller = readonly [verb: string, callAs: (origin: Origin) => Call]

function callerOf(operation: AnyOperation, perform: Perform): (origin: Origin) => Call {
  const pages = pagesOf(operation)
  return (origin) => {
    const call: Call = async (input = {}, { idempotencyKey, signal } = {}) => {
      signal?.throwIfAborted()
      const gone = signal && leaving(signal)
      const isPlain = idempotencyKey === undefined && !gone
      const from = isPlain
        ? origin
        : { ...origin, ...(idempotencyKey !== undefined && { idempotencyKey }), ...(gone && { gone }) }
      const answer = perform(operation, input, from)
      return signal ? orAborted(answer, signal) : answer
    }
    return pages === null ? call : Object.assign(call, { each: eachOf(call, pages) })
  }
}

function leaving(signal: AbortSignal): NonNullable<Origin['gone']> {
  return (told) => {
    signal.addEventListener('abort', told)
    return () => signal.removeEventListener('abort', told)
  }
}
