/**
 * The one door out of the machine. An implementation denies what nobody allowed, resolves a name once and connects to
 * the address it checked, follows no redirect, and refuses private and link-local ranges unless they were allowed.
 * No credential of the vault is ever added to a request here.
 */
export interface Egress {
  fetch(request: EgressRequest): Promise<EgressResponse>
}

export interface EgressRequest {
  /** Which part of the engine asks, for the log: `webhook`, `oidc`, `chain:base`. */
  readonly purpose: string
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  readonly url: string
  /** None of those that say where a request goes, where it ends and what becomes of the connection. */
  readonly headers: Readonly<Record<string, string>>
  readonly body?: Uint8Array
  /** From the call to the last byte of the answer. */
  readonly timeoutMs: number
  /** An answer with a longer body is none. */
  readonly responseBytesMax: number
}

export interface EgressResponse {
  readonly status: number
  /** Their names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array
}

/** The request was not made. The message names the destination and the setting that would allow it. */
export class EgressDenied extends Error {
  override readonly name = 'EgressDenied'
}

/** The request was allowed, and there is no answer; it may have arrived all the same. The message names the destination. */
export class EgressFailed extends Error {
  override readonly name = 'EgressFailed'
}
