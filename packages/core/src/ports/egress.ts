/**
 * All outgoing calls of the engine. An implementation denies every destination that is not allowed. It resolves a name
 * once and connects to the address that it checked. It follows no redirect, and refuses private and link-local
 * addresses that are not allowed. It never adds a credential of the vault to a request.
 */
export interface Egress {
  fetch(request: EgressRequest): Promise<EgressResponse>
  /**
   * Whether the operator allows this URL, as far as its text tells. It resolves no name, and `fetch` decides again. Without
   * it, no URL is allowed beyond what is public.
   */
  permits?(url: string): boolean
}

/**
 * An optional ability: an answer that is passed on while it arrives. The same destinations are allowed as for `fetch`. A
 * connection can be kept for the next call to the same addresses.
 *
 * @example
 * const { status, body } = await egress.stream({ purpose: 'model:openai', method: 'POST', url, headers, body, ...limits })
 * for await (const bytes of body) await write(bytes)
 */
export interface EgressStreaming {
  /**
   * Resolves with the head of the answer. The bytes are read as fast as the caller reads them. Leaving the loop or aborting
   * the signal ends the call at the other side too.
   */
  stream(request: EgressStreamRequest): Promise<EgressStream>
}

export interface EgressStreamRequest extends Omit<EgressRequest, 'timeoutMs' | 'responseBytesMax'> {
  /** Timeout from the call to the head of the answer. */
  readonly headMs: number
  /** Timeout between two pieces of the answer. */
  readonly idleMs: number
  /** After an abort, the call and its body throw the reason. */
  readonly signal?: AbortSignal
}

export interface EgressStream {
  readonly status: number
  /** Header names are lowercase. */
  readonly headers: Readonly<Record<string, string>>
  /** Can be read once. Throws `EgressFailed` if the answer is cut off. */
  readonly body: AsyncIterable<Uint8Array>
}

export interface EgressRequest {
  /** The part of the engine that calls, for the log: `webhook`, `oidc`, `chain:base`. */
  readonly purpose: string
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  readonly url: string
  /** Headers. Not allowed: headers that change the destination, the length or the connection. */
  readonly headers: Readonly<Record<string, string>>
  readonly body?: Uint8Array
  /** Timeout from the call to the last byte of the answer. */
  readonly timeoutMs: number
  /** A longer body is an error. */
  readonly responseBytesMax: number
}

export interface EgressResponse {
  readonly status: number
  /** Header names are lowercase. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array
}

/**
 * The request was not sent. The message names the destination and the setting that allows it. Callers of the engine can
 * see the message, so it never has an address that a name resolved to. Such an address stands in `detail`, for the log.
 *
 * @example
 * throw new EgressDenied('api.example.com is not allowed.', { detail: 'It is at 10.0.0.1.' })
 */
export class EgressDenied extends Error {
  override readonly name = 'EgressDenied'
  readonly detail: string | null

  constructor(message: string, { detail = null }: { readonly detail?: string | null } = {}) {
    super(message)
    this.detail = detail
  }
}

/** There is no answer. The request was allowed and may have arrived. The message names the destination. */
export class EgressFailed extends Error {
  override readonly name = 'EgressFailed'
  /** The answer had more than `responseBytesMax`. */
  readonly isTooLong: boolean

  constructor(message: string, { isTooLong = false }: { readonly isTooLong?: boolean } = {}) {
    super(message)
    this.isTooLong = isTooLong
  }
}
