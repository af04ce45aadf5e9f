import type { Context } from '../../operations/index.ts'
import { stageMail } from '../mail/index.ts'
import type { User } from '../orgs/index.ts'
import { passwordChangedLetter } from './letters.ts'

/** Tells the user about a changed password, where mail is configured. */
export function stagePasswordChanged(context: Context, { email }: User): void {
  const { settings } = context
  if (settings.mail) stageMail(context, passwordChangedLetter(settings, email))
}
