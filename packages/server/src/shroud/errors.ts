import { type ErrorKind, PawlError } from '@pawl/core'
import { RequestRejected } from '../web/errors.ts'

/** The error response of Shroud. It has its own format, which clients of Shroud know (§5.6). */
export interface Refusal {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

const statuses: Readonly<Record<ErrorKind, number>> = {
  invalid: 400,
  unauthenticated: 401,
  denied: 403,
  not_found: 404,
  gone: 410,
  conflict: 409,
  limited: 429,
  unavailable: 503,
  internal: 500,
}

/** Errors of the provider, which answer 502. */
const badGateways: ReadonlySet<string> = new Set(['no_client_pool', 'provider_failed'])

export function refusalOf(error: unknown): Refusal {
  if (error instanceof RequestRejected) return refusal(error.status, error.code, error.message)
  if (!(error instanceof PawlError)) return refusal(500, 'internal', 'The request failed with an internal error.')
  const status = badGateways.has(error.code) ? 502 : statuses[error.kind]
  return refusal(status, error.code, error.message, headersOf(error))
}

function headersOf({ data }: PawlError): Record<string, string> {
  const { inspection, retryAfterSeconds } = (data ?? {}) as { inspection?: string; retryAfterSeconds?: number }
  return {
    ...(inspection === undefined ? {} : { 'x-shroud-inspection': inspection }),
    ...(retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) }),
  }
}

function refusal(status: number, code: string, message: string, more: Readonly<Record<string, string>> = {}): Refusal {
  return { status, headers: { 'content-type': 'application/json', ...more }, body: errorBody(code, message) }
}

/** The body of an error. The server also uses it when it cannot read a request. */
export function errorBody(code: string, message: string): string {
  return JSON.stringify({ error: { type: 'shroud_error', code, message }, detail: message })
}
