import { utf8 } from '../../kernel/bytes.ts'
import { second } from '../../kernel/time.ts'
import type { Engine } from '../../operations/index.ts'
import { EgressDenied, EgressFailed } from '../../ports/egress.ts'
import type { Webhook } from './records.ts'
import { signedHeaders } from './signature.ts'

const attemptMsMax = 10 * second
const responseBytesMax = 64 * 1024

/** The result of one attempt. */
export interface Attempt {
  readonly isDelivered: boolean
  readonly httpStatus: number | null
  readonly error: string | null
}

interface Message {
  readonly id: string
  readonly deliveryId: string
  readonly event: string
  readonly body: string
}

/** Makes one attempt. Any status of 2xx is success. The answer itself is not kept: it could be one of a private service. */
export async function attempt(engine: Engine, webhook: Webhook, message: Message): Promise<Attempt> {
  const { url, secrets } = webhook
  const headers = signedHeaders(engine, secrets, message, engine.records.now())
  const request = { purpose: 'webhook', method: 'POST', url, headers, timeoutMs: attemptMsMax } as const
  try {
    const { status } = await engine.egress.fetch({ ...request, body: utf8(message.body), responseBytesMax })
    if (status >= 200 && status < 300) return { isDelivered: true, httpStatus: status, error: null }
    return { isDelivered: false, httpStatus: status, error: `The endpoint answered with status ${status}.` }
  } catch (error) {
    if (!(error instanceof EgressDenied || error instanceof EgressFailed)) throw error
    const detail = error instanceof EgressDenied ? error.detail : null
    if (detail !== null) engine.log('warn', 'a webhook was not sent', { webhook: webhook.id, detail })
    return { isDelivered: false, httpStatus: null, error: error.message }
  }
}
