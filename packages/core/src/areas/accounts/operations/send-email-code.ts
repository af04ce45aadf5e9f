import * as z from 'zod'
import { minute } from '../../../kernel/time.ts'
import { operation } from '../../../operations/index.ts'
import { newCode } from '../../credentials/index.ts'
import { mailNotConfigured, requireMail, stageMailIf } from '../../mail/index.ts'
import { accountByEmail, emailField } from '../../orgs/index.ts'
import { takesSignUp } from '../../settings/index.ts'
import { holderOf } from '../holder.ts'
import { signInCodeLetter } from '../letters.ts'
import { mailLimits } from '../mail-limits.ts'

const lifeMs = 5 * minute

export const sendEmailCode = operation({
  name: 'accounts.sendEmailCode',
  summary: 'Request a code by mail that signs you in.',
  http: { method: 'POST', path: '/v1/auth/email-otp/send', status: 200, id: 'sendEmailOtp', tag: 'Authentication' },
  command: null,
  effect: 'write',
  access: 'public',
  // A caller who is not signed in must not fill the trail of an organisation.
  audit: 'none',
  input: z.object({ email: emailField() }),
  output: z.object({ status: z.literal('sent').describe('The same for known and unknown addresses.') }),
  limits: mailLimits,
  errors: [mailNotConfigured],
  run: (context, { email }) => {
    const { settings } = context
    requireMail(context)
    const account = accountByEmail(context, email)
    // The engine reads this for every address, so that the time of the answer does not show which addresses have accounts.
    const isOpen = takesSignUp(context, email)
    const isWelcome = account?.user ? account.user.status === 'active' : isOpen
    const code = newCode(context, { purpose: 'sign-in', subject: email, lifeMs, ...holderOf(account) })
    stageMailIf(context, isWelcome, signInCodeLetter(settings, email, code, lifeMs))
    return { status: 'sent' as const }
  },
})
