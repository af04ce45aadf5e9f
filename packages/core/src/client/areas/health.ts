// Written by tools/gen-client-types.ts.

import type { CallOptions, NoInput } from '../types.ts'

/** Health reports of the server and its keys. */
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
  /** Present when a power failure can lose the audit events of the last reads (PAWL_AUDIT_SYNC). */
  readonly audit_sync?: 'os' | undefined
  /** Present when key stores of organisations are not available: how many. The vaults in them are sealed. */
  readonly key_stores_unavailable?: number | undefined
}

export interface HsmHealthResponse {
  readonly status: 'ok' | 'degraded' | 'unavailable'
  readonly hsm_provider: string
  readonly connected: boolean
}
