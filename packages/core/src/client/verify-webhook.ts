import { type Bytes, concat, fromBase64, fromUtf8, utf8 } from '../kernel/bytes.ts'
import { defineError } from '../kernel/errors.ts'
import type { Json } from '../kernel/json.ts'
import type { Secret } from '../kernel/secret.ts'
import { minute, second } from '../kernel/time.ts'
import { webhookKey } from '../kernel/webhook-key.ts'

/** An event as a webhook gets it. */
export interface WebhookEvent {
  /** The same for each attempt and each replay: a receiver that has seen it has nothing to do. */
  readonly id: string
  /** Such as `policy.created`. */
  readonly type: string
  readonly created_at: string
  readonly org_id: string
  readonly data: Readonly<Record<string, Json>>
}

export interface VerifyWebhookOptions {
  /** How old a request may be, and how far ahead of this clock. Default: 5 minutes. */
  readonly toleranceMs?: number
  /** Milliseconds since 1970. Default: the clock of this machine. */
  readonly now?: number
}

/** The request does not come from the vault, or not now. Answer it with 400, and do nothing. */
const webhookNotVerified = defineError<{ reason: string }>(
  'webhook_not_verified',
  'unauthenticated',
  ({ reason }) => `The webhook request is not verified: ${reason}`,
)

type Text = string | Secret<string>
type Headers = { get(name: string): string | null } | Readonly<Record<string, string | readonly string[] | undefined>>

/**
 * Returns the event of a webhook request, once its signature (Standard Webhooks) and its time are valid. Otherwise it throws
 * `webhook_not_verified`. The body must be the bytes as they arrived, before any JSON parser. While a secret is rotated, give
 * both: one of them must fit.
 *
 * @example
 * const event = await verifyWebhook(request.headers, await request.text(), process.env.WEBHOOK_SECRET ?? '')
 * if (event.type === 'policy.created') console.log(event.data)
 */
export async function verifyWebhook(
  headers: Headers,
  body: string | Uint8Array,
  secret: Text | readonly Text[],
  { toleranceMs = 5 * minute, now = Date.now() }: VerifyWebhookOptions = {},
): Promise<WebhookEvent> {
  const [id, timestamp, signatures] = ['webhook-id', 'webhook-timestamp', 'webhook-signature'].map((name) =>
    headerOf(headers, name),
  )
  if (!id || !timestamp || !signatures) throw webhookNotVerified({ reason: 'a header of the signature is missing.' })
  if (!/^[0-9]{1,12}$/.test(timestamp) || Math.abs(now - Number(timestamp) * second) > toleranceMs)
    throw webhookNotVerified({ reason: 'its time is too far from now.' })
  const bytes = typeof body === 'string' ? utf8(body) : body
  const signed = concat(utf8(`${id}.${timestamp}.`), bytes)
  const secrets: readonly Text[] = Array.isArray(secret) ? secret : [secret as Text]
  for (const one of secrets) {
    if (await isSigned(typeof one === 'string' ? one : one.reveal(), signed, signatures)) return eventIn(bytes)
  }
  throw webhookNotVerified({ reason: 'no signature fits the secret and the body.' })
}

/** The comparison is that of WebCrypto, which takes the same time for every wrong signature. */
async function isSigned(secret: string, signed: Bytes, signatures: string): Promise<boolean> {
  const { subtle } = crypto
  const hmac = { name: 'HMAC', hash: 'SHA-256' }
  const key = await subtle.importKey('raw', webhookKey(secret), hmac, false, ['verify'])
  for (const one of signatures.split(' ').slice(0, signaturesMax)) {
    const signature = one.startsWith('v1,') ? fromBase64(one.slice(3)) : null
    if (signature && (await subtle.verify('HMAC', key, signature, signed))) return true
  }
  return false
}

const signaturesMax = 16

function eventIn(body: Uint8Array): WebhookEvent {
  try {
    return JSON.parse(fromUtf8(body)) as WebhookEvent
  } catch {
    throw webhookNotVerified({ reason: 'its body is not JSON.' })
  }
}

function headerOf(headers: Headers, name: string): string | null {
  if ('get' in headers && typeof headers.get === 'function') return headers.get(name)
  const found = Object.entries(headers).find(([given]) => given.toLowerCase() === name)?.[1]
  return (Array.isArray(found) ? found[0] : found) ?? null
}
