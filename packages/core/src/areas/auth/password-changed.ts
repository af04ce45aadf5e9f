import type { Context, Settings } from '../../operations/index.ts'
import { type Letter, stageMail } from '../mail/index.ts'
import type { User } from '../orgs/index.ts'

/** Tells the user about a changed password, where mail is configured. */
export function stagePasswordChanged(context: Context, { email }: User): void {
  const { settings } = context
  if (settings.mail) stageMail(context, letter(settings, email))
}

function letter(server: Pick<Settings, 'publicUrl'>, to: string): Letter {
  return {
    to,
    subject: 'Your password was changed',
    parts: [
      `The password of your account at ${server.publicUrl} was changed. All sessions ended.`,
      'If you did not change it, choose a new password now and tell the owner of your organisation.',
      { label: 'Choose a new password', link: `${server.publicUrl}/forgot-password` },
    ],
  }
}
