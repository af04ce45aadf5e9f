import * as z from 'zod'
import { day } from '../../../kernel/time.ts'
import { fields, operation } from '../../../operations/index.ts'
import { newLinkToken } from '../../credentials/index.ts'
import { mailNotConfigured, requireMail, stageMail } from '../../mail/index.ts'
import { directoryKind, displayNameField, emailField, hashOf, newPasswordField } from '../../orgs/index.ts'
import { signUpClosed } from '../errors.ts'
import { knownAddressLetter, signUpLetter } from '../letters.ts'
import { mailLimits } from '../mail-limits.ts'
import { requireSignUp } from '../sign-up.ts'

const lifeMs = day

export const signUp = operation({
  name: 'accounts.signUp',
  summary: 'Request an account. A link goes to the address by mail. The link creates the account.',
  http: { method: 'POST', path: '/v1/auth/signup', status: 200, id: 'signup', tag: 'Authentication' },
  command: { name: 'account sign-up', positionals: ['email'] },
  effect: 'write',
  access: 'public',
  // No organisation exists yet, so there is no trail.
  audit: 'none',
  input: z.object({
    email: emailField(),
    password: newPasswordField(),
    display_name: fields.optional(displayNameField()).describe('Name that other members see.'),
  }),
  output: z.object({ message: z.string(), email: z.string() }),
  limits: mailLimits,
  errors: [signUpClosed, mailNotConfigured],
  run: (context, { email, password, display_name: displayName = '' }) => {
    const { unit, now, settings } = context
    requireSignUp(context, email)
    requireMail(context)
    // A known address costs the same work, so that the time does not show it. No mail contains its link.
    const passwordHash = unit.waitFor(() => hashOf(context, password.reveal()))
    const isKnown = unit.reading().find(directoryKind, 'email', email) !== null
    const data = { email, passwordHash, displayName }
    const token = newLinkToken(context, { purpose: 'sign-up', subject: email, lifeMs, data })
    stageMail(
      context,
      isKnown ? knownAddressLetter(settings, email) : signUpLetter(settings, email, token, now + lifeMs),
    )
    return { message: 'Open the link in the message that was sent to this address.', email }
  },
})
