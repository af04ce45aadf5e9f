import { checkMessage, type Mailer, MailNotConfigured, type Message } from '../mailer.ts'

/** Keeps messages in an array, for tests to read. */
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

/** Refuses every message with the name of the setting that is missing. */
export const noMailer: Mailer = {
  send: async () => {
    throw new MailNotConfigured()
  },
}
