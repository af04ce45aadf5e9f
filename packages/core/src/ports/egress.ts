/**
 * The one door out of the machine. An implementation denies what nobody allowed, resolves a name once and connects to
 * the address it checked, follows no redirect, and refuses private and link-local ranges unless they were allowed.
 * No credential of the vault is ever added to a request here.
 */
export interface Egress {
  fetch(request: EgressRequest): Promise<EgressResponse>
}

export interface EgressRequest {
  /** Which part of the engine asks, for the rule that allows it and for the log: `webhook`, `oidc`, `chain:base`. */
  readonly purpose: string
  readonly method: 'GET' | 'POST'
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: Uint8Array
  readonly timeoutMs: number
  readonly responseBytesMax: number
}

export interface EgressResponse {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array
}

/** The request was not made. The message names the destination and the setting that would allow it. */
export class EgressDenied extends Error {
  override readonly name = 'EgressDenied'
}
