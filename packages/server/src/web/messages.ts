import type { Address } from '@pawl/core/surfaces'

// What the two transports (node:http and fetch) and the one dispatcher say to each other.

/** The limit of a request's body (§2.4). */
export const bodyBytesMax = 5 * 1024 * 1024

/** The limit where no credential is needed. */
export const publicBodyBytesMax = 64 * 1024

/** One request, as any transport can show it. */
export interface WebRequest {
  readonly method: string
  /** Path and query, as near to what the client sent as the transport still knows. */
  readonly target: string
  /** The target before any normalisation, if the transport knows it. The server inspects it, and never routes by it. */
  readonly rawTarget: string
  /** Who is at the other end of the socket; null when the transport does not know. */
  readonly peer: string | null
  /** The client certificate (DER) that TLS verified on this connection. */
  certificate?(): Uint8Array | null
  /** Whether a body was announced. */
  readonly hasBody: boolean
  /** A header by its name in lower case. */
  header(name: string): string | undefined
  /** Calls this when the other end has left. Answers a function that takes it back. */
  gone(told: () => void): () => void
  /** The whole body; null as soon as it is known to be longer than this. It tells the arrival of each part. */
  read(bytesMax: number, arrival: Arrival): Promise<Uint8Array | null>
}

/** A body that is on its way. */
export interface Arrival {
  /** Counts bytes that arrived. */
  take(bytes: number): void
  /** It is complete, or it is not read any more. */
  end(): void
  /** Ends the reading with this error. */
  stop(error: Error): void
  /** Calls the function, at once or later, when the body must not be read any more. */
  onStop(tell: (error: Error) => void): void
}

/** One answer. The headers are names and values in turn, which is what node:http writes fastest. */
export interface WebResponse {
  readonly status: number
  readonly headers: string[]
  /** Null for an answer that has none. Bytes: a file. */
  readonly body: string | Uint8Array<ArrayBuffer> | null
}

export type Dispatch = (wire: WebRequest) => Promise<WebResponse>

/**
 * The same, told from which client the request comes: the address that rules and limits go by. `begin` is for a body that it
 * reads. The body counts for this caller, or for the address when no caller is known.
 */
export type Mount = (wire: WebRequest, from: Address | null, begin: Begin) => Promise<WebResponse>

export type Begin = (caller: Sending | null) => Arrival

/** A caller with a credential. */
export interface Sending {
  readonly kind: 'user' | 'agent' | 'app'
  readonly org: string
  readonly id: string
}
