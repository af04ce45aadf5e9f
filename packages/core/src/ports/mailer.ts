/**
 * Sends mail. `send` resolves when the mail service accepted the message, and rejects otherwise. The engine calls it
 * from the outbox and retries after a failure. So a message can arrive twice, with the same `id`. A message has one
 * address. Text that could be read as a second address or as another header is refused.
 */
export interface Mailer {
  send(message: Message): Promise<void>
}

export interface Message {
  readonly id: string
  readonly to: string
  readonly subject: string
  readonly text: string
  /** The same as HTML. Default: only the text is sent. */
  readonly html?: string
}

/** Mail is not configured. `setting` is the name of the missing setting. */
export class MailNotConfigured extends Error {
  override readonly name = 'MailNotConfigured'
  readonly setting = 'PAWL_SMTP_URL'

  constructor() {
    super('Mail is not configured. Set PAWL_SMTP_URL.')
  }
}

const mailbox = /^[^\s\p{C}<>()[\]\\,;:"@]+@[^\s\p{C}<>()[\]\\,;:"@]+$/u

/** Returns whether a text is one e-mail address, without a name, comment or quote that could hide another. */
export function isMailbox(text: string): boolean {
  return mailbox.test(text)
}

/** Throws if a message could be read as several messages, or with additional headers. */
export function checkMessage({ to, subject }: Message): void {
  if (!isMailbox(to)) throw new RangeError('The recipient of a message must be one address.')
  if (/\p{Cc}/u.test(subject)) throw new RangeError('The subject of a message must be one line.')
}
