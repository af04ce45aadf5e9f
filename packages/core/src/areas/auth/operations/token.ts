import * as z from 'zod'
import type { Secret } from '../../../kernel/secret.ts'
import { CommitThenThrow, type Context, fields, operation } from '../../../operations/index.ts'
import { isBlocked } from '../../credentials/index.ts'
import {
  accountByEmail,
  canonicalEmail,
  emailCharactersMax,
  passwordBytesMax,
  type User,
  userKind,
} from '../../orgs/index.ts'
import { invalidProof, nonceWanted, wrongPassword } from '../errors.ts'
import { stageFailure } from '../events.ts'
import { checkPassword } from '../password-check.ts'
import { SignInBody } from '../schemas.ts'
import { signInBody } from '../second-step.ts'

export const token = operation({
  name: 'auth.token',
  summary: 'Sign in with an e-mail address and a password. A second factor is asked for next.',
  http: { method: 'POST', path: '/v1/auth/token', status: 200, id: 'login', tag: 'Authentication' },
  command: null,
  effect: 'write',
  access: 'public',
  // Whose trail an attempt belongs in is known only here, so it stages its own events.
  audit: 'none',
  input: z.object({
    email: fields.text(emailCharactersMax).meta({ format: 'email' }),
    password: fields.secretText(passwordBytesMax),
  }),
  output: SignInBody,
  reveals: ['access_token', 'mfa_token'],
  limits: [{ per: 'credential', field: 'email', by: 'person' }],
  errors: [wrongPassword, invalidProof, nonceWanted],
  run: (context, { email, password }) => {
    const user = signIn(context, canonicalEmail(email), password)
    return user ? signInBody(context, user, 'password') : new CommitThenThrow(wrongPassword())
  },
})

/** The user. Null: the sign-in is refused. Commit the unit in both cases. Unknown addresses cost the same work (B11). */
function signIn(context: Context, email: string, password: Secret<string>): User | null {
  const { unit, now } = context
  const account = accountByEmail(context, email)
  if (!account) return null
  const { id } = account
  unit.enter(account.org)
  const user = unit.get(userKind, id)
  const isRight = checkPassword(context, user ?? { id, status: 'invited', passwordHash: null }, password)
  if (!user || !isRight || isBlocked(user, now)) {
    stageFailure(context, { kind: 'user', id }, 'password')
    return null
  }
  return user
}
