import type { OwnRegistry } from '../areas/index.ts'
import type { Given, Operation, Registry } from '../operations/operation.ts'
import type { Fetch } from './connection.ts'
import type { Credentials } from './credential.ts'
import type { Routes } from './route.ts'
import type { routes } from './routes.ts'

export interface ClientOptions extends Credentials {
  /** Where the vault is: `http://127.0.0.1:8210`, with the path below which it is mounted. */
  readonly url: string
  /** The routes of a registry with areas beside our own, as `clientRoutes` of @pawl/core gives them. */
  readonly routes?: Routes | undefined
  /** What requests are made with; the one of the runtime, unless told. */
  readonly fetch?: Fetch | undefined
  /** Ends every call of the client. */
  readonly signal?: AbortSignal | undefined
  /** How long a call may take, with everything it waits for. Half a minute, unless told. */
  readonly timeoutMs?: number | undefined
}

/** What can be said about one call. */
export interface CallOptions {
  /** By which the server knows a call that it makes once, if it is one that can have a key: then it may be sent again. */
  readonly idempotencyKey?: string | undefined
  readonly signal?: AbortSignal | undefined
}

/** The operations of a registry that have a route: one typed function each, with the types they have in-process. */
export type Client<R extends Registry = OwnRegistry> = {
  readonly [Area in keyof R]: { readonly [Verb in VerbsOf<R, Area>]: RemoteCall<R[Area][Verb]> }
} & Door

export interface Door {
  /**
   * Any request, with the credential of the client, answered as it came: for surfaces that are no operations.
   *
   * @example
   * const answer = await pawl.request('/mcp', { method: 'POST', body })
   */
  request(path: string, init?: RequestInit): Promise<Response>
}

/** Which verbs of our own areas have a route, the table knows. Of other areas, all are taken to have one. */
type VerbsOf<R extends Registry, Area extends keyof R> = Area extends keyof typeof routes
  ? keyof R[Area] & keyof (typeof routes)[Area]
  : keyof R[Area]

type RemoteCall<Op> =
  Op extends Operation<infer _I, infer O, infer A>
    ? ((...given: Arguments<Given<A>>) => Promise<O>) & (Paging extends keyof A ? Pages<Given<A>, O> : unknown)
    : never

type Paging = 'limit' | 'offset'

export interface Pages<A, O> {
  /**
   * Everything there is, page after page; `limit` is how much of it comes at once.
   *
   * @example
   * for await (const event of pawl.audit.events.each({ action: 'secret.read' })) console.log(event.timestamp)
   */
  each(...given: Arguments<Omit<A, 'offset'>>): AsyncGenerator<ItemOf<O>, void, undefined>
}

type ItemOf<O> = { [Field in keyof O]: O[Field] extends readonly (infer Item)[] ? Item : never }[keyof O]

// biome-ignore lint/complexity/noBannedTypes: asks whether an empty input is enough
type Arguments<A> = {} extends A ? [input?: A, options?: CallOptions] : [input: A, options?: CallOptions]
