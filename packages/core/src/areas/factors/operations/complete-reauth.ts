import * as z from 'zod'
import { invalidField, type PawlError } from '../../../kernel/errors.ts'
import type { Secret } from '../../../kernel/secret.ts'
import { rfc3339, second } from '../../../kernel/time.ts'
import { CommitThenThrow, type Context, fields, notAuthenticated, operation } from '../../../operations/index.ts'
import { checkPassword, currentUser } from '../../auth/index.ts'
import { factorsOf } from '../../credentials/index.ts'
import { passwordBytesMax, type User } from '../../orgs/index.ts'
import { type AssertionInput, optionalAssertion, takeAssertion } from '../ceremonies.ts'
import { codeField, takeCode } from '../check-code.ts'
import { passkeyFailed, wrongCode, wrongPasswordAgain } from '../errors.ts'
import { checkMethod, checkPurpose, Method, purposeField } from '../methods.ts'
import { newReauthToken, reauthTokenLifeMs } from '../reauth-token.ts'
import { passkeysUnavailable } from '../relying-party.ts'

export const completeReauth = operation({
  name: 'factors.completeReauth',
  summary: 'Prove again who you are. The answer is a token for X-Auth-Confirm, for one call within 5 minutes.',
  http: { method: 'POST', path: '/v1/auth/reauth/complete', status: 200, id: 'reauthComplete', tag: 'Authentication' },
  command: { name: 'reauth complete', positionals: ['purpose'] },
  effect: 'write',
  access: { signedIn: ['user'] },
  audit: { action: 'auth.reauth', resource: 'user', about: ({ purpose, method }) => ({ purpose, method }) },
  input: z.object({
    purpose: purposeField(),
    method: fields.optional(Method).describe('Default: the best method that you have.'),
    password: fields
      .optional(fields.secretText(passwordBytesMax))
      .describe('Your password. With the method totp, a code is taken here too.'),
    code: fields.optional(codeField()).describe('A code of your authenticator app, or a recovery code.'),
    credential_id: optionalAssertion.credential_id,
    authenticator_data: optionalAssertion.authenticator_data,
    client_data_json: optionalAssertion.client_data_json,
    signature: optionalAssertion.signature,
  }),
  output: z.object({
    reauth_token: fields.shownSecret(),
    token: fields.shownSecret().meta({ description: 'The same token, for clients that know this name.' }),
    purpose: z.string(),
    method: Method,
    expires_in: z.int(),
    expires_at: fields.shownTime(),
  }),
  reveals: ['reauth_token', 'token'],
  errors: [notAuthenticated, passkeyFailed, passkeysUnavailable],
  run: (context, input) => {
    checkPurpose(context, input.purpose)
    const user = currentUser(context)
    const method = checkMethod(factorsOf(context.unit, user), input.method)
    const problem = prove[method](context, user, input)
    if (problem) return new CommitThenThrow(problem)
    const token = newReauthToken(context, user, input.purpose, method !== 'password')
    return {
      reauth_token: token,
      token,
      purpose: input.purpose,
      method,
      expires_in: reauthTokenLifeMs / second,
      expires_at: rfc3339(context.now + reauthTokenLifeMs),
    }
  },
})

interface Given extends Partial<Record<keyof AssertionInput, string | undefined>> {
  readonly purpose: string
  readonly password?: Secret<string> | undefined
  readonly code?: Secret<string> | undefined
}

/** Each answers what is wrong with the proof, or null. */
const prove: Readonly<Record<Method, (context: Context, user: User, given: Given) => PawlError | null>> = {
  password: (context, user, { password }) => {
    if (!password) throw invalidField('password', 'is missing')
    return checkPassword(context, user, password) ? null : wrongPasswordAgain()
  },
  totp: (context, user, { code, password }) => {
    const text = code ?? password
    if (!text) throw invalidField('code', 'is missing')
    return takeCode(context, user, text.reveal()) ? null : wrongCode()
  },
  passkey: (context, user, { purpose, ...given }) => {
    const asserted = takeAssertion(context, 'reauth', assertionIn(given))
    const isFor = asserted?.passkey.user === user.id && asserted.voucher.data.purpose === purpose
    return isFor ? null : passkeyFailed()
  },
}

function assertionIn(given: Omit<Given, 'purpose'>): AssertionInput {
  const { credential_id, authenticator_data, client_data_json, signature } = given
  const fields = { credential_id, authenticator_data, client_data_json, signature }
  for (const [name, value] of Object.entries(fields)) if (value === undefined) throw invalidField(name, 'is missing')
  return fields as AssertionInput
}
