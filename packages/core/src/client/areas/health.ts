// Written by tools/gen-client-types.ts.

import type { CallOptions, NoInput } from '../types.ts'

/** The operations of the area `health`. */
export interface HealthClient {
  /** Report whether the server is healthy. */
  get(input?: NoInput, options?: CallOptions): Promise<HealthResponse>

  /** Report whether the key store (HSM) works. */
  hsm(input?: NoInput, options?: CallOptions): Promise<HsmHealthResponse>
}

export interface HealthResponse {
  readonly status: 'healthy' | 'degraded'
  readonly service: 'pawl'
  readonly version: string
}

export interface HsmHealthResponse {
  readonly status: 'ok' | 'degraded' | 'unavailable'
  readonly hsm_provider: string
  readonly connected: boolean
}
