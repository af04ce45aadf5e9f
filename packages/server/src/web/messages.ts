import type { Address } from '@pawl/core/surfaces'

// The types between the two transports (node:http and fetch) and the dispatcher.

/** The size limit of a request body (§2.4). */
export const bodyBytesMax = 5 * 1024 * 1024

/** The size limit for routes without a credential. */
export const publicBodyBytesMax = 64 * 1024

/** One request, in a form that every transport can provide. */
export interface WebRequest {
  readonly method: string
  /** Path and query, as close to what the client sent as the transport knows. */
  readonly target: string
  /** The target before any normalisation, if the transport knows it. The server inspects it, and never routes by it. */
  readonly rawTarget: string
  /** The address of the peer of the socket; null if the transport does not know it. */
  readonly peer: string | null
  /** The client certificate (DER) that TLS verified on this connection. */
  certificate?(): Uint8Array | null
  /** Whether a body was announced. */
  readonly hasBody: boolean
  /** A header by its name in lower case. */
  header(name: string): string | undefined
  /** Calls the function when the peer has disconnected. Answers a function that removes this listener. */
  gone(told: () => void): () => void
  /** The whole body; null as soon as it is longer than `bytesMax`. Reports each part to the arrival. */
  read(bytesMax: number, arrival: Arrival): Promise<Uint8Array | null>
}

/** A body in transfer. */
export interface Arrival {
  /** Counts bytes that arrived. */
  take(bytes: number): void
  /** The body is complete, or the server no longer reads it. */
  end(): void
  /** Ends the reading with this error. */
  stop(error: Error): void
  /** Calls the function, at once or later, when the body must not be read any more. */
  onStop(tell: (error: Error) => void): void
}

/** One answer. The headers alternate names and values, the fastest form for node:http. */
export interface WebResponse {
  readonly status: number
  readonly headers: string[]
  /** Null for an answer without a body. Bytes: a file. Pieces: a stream, which is read no faster than the peer reads. */
  readonly body: string | Uint8Array<ArrayBuffer> | AsyncIterable<string> | null
}

/** Whether an answer comes in pieces. */
export function isPieces(body: WebResponse['body']): body is AsyncIterable<string> {
  return typeof body === 'object' && body !== null && Symbol.asyncIterator in body
}

export type Dispatch = (wire: WebRequest) => Promise<WebResponse>

/**
 * A handler that also gets the address of the client, which rules and limits use. It calls `begin` before it reads a body.
 * The body counts for this caller, or for the address if no caller is known.
 */
export type Mount = (wire: WebRequest, from: Address | null, begin: Begin) => Promise<WebResponse>

export type Begin = (caller: Sending | null) => Arrival

/** A caller with a credential. */
export interface Sending {
  readonly kind: 'user' | 'agent' | 'app'
  readonly org: string
  readonly id: string
}
