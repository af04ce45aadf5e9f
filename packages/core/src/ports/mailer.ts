/**
 * Takes a message for delivery. It resolves when the message was accepted by whatever carries it on, and rejects when
 * it was not; the engine calls it from the outbox and repeats it after a failure, so a message may arrive twice and
 * `id` lets the carrier notice. A message goes to one address: whatever would be read as two, or as another header, is
 * refused.
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
    super('Mail is not configured. Set PAWL_SMTP_URL.')
  }
}

const mailbox = /^[^\s\p{C}<>()[\]\\,;:"@]+@[^\s\p{C}<>()[\]\\,;:"@]+$/u

/** Whether a text is the address of one mailbox, with no name, comment or quote that could hide another. */
export function isMailbox(text: string): boolean {
  return mailbox.test(text)
}

/** Throws for a message that could be read as more than one, or as having headers that nobody gave it. */
export function checkMessage({ to, subject }: Message): void {
  if (!isMailbox(to)) throw new RangeError('The recipient of a message must be one address.')
  if (/\p{Cc}/u.test(subject)) throw new RangeError('The subject of a message must be one line.')
}
