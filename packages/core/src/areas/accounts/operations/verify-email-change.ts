import * as z from 'zod'
import { CommitThenThrow, fields, notAuthenticated, operation } from '../../../operations/index.ts'
import { currentUser } from '../../auth/index.ts'
import { endOneTime, useCode } from '../../credentials/index.ts'
import { stageMail } from '../../mail/index.ts'
import { emailTaken, moveUser } from '../../orgs/index.ts'
import { codeInvalid } from '../errors.ts'
import { oldAddressLetter } from '../letters.ts'

const ChangeData = z.object({ email: z.string() })

export const verifyEmailChange = operation({
  name: 'accounts.verifyEmailChange',
  summary: 'Confirm your new e-mail address with the code that was sent there. All your sessions end.',
  http: {
    method: 'POST',
    path: '/v1/auth/verify-email-change',
    status: 200,
    id: 'verifyEmailChange',
    tag: 'Authentication',
  },
  command: { name: 'account verify-email', positionals: ['code'] },
  effect: 'write',
  access: { signedIn: ['user'] },
  audit: { action: 'user.email_change', resource: 'user' },
  input: z.object({ code: fields.text(20) }),
  output: z.object({ message: z.string(), email: z.string() }),
  errors: [notAuthenticated, codeInvalid, emailTaken],
  run: (context, { code }) => {
    const { settings } = context
    const user = currentUser(context)
    const change = ChangeData.safeParse(useCode(context, 'change-email', user.id, code)?.data)
    if (!change.success) return new CommitThenThrow(codeInvalid())
    const { email } = change.data
    // Ends all sessions: the holder of the old mailbox could have one.
    moveUser(context, { ...user, epoch: user.epoch + 1 }, email)
    // A link to the old mailbox must not reach the account any more.
    endOneTime(context, 'reset', user.email)
    if (settings.mail) stageMail(context, oldAddressLetter(settings, user.email, email))
    return { message: 'Your e-mail address was changed. Sign in again with the new address.', email }
  },
})
