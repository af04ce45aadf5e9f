import * as z from 'zod'
import { CommitThenThrow, type Context, fields, operation } from '../../../operations/index.ts'
import { secondStepFields, signInBody, stageFailure } from '../../auth/index.ts'
import { isBlocked, useCode } from '../../credentials/index.ts'
import { emailField, emailTaken, newOrg, type User, userByEmail, userKind } from '../../orgs/index.ts'
import { appNotFound, joinApp, linkRequired, tooManyUsers } from '../../platform/index.ts'
import { findActive } from '../../wallets/index.ts'
import { codeInvalid } from '../errors.ts'
import { takesSignUp } from '../sign-up.ts'

export const verifyEmailCode = operation({
  name: 'accounts.verifyEmailCode',
  summary: 'Sign in with a code from a message. Creates an account for a new address, if sign-up is open.',
  http: { method: 'POST', path: '/v1/auth/email-otp/verify', status: 200, id: 'verifyEmailOtp', tag: 'Authentication' },
  command: null,
  effect: 'write',
  access: 'public',
  // Whose trail an attempt belongs in is known only here, so it stages its own events.
  audit: 'none',
  input: z.object({
    email: emailField(),
    code: fields.text(20).describe('The six digits of the message.'),
    platform_app_id: fields
      .optional(fields.id())
      .describe('Platform app to connect to. A user of another organisation must agree first: the error says where.'),
  }),
  output: z.object({
    token: fields.shownSecret(),
    access_token: fields.shownSecret().describe('The same as token, for clients that read this name.'),
    token_type: z.literal('Bearer'),
    expires_in: z.int(),
    user_id: fields.id(),
    org_id: fields.id(),
    is_new_user: z.boolean(),
    is_new: z.boolean().describe('The same as is_new_user.'),
    email: z.string(),
    wallet_address: z.string().nullable().describe('Address of your wallet on EVM chains, if you have one.'),
    ...secondStepFields,
  }),
  reveals: ['token', 'access_token', 'mfa_token'],
  limits: [{ per: 'credential', field: 'email', by: 'person' }],
  errors: [codeInvalid, emailTaken, appNotFound, linkRequired, tooManyUsers],
  run: (context, { email, code, platform_app_id: appId }) => {
    const { unit } = context
    const isRight = useCode(context, 'sign-in', email, code) !== null
    const user = enter(context, email, isRight)
    if (!user) return new CommitThenThrow(codeInvalid())
    const isNew = unit.makes(userKind, user.id)
    const org = unit.org ?? ''
    if (appId !== undefined) joinApp(context, appId, { org, userId: user.id, isNew })
    const signedIn = signInBody(context, user, isNew ? null : 'email_code')
    // Before the second step, nothing is told about the user.
    const isIn = signedIn.mfa_required !== true
    return {
      ...{ ...signedIn, token: signedIn.access_token },
      ...{ user_id: user.id, org_id: org, is_new_user: isNew, is_new: isNew, email },
      wallet_address: (isIn ? findActive(context, user.id, 'ethereum')?.address : null) ?? null,
    }
  },
})

/** The user of the address, in their organisation; a new one, where that is allowed. */
function enter(context: Context, email: string, isRight: boolean): User | null {
  const { unit, now } = context
  const found = userByEmail(unit, email)
  if (!found) {
    if (!isRight || !takesSignUp(context, email)) return null
    const { user } = newOrg(context, email, { email, displayName: '', passwordHash: null })
    return unit.get(userKind, user)
  }
  unit.enter(found.org)
  const principal = { kind: 'user', id: found.user.id } as const
  const signsIn = found.user.status === 'active' && !isBlocked(found.user, now)
  const user = isRight && signsIn ? unit.get(userKind, found.user.id) : null
  if (!user) stageFailure(context, principal, 'email_code')
  return user
}
