import * as z from 'zod'
import { minute, second } from '../../../kernel/time.ts'
import { confirmField, confirmHeader, notAuthenticated, operation, quotas } from '../../../operations/index.ts'
import { currentUser } from '../../auth/index.ts'
import { newCode } from '../../credentials/index.ts'
import { mailNotConfigured, requireMail, stageMail } from '../../mail/index.ts'
import { directoryKind, emailField, emailTaken } from '../../orgs/index.ts'
import { newAddressLetter } from '../letters.ts'

const lifeMs = 10 * minute

export const changeEmail = operation({
  name: 'accounts.changeEmail',
  summary:
    'Change your e-mail address. A code goes to the new address. The old address stays valid until the code is used.',
  http: {
    method: 'POST',
    path: '/v1/auth/change-email',
    status: 200,
    id: 'changeEmail',
    tag: 'Authentication',
    headers: confirmHeader,
  },
  command: { name: 'account change-email', positionals: ['new_email'], flags: { auth_confirm: 'confirm' } },
  effect: 'write',
  access: { signedIn: ['user'] },
  // A person with access to the mailbox can get a new password. So a stolen token must not be able to change the address.
  confirms: { purpose: 'account.email' },
  audit: { action: 'user.email_change_requested', resource: 'user' },
  input: z.object({ new_email: emailField(), auth_confirm: confirmField() }),
  output: z.object({ message: z.string(), new_email: z.string(), expires_in_seconds: z.int() }),
  errors: [notAuthenticated, emailTaken, mailNotConfigured],
  limits: [
    { per: 'caller', quota: quotas.mail },
    { per: 'value', of: ({ new_email }) => new_email, quota: quotas.mail },
  ],
  run: (context, { new_email: email }) => {
    const { unit, settings } = context
    requireMail(context)
    const user = currentUser(context)
    const taken = unit.find(directoryKind, 'email', email)
    if (taken?.org === unit.org) throw emailTaken()
    const holder = { kind: 'user', id: user.id } as const
    const wanted = { purpose: 'change-email', subject: user.id, lifeMs, data: { email } }
    const code = newCode(context, { ...wanted, ...(unit.org && { org: unit.org }), holder })
    // An address of another organisation gets no code. The answer does not tell that it exists.
    if (!taken) stageMail(context, newAddressLetter(settings, email, code, lifeMs))
    return {
      message: 'Enter the code that was sent to this address.',
      new_email: email,
      expires_in_seconds: lifeMs / second,
    }
  },
})
