import type { Json } from '../../kernel/json.ts'
import { area, type JobType, type UnitContext } from '../../operations/index.ts'
import { MailNotConfigured } from '../../ports/mailer.ts'
import { mailNotConfigured } from './errors.ts'
import { type Letter, messageOf } from './letter.ts'

export { mailNotConfigured } from './errors.ts'
export { type Letter, messageOf, type Part } from './letter.ts'

/** The id stays the same when the job runs again, so that a mail service can drop the second copy. */
type Mail = Letter & { readonly [field: string]: Json } & { readonly id: string; readonly isWithheld?: boolean }

const mailJob: JobType<Mail> = {
  name: 'mail.send',
  run: async ({ mailer, log }, { id, isWithheld, ...letter }) => {
    if (isWithheld) return
    try {
      await mailer.send(messageOf(letter as unknown as Letter, id))
    } catch (error) {
      // The operator has removed the mail server since. A retry cannot help.
      if (!(error instanceof MailNotConfigured)) throw error
      log('warn', 'a message was not sent', { reason: error.message })
    }
  },
}

/**
 * Stages a letter. It is sent after the commit, and again after a failure. Links in it come from the configured public URL,
 * never from a request (E17). Returns the id of the job.
 */
export function stageMail(context: UnitContext, letter: Letter): string {
  return stageMailIf(context, true, letter)
}

/** Stages a letter. The job sends it only if `isSent` is true. The unit does the same work in both cases, so its time is the same. */
export function stageMailIf({ jobs, unit, newId }: UnitContext, isSent: boolean, letter: Letter): string {
  return jobs.stage(unit, mailJob, { id: newId(), isWithheld: !isSent, ...letter } as unknown as Mail)
}

/** Throws if the operator has configured no mail. */
export function requireMail({ settings }: Pick<UnitContext, 'settings'>): void {
  if (!settings.mail) throw mailNotConfigured({ setting: new MailNotConfigured().setting })
}

/** Letters to people, sent through the mailer. */
export const mail = area({ name: 'mail', operations: {}, jobs: [mailJob] })
