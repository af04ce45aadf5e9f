import { nodeEgress } from '@pawl/adapters/egress/node'
import { readSmtpUrl, smtpMailer } from '@pawl/adapters/mailer/smtp'
import type { PawlOptions } from '@pawl/core'
import { isMailbox } from '@pawl/core/ports'
import { list, Unfit, unfitServer } from './settings.ts'

/** The settings that say what may leave the machine. */
interface Outside {
  readonly egressAllow: Parameters<typeof nodeEgress>[0]['allow']
  readonly smtpUrl: Parameters<typeof smtpMailer>[0]['url'] | null
  readonly mailFrom: string | null
}

/** What leads out of the machine: only what was configured, and otherwise what the engine refuses with by itself. */
export function outsideOf({ egressAllow, smtpUrl, mailFrom }: Outside): Pick<PawlOptions, 'egress' | 'mailer'> {
  return {
    ...(egressAllow.length > 0 ? { egress: nodeEgress({ allow: egressAllow }) } : {}),
    ...(smtpUrl !== null && mailFrom !== null ? { mailer: smtpMailer({ url: smtpUrl, from: mailFrom }) } : {}),
  }
}

export function destinations(given: string): readonly string[] {
  const allow = list(given)
  try {
    nodeEgress({ allow })
    return allow
  } catch {
    throw new Unfit('must be a comma-separated list of hosts, such as api.example.com or http://127.0.0.1:9000')
  }
}

export function smtpServer(given: string): string {
  try {
    readSmtpUrl(given)
    return given
  } catch (error) {
    throw unfitServer(error)
  }
}

export function mailbox(given: string): string {
  if (!isMailbox(given)) throw new Unfit('must be one e-mail address, such as vault@example.com')
  return given
}
