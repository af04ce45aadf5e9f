import type { Json } from '../kernel/json.ts'
import type { Fetch } from './connection.ts'
import type { Credentials } from './credential.ts'
import type { Routes } from './route.ts'

export type { CallOptions } from '../operations/client.ts'

export interface ClientOptions extends Credentials {
  /** Where the vault is: `http://127.0.0.1:8210`, with the path below which it is mounted. */
  readonly url: string
  /** The routes of a registry with areas beside our own, as `clientRoutes` of @pawl/core/surfaces gives them. */
  readonly routes?: Routes | undefined
  /** What requests are made with. Default: the `fetch` of the runtime. */
  readonly fetch?: Fetch | undefined
  /** Ends every call of the client. */
  readonly signal?: AbortSignal | undefined
  /** How long a call may take, with everything it waits for. Default: half a minute. */
  readonly timeoutMs?: number | undefined
}

export interface Door {
  /**
   * Any request, with the credential of the client, answered as it came: for surfaces that are no operations.
   *
   * @example
   * const answer = await pawl.request('/mcp', { method: 'POST', body })
   */
  request(path: string, init?: RequestInit): Promise<Response>
}

/** An object of the caller's own. */
export type JsonObject = { readonly [name: string]: Json }

/** What operations take that take nothing. */
export type NoInput = Readonly<Record<string, never>>
