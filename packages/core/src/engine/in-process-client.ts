import { eachOf } from '../client/pages.ts'
import { orAborted } from '../client/waiting.ts'
import type { AnyOperation, CallOptions, Origin, Performable, Registry } from '../operations/index.ts'
import { pagesOf } from './client-routes.ts'

type Perform = <I, O>(operation: Performable<I, O>, input: unknown, origin: Origin) => Promise<O>
type Call = (input?: unknown, options?: CallOptions) => Promise<unknown>
type Calls = Readonly<Record<string, Readonly<Record<string, Call>>>>

/** Gives each caller the operations of a registry as functions, the same as those of the client over HTTP. */
export function inProcessClients(registry: Registry, perform: Perform): (origin: Origin) => Calls {
  const areas = Object.entries(registry).map(([area, operations]) => {
    const calls = Object.entries(operations).map(([verb, operation]) => [verb, callerOf(operation, perform)] as const)
    return [area, calls] as const
  })
  return (origin) =>
    Object.fromEntries(
      areas.map(([area, calls]) => [area, Object.fromEntries(calls.map(([verb, callAs]) => [verb, callAs(origin)]))]),
    )
}

function callerOf(operation: AnyOperation, perform: Perform): (origin: Origin) => Call {
  const pages = pagesOf(operation)
  return (origin) => {
    const call: Call = async (input = {}, { idempotencyKey, signal } = {}) => {
      signal?.throwIfAborted()
      const gone = signal && leaving(signal)
      const more = { ...(idempotencyKey === undefined ? {} : { idempotencyKey }), ...(gone && { gone }) }
      const answer = perform(operation, input, { ...origin, ...more })
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
