import { type ErrorKind, PawlError } from '@pawl/core'
import { RequestRejected } from '../web/errors.ts'
import type { WebResponse } from '../web/messages.ts'

/** The HTTP status of each kind of error: the one table. */
export const httpStatuses = {
  invalid: 400,
  unauthenticated: 401,
  denied: 403,
  not_found: 404,
  gone: 410,
  conflict: 409,
  limited: 429,
  unavailable: 503,
  internal: 500,
} as const satisfies Readonly<Record<ErrorKind, number>>

/** Codes whose status does not follow from their kind. Most name a feature that this server does not have. */
const statusOfCode: Readonly<Record<string, number>> = {
  chain_not_watchable: 501,
  custody_not_configured: 501,
  not_supported_here: 501,
  service_not_configured: 501,
  simulation_reverted: 422,
  payment_required: 402,
  identity_provider_not_configured: 501,
}

/** The HTTP status of an error. */
export function statusOf({ kind, code }: Pick<PawlError, 'kind' | 'code'>): number {
  return statusOfCode[code] ?? httpStatuses[kind]
}

const titles: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  402: 'Payment Required',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  408: 'Request Timeout',
  409: 'Conflict',
  410: 'Gone',
  413: 'Payload Too Large',
  422: 'Unprocessable Content',
  429: 'Too Many Requests',
  431: 'Request Header Fields Too Large',
  500: 'Internal Server Error',
  501: 'Not Implemented',
  503: 'Service Unavailable',
}

const oauthMembers = ['error', 'error_description']

/** Codes that clients distinguish by `type`, with the members of their data that the response contains (§2.1). */
const typed: Readonly<
  Record<string, { readonly type?: string; readonly title?: string; readonly members: readonly string[] }>
> = {
  resource_limit_exceeded: { title: 'Resource Limit Exceeded', members: [] },
  // Clients that pay for a request themselves read these (§16.3).
  payment_required: {
    type: 'about:blank',
    members: ['x402Version', 'error', 'accepts', 'description', 'required_usd', 'message'],
  },
  approval_required: { members: ['approval_request_id'] },
  // The rule that refuses a signature, with its numbers.
  guardrail_violated: { members: ['violation'] },
  // OAuth clients read these (RFC 6749, section 5.2).
  oauth_refused: { members: oauthMembers },
  oauth_unknown_client: { members: oauthMembers },
  oauth_redirect_refused: { members: oauthMembers },
  oauth_invalid_client: { members: oauthMembers },
  link_required: { title: 'Conflict', members: ['is_new', 'email', 'link_required'] },
}

/** Codes whose body also contains the body of a success, from this field of the error data (web3.md 1.8). */
const answers: Readonly<Record<string, string>> = { simulation_reverted: 'transaction' }

export function problemReply(error: unknown): WebResponse {
  if (error instanceof RequestRejected) {
    const { status, code, message, headers } = error
    return reply(status, { type: 'about:blank', title: titles[status], status, detail: message, code }, headers)
  }
  if (error instanceof PawlError && error.kind !== 'internal') return pawlReply(error)
  // The caller gets no detail of an internal error.
  const detail = 'An internal error occurred. The server log has the details.'
  return reply(500, { type: 'about:blank', title: titles[500], status: 500, detail, code: 'internal' }, [])
}

function pawlReply({ kind, code, message, data }: PawlError): WebResponse {
  const status = statusOf({ kind, code })
  const known = Object.hasOwn(typed, code) ? typed[code] : undefined
  const facts = (data ?? {}) as Record<string, unknown>
  const body: Record<string, unknown> = {
    type: known ? (known.type ?? code) : 'about:blank',
    title: known?.title ?? titles[status],
    status,
    detail: message,
    code,
  }
  if (kind === 'invalid' && facts.fields !== undefined) body.fields = facts.fields
  const also = Object.hasOwn(answers, code) ? answers[code] : undefined
  if (also !== undefined) Object.assign(body, facts[also])
  for (const member of known?.members ?? []) if (facts[member] !== undefined) body[member] = facts[member]
  return reply(status, body, headersFor(status, code, facts))
}

/** The errors of RFC 9449, which its clients read from a header. */
const proofErrors = ['invalid_dpop_proof', 'use_dpop_nonce']

function headersFor(status: number, code: string, { retryAfterSeconds, nonce }: Record<string, unknown>): string[] {
  if (proofErrors.includes(code)) {
    const challenge = ['www-authenticate', `DPoP error="${code}", algs="ES256 EdDSA Ed25519"`]
    return typeof nonce === 'string' ? [...challenge, 'dpop-nonce', nonce] : challenge
  }
  if (status === 401) return ['www-authenticate', 'Bearer']
  if (status !== 429) return []
  const seconds = typeof retryAfterSeconds === 'number' ? Math.max(1, Math.ceil(retryAfterSeconds)) : 1
  return ['retry-after', String(seconds)]
}

function reply(status: number, body: unknown, headers: readonly string[]): WebResponse {
  return { status, headers: ['content-type', 'application/json', ...headers], body: JSON.stringify(body) }
}
