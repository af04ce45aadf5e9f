// By default, pages of other origins may not call. On a machine with a vault, any page that a user opens could try passwords
// and the keys of examples. Callers send a bearer token and no cookie, so an operator can safely set `*`.

/** Headers that clients send and read, besides those that CORS always allows (§1.1.8, §1.2.7). */
const allowedHeaders = [
  'Authorization',
  'Content-Type',
  'Idempotency-Key',
  'If-None-Match',
  'X-PAYMENT',
  'DPoP',
  'X-1Claw-Runtime-Id',
  'Prefer',
  'X-Auth-Confirm',
  'X-MFA-Token',
  'X-Passkey-Token',
  'X-CMEK-Old-Key',
  'X-CMEK-New-Key',
  'X-Client-Share',
  'X-Platform-Connection',
  'X-Vault-ID',
  'X-Share-Passphrase',
  'X-Request-Id',
].join(', ')

const exposedHeaders = [
  'ETag',
  'Location',
  'Retry-After',
  'X-Request-Id',
  'WWW-Authenticate',
  'DPoP-Nonce',
  'X-PAYMENT-RESPONSE',
  'X-RateLimit-Requests-Used',
  'X-RateLimit-Requests-Limit',
  'X-RateLimit-Requests-Percent',
  'X-Quota-Warning',
  'X-Credit-Balance-Cents',
  'X-Credit-Expiring-Soon',
  'X-Overage-Method',
].join(', ')

const preflightSeconds = '600'

export type Origins = '*' | readonly string[]

/** Default: no page of another origin may call. */
export const noOrigins: Origins = []

/** Adds the headers that a browser needs to give the answer to a page of this origin. */
export function allowOrigin(origins: Origins, origin: string | undefined, headers: string[]): void {
  // The answer is for pages of any origin.
  if (headers.includes('access-control-allow-origin')) return
  if (origins.length === 0) return
  if (origins !== '*') headers.push('vary', 'origin')
  if (origin === undefined || !isAllowed(origins, origin)) return
  headers.push('access-control-allow-origin', origins === '*' ? '*' : origin)
  headers.push('access-control-expose-headers', exposedHeaders)
}

/** Adds the headers of the answer to a preflight request. */
export function allowPreflight(origins: Origins, origin: string | undefined, allow: string, headers: string[]): void {
  if (origin === undefined || !isAllowed(origins, origin)) return
  headers.push('access-control-allow-methods', allow, 'access-control-allow-headers', allowedHeaders)
  headers.push('access-control-max-age', preflightSeconds)
}

function isAllowed(origins: Origins, origin: string): boolean {
  return origins === '*' || origins.includes(origin)
}
