/**
 * Takes a message for delivery. It resolves when the message was accepted by whatever carries it on, and rejects when
 * it was not; the engine calls it from the outbox and repeats it after a failure, so a message may arrive twice and
 * `id` lets the carrier notice.
 */
export interface Mailer {
  send(message: Message): Promise<void>
}

export interface Message {
  readonly id: string
  readonly to: string
  readonly subject: string
  readonly text: string
}

/** No mail can be sent because nobody configured how. `setting` names what to set. */
export class MailNotConfigured extends Error {
  override readonly name = 'MailNotConfigured'
  readonly setting = 'PAWL_SMTP_URL'

  constructor() {
    super('Mail is not configured; set PAWL_SMTP_URL.')
  }
}
