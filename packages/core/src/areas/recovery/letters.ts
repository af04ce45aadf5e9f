import { rfc3339 } from '../../kernel/time.ts'
import type { Context } from '../../operations/index.ts'
import { stageMail } from '../mail/index.ts'
import type { User } from '../orgs/index.ts'
import type { RecoveryRequest } from './records.ts'

const names = { mfa_reset: 'authenticator app', passkey_reset: 'passkeys', password_reset: 'password' } as const

/** Tells the user of each step, because a thief with a stolen token can ask for a reset too. */
export function tellUser(
  context: Context,
  { email }: Pick<User, 'email'>,
  { type, executableAt }: RecoveryRequest,
): void {
  const { settings } = context
  if (!settings.mail) return
  const what = names[type]
  const step = executableAt === null ? 'was requested' : `was approved, and can be done after ${rfc3339(executableAt)}`
  stageMail(context, {
    to: email,
    subject: 'Recovery of your account',
    parts: [
      `A reset of the ${what} of your account at ${settings.publicUrl} ${step}.`,
      'If you did not ask for it, cancel the request and tell the owner of your organisation.',
    ],
  })
}
