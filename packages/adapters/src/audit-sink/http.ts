import type { AuditSink, Egress } from '@pawl/core/ports'
import { linesOf } from './file.ts'

export interface HttpAuditSinkOptions {
  /** Where events are sent by POST, as `application/x-ndjson`. */
  readonly url: string
  /** Allows the host of the URL. */
  readonly egress: Egress
  /** Sent as a bearer token. */
  readonly token?: string | null
}

const answerMsMax = 10_000
const answerBytesMax = 64 * 1024

/**
 * Sends audit events to a log collector, one line of JSON per event. A status from 200 to 299 acknowledges all of them. After
 * any other answer, the same events are sent again later.
 *
 * @example
 * const auditSink = httpAuditSink({ url: 'https://logs.example.com/pawl', egress })
 */
export function httpAuditSink({ url, egress, token = null }: HttpAuditSinkOptions): AuditSink {
  return {
    deliver: async (events) => {
      if (events.length === 0) return
      const { status } = await egress.fetch({
        purpose: 'audit-sink',
        method: 'POST',
        url,
        headers: {
          'content-type': 'application/x-ndjson',
          ...(token === null ? {} : { authorization: `Bearer ${token}` }),
        },
        body: Buffer.from(linesOf(events)),
        timeoutMs: answerMsMax,
        responseBytesMax: answerBytesMax,
      })
      if (status < 200 || status > 299) throw new Error(`The audit sink answered with status ${status}.`)
    },
  }
}
