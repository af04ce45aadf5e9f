import * as z from 'zod'
import { PawlError } from '../../../kernel/errors.ts'
import { CommitThenThrow, type Context, fields, operation } from '../../../operations/index.ts'
import { secondStepFields, signInBody, stageFailure } from '../../auth/index.ts'
import { isBlocked, secondStepOf, useCode } from '../../credentials/index.ts'
import { accountByEmail, emailField, emailTaken, newOrg, type User, userKind } from '../../orgs/index.ts'
import { appNotFound, joinApp, linkRequired, refusesNewUsers, tooManyUsers } from '../../platform/index.ts'
import { takesSignUp } from '../../settings/index.ts'
import { findActive, provisionField, provisionWallets, walletsFull } from '../../wallets/index.ts'
import { codeInvalid } from '../errors.ts'

export const verifyEmailCode = operation({
  name: 'accounts.verifyEmailCode',
  summary: 'Sign in with a code from a message. Creates an account for a new address, if sign-up is open.',
  http: {
    method: 'POST',
    path: '/v1/auth/email-otp/verify',
    status: 200,
    createdIf: 'is_new',
    id: 'verifyEmailOtp',
    tag: 'Authentication',
  },
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
      .describe(
        'Platform app to connect to, after the second step if there is one. A user of another organisation must agree first: the error says where. A refusal uses up the code.',
      ),
    auto_provision_chains: provisionField(),
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
  errors: [codeInvalid, emailTaken, appNotFound, linkRequired, tooManyUsers, walletsFull],
  run: (context, { email, code, platform_app_id: appId, auto_provision_chains: chains = [] }) => {
    const { unit } = context
    const isRight = useCode(context, 'sign-in', email, code) !== null
    const user = enter(context, { email, isRight, appId })
    if (user instanceof PawlError) return new CommitThenThrow(user)
    const isNew = unit.makes(userKind, user.id)
    const org = unit.org ?? ''
    const refused = joinNow(context, user, { appId, isNew })
    if (refused) return new CommitThenThrow(refused)
    const signedIn = signInBody(context, user, isNew ? null : 'email_code', appId)
    // Before the second step, nothing is told about the user.
    const isIn = signedIn.mfa_required !== true
    const made = isIn ? provisionWallets(context, user, chains) : []
    const evm = made.find(({ chain }) => chain === 'ethereum') ?? findActive(context, user.id, 'ethereum')
    return {
      ...{ ...signedIn, token: signedIn.access_token },
      ...{ user_id: user.id, org_id: org, is_new_user: isNew, is_new: isNew, email },
      wallet_address: (isIn && evm?.address) || null,
    }
  },
})

interface Entering {
  readonly email: string
  readonly isRight: boolean
  readonly appId: string | undefined
}

/** The user of the address, in their organisation; a new one, where that is allowed. */
function enter(context: Context, { email, isRight, appId }: Entering): User | PawlError {
  const { unit, now } = context
  const account = accountByEmail(context, email)
  if (!account?.user && isRight && takesSignUp(context, email)) {
    // Before the account, because the unit is committed after a refusal too.
    const refused = appId === undefined ? null : refusesNewUsers(context, appId)
    if (refused) return refused
    const { user } = newOrg(context, email, { email, displayName: '', passwordHash: null })
    return unit.require(userKind, user, codeInvalid)
  }
  if (!account) return codeInvalid()
  // A wrong code costs the same work for an unknown address, and writes the same event.
  unit.enter(account.org)
  const found = unit.get(userKind, account.id)
  const signsIn = found?.status === 'active' && !isBlocked(found, now)
  if (isRight && signsIn) return found
  stageFailure(context, { kind: 'user', id: account.id }, 'email_code')
  return codeInvalid()
}

/** The refusal of the app, or null. A user with a second factor joins after the second step. */
function joinNow(
  context: Context,
  { id }: User,
  { appId, isNew }: { readonly appId: string | undefined; readonly isNew: boolean },
): PawlError | null {
  const { unit } = context
  if (appId === undefined || secondStepOf(unit, id)) return null
  return joinApp(context, appId, { org: unit.org ?? '', userId: id, isNew })
}
