import type { Json } from '../kernel/json.ts'
import type { Fetch } from './connection.ts'
import type { Credentials } from './credential.ts'
import type { Routes } from './route.ts'

export type { CallOptions } from '../operations/client.ts'

export interface ClientOptions extends Credentials {
  /** URL of the vault, such as `http://127.0.0.1:8210`, including the path where it is mounted. */
  readonly url: string
  /**
   * Routes of a registry with additional areas, from `clientRoutes` of @pawl/core/surfaces. Default: the built-in
   * areas.
   */
  readonly routes?: Routes | undefined
  /** Function that sends requests. Default: the `fetch` of the runtime. */
  readonly fetch?: Fetch | undefined
  /** Aborts every call of the client. */
  readonly signal?: AbortSignal | undefined
  /** Timeout of a call, including retries and token renewal. Default: 30 seconds. */
  readonly timeoutMs?: number | undefined
}

export interface Door {
  /**
   * Sends any request with the credential of the client and returns the unchanged response. Use it for surfaces that
   * are not operations, such as MCP.
   *
   * @example
   * const answer = await pawl.request('/mcp', { method: 'POST', body })
   */
  request(path: string, init?: RequestInit): Promise<Response>
}

/** A JSON object that the caller defines. */
export type JsonObject = { readonly [name: string]: Json }

/** The input of operations without input fields. */
export type NoInput = Readonly<Record<string, never>>
