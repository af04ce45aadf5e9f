import * as z from 'zod'
import { hour } from '../../../kernel/time.ts'
import { operation } from '../../../operations/index.ts'
import { newLinkToken } from '../../credentials/index.ts'
import { mailNotConfigured, requireMail, stageMailIf } from '../../mail/index.ts'
import { accountByEmail, emailField } from '../../orgs/index.ts'
import { holderOf } from '../holder.ts'
import { resetLetter } from '../letters.ts'
import { mailLimits } from '../mail-limits.ts'

const lifeMs = hour

export const forgotPassword = operation({
  name: 'accounts.forgotPassword',
  summary: 'Request a link by mail that lets you choose a new password.',
  http: { method: 'POST', path: '/v1/auth/forgot-password', status: 200, id: 'forgotPassword', tag: 'Authentication' },
  command: { name: 'account forgot-password', positionals: ['email'] },
  effect: 'write',
  access: 'public',
  // A caller who is not signed in must not fill the trail of an organisation.
  audit: 'none',
  input: z.object({ email: emailField() }),
  output: z.object({
    message: z.string(),
    status: z.enum(['email_sent']).describe('The same for known and unknown addresses.'),
  }),
  limits: mailLimits,
  errors: [mailNotConfigured],
  run: (context, { email }) => {
    const { now, settings } = context
    requireMail(context)
    const account = accountByEmail(context, email, (user) => user.status === 'active' && user.authMethod === 'password')
    const token = newLinkToken(context, { purpose: 'reset', subject: email, lifeMs, ...holderOf(account) })
    stageMailIf(context, Boolean(account?.user), resetLetter(settings, email, token, now + lifeMs))
    return { message: 'If the address has an account, a link was sent to it.', status: 'email_sent' as const }
  },
})
