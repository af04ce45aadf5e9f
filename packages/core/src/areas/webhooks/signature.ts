import { base64, hex, utf8 } from '../../kernel/bytes.ts'
import { second } from '../../kernel/time.ts'
import { webhookKey } from '../../kernel/webhook-key.ts'
import type { Services } from '../../operations/index.ts'
import type { SigningSecret } from './records.ts'

interface Message {
  /** Of the event: the same for each attempt and for a replay. */
  readonly id: string
  readonly deliveryId: string
  readonly event: string
  readonly body: string
}

/**
 * The headers of one attempt. The contract signs the body alone (`x-webhook-signature`). Standard Webhooks signs the ID and
 * the time too (`webhook-signature`), so a recorded request cannot be sent again later. While a rotation overlaps, the
 * latter has a signature with each secret, and the former one with the newest.
 */
export function signedHeaders(
  { crypto }: Pick<Services, 'crypto'>,
  secrets: readonly SigningSecret[],
  { id, deliveryId, event, body }: Message,
  now: number,
): Readonly<Record<string, string>> {
  const current = secrets.filter(({ until }) => until === null || until > now).map(({ secret }) => secret)
  const timestamp = String(Math.floor(now / second))
  const standard = current.map(
    (secret) => `v1,${base64(crypto.hmacSha256(webhookKey(secret), utf8(`${id}.${timestamp}.${body}`)))}`,
  )
  const plain = hex(crypto.hmacSha256(utf8(current[0] ?? ''), utf8(body)))
  return {
    'content-type': 'application/json',
    'user-agent': 'Pawl-Webhooks/1',
    ...{ 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': standard.join(' ') },
    ...{ 'x-webhook-signature': plain, 'x-1claw-signature': plain, 'x-webhook-event': event },
    ...{ 'x-webhook-id': id, 'x-webhook-timestamp': timestamp, 'x-webhook-delivery': deliveryId },
  }
}
