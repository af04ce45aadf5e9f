import * as z from 'zod'
import type { Secret } from '../../../kernel/secret.ts'
import { CommitThenThrow, type Context, fields, operation } from '../../../operations/index.ts'
import { isBlocked } from '../../credentials/index.ts'
import {
  canonicalEmail,
  directoryKind,
  emailCharactersMax,
  passwordBytesMax,
  type User,
  userKind,
} from '../../orgs/index.ts'
import { invalidProof, nonceWanted, wrongPassword } from '../errors.ts'
import { stageFailure } from '../events.ts'
import { checkNobody, checkPassword } from '../password-check.ts'
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

/** The user, or null for every reason there can be; what was staged is then worth keeping. */
function signIn(context: Context, email: string, password: Secret<string>): User | null {
  const { unit, now } = context
  const entry = unit.find(directoryKind, 'email', email)
  if (!entry) {
    checkNobody(context, email, password)
    return null
  }
  unit.enter(entry.org)
  const principal = { kind: 'user', id: entry.id } as const
  const user = unit.get(userKind, entry.id)
  if (!user || !checkPassword(context, user, password) || isBlocked(user, now)) {
    stageFailure(context, principal, 'password')
    return null
  }
  return user
}
