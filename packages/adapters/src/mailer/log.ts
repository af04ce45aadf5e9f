import { checkMessage, type Mailer } from '@pawl/core/ports'

export interface LogMailerOptions {
  /** Gets each message as text. Default: it is written to the standard error stream. */
  readonly write?: (text: string) => void
}

/**
 * Shows messages instead of sending them, with the links and codes that they contain. For development: every reader of
 * the output can use those.
 *
 * @example
 * const mailer = logMailer()
 */
export function logMailer({ write = (text) => void process.stderr.write(text) }: LogMailerOptions = {}): Mailer {
  return {
    send: async (message) => {
      checkMessage(message)
      const { to, subject, text } = message
      const lines = [`To: ${to}`, `Subject: ${subject}`, '', ...text.trimEnd().split('\n')]
      write(`\n${lines.map((line) => `  | ${line}`).join('\n')}\n\n`)
    },
  }
}
