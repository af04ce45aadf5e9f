import { checkMessage, type Egress, type Mailer, utf8 } from '@pawl/core/ports'

export interface HttpMailerOptions {
  /** The way out; it must be allowed to call the host of the URL. */
  readonly egress: Egress
  /** Where messages are posted to. */
  readonly url: string
  readonly key: string
  /** The address that mail is from. */
  readonly from: string
}

/**
 * Mail by way of an HTTP API. The headers and the body are what you replace with those of yours.
 *
 * @example
 * const mailer = httpMailer({ egress, url: 'https://api.example.com/messages', key, from: 'vault@example.com' })
 */
export function httpMailer({ egress, url, key, from }: HttpMailerOptions): Mailer {
  return {
    send: async (message) => {
      checkMessage(message)
      const { id, to, subject, text } = message
      const { status } = await egress.fetch({
        purpose: 'mail',
        method: 'POST',
        url,
        headers: {
          authorization: `Bearer ${key}`,
          'content-type': 'application/json',
          // A message may be sent again; by this the API notices that it has it.
          'idempotency-key': encodeURIComponent(id),
        },
        body: utf8(JSON.stringify({ from, to, subject, text })),
        timeoutMs: 10_000,
        responseBytesMax: 64 * 1024,
      })
      // Of an answer only the status is told: an API may repeat what it was sent, the key and the text included.
      if (status < 200 || status > 299) throw new Error(`${new URL(url).host} did not take the message (${status}).`)
    },
  }
}
