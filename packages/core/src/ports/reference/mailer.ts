import { checkMessage, type Mailer, MailNotConfigured, type Message } from '../mailer.ts'

/** Stores messages in an array, for tests. */
export function memoryMailer(): Mailer & { readonly sent: readonly Message[] } {
  const sent: Message[] = []
  return {
    sent,
    send: async (message) => {
      checkMessage(message)
      sent.push(message)
    },
  }
}

/** Rejects every message with an error that names the missing setting. */
export const noMailer: Mailer = {
  send: async () => {
    throw new MailNotConfigured()
  },
}
