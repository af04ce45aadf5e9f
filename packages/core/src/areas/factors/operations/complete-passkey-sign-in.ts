import * as z from 'zod'
import { CommitThenThrow, fields, operation } from '../../../operations/index.ts'
import { stageFailure, stageSuccess, userToken } from '../../auth/index.ts'
import { isBlocked, passkeyKind } from '../../credentials/index.ts'
import { userKind } from '../../orgs/index.ts'
import { assertionFields, takeAssertion } from '../ceremonies.ts'
import { passkeyFailed } from '../errors.ts'
import { passkeysUnavailable } from '../relying-party.ts'

export const completePasskeySignIn = operation({
  name: 'factors.completePasskeySignIn',
  summary: 'Sign in with what a passkey signed. No second factor is asked for: a passkey is two of them.',
  http: {
    method: 'POST',
    path: '/v1/auth/passkeys/assert/complete',
    status: 200,
    id: 'passkeyAssertComplete',
    tag: 'Authentication',
    aliases: [{ method: 'POST', path: '/v1/auth/passkey-assert/complete', status: 200 }],
  },
  command: null,
  effect: 'write',
  access: 'public',
  // Whose trail an attempt belongs in is known only here, so it stages its own events.
  audit: 'none',
  input: z.object(assertionFields),
  output: z.object({
    token: fields.shownSecret(),
    access_token: fields.shownSecret().meta({ description: 'The same as token, for clients that read this name.' }),
    token_type: z.literal('Bearer'),
    expires_in: z.int(),
    refresh_token: z
      .string()
      .optional()
      .meta({ description: 'Not issued. Refresh a token by sending it as the bearer token.' }),
    user: z.object({ id: fields.id(), email: z.string(), display_name: z.string(), org_id: fields.id() }),
  }),
  reveals: ['token', 'access_token'],
  limits: [{ per: 'credential', field: 'credential_id', by: 'person' }],
  errors: [passkeyFailed, passkeysUnavailable],
  run: (context, input) => {
    const { unit, now } = context
    const passkey = unit.find(passkeyKind, 'credential', input.credential_id)
    if (!passkey) throw passkeyFailed()
    unit.enter(passkey.org)
    const principal = { kind: 'user', id: passkey.user } as const
    const user = unit.get(userKind, passkey.user)
    const signsIn = user?.status === 'active' && !isBlocked(user, now)
    if (!signsIn || !takeAssertion(context, 'sign-in', input)) {
      stageFailure(context, principal, 'passkey')
      return new CommitThenThrow(passkeyFailed())
    }
    stageSuccess(context, principal, 'passkey')
    const { token, expiresIn } = userToken(context, user)
    return {
      ...{ token, access_token: token, token_type: 'Bearer' as const, expires_in: expiresIn },
      user: { id: user.id, email: user.email, display_name: user.displayName, org_id: passkey.org },
    }
  },
})
