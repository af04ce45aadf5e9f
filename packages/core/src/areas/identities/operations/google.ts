import * as z from 'zod'
import { CommitThenThrow, fields, operation } from '../../../operations/index.ts'
import { SignInBody } from '../../auth/index.ts'
import { providerNamed } from '../code-flow.ts'
import { entryRefusals } from '../enter.ts'
import { sessionOf } from '../schemas.ts'
import { enterWithIdToken } from '../social.ts'

export const google = operation({
  name: 'identities.google',
  summary: 'Sign in with an ID token of Google.',
  http: { method: 'POST', path: '/v1/auth/google', status: 200, id: 'googleAuth', tag: 'Authentication' },
  command: null,
  effect: 'write',
  access: 'public',
  // Whose trail an attempt belongs in is known only here, so it stages its own events.
  audit: 'none',
  input: z.object({ id_token: fields.secretText(16_384) }),
  output: SignInBody,
  reveals: ['access_token', 'mfa_token'],
  limits: [{ per: 'credential', field: 'id_token', by: 'person' }],
  errors: entryRefusals,
  run: (context, { id_token }) => {
    const entered = enterWithIdToken(context, providerNamed(context, 'google'), id_token.reveal())
    return 'refused' in entered ? new CommitThenThrow(entered.refused) : sessionOf(context, entered.user)
  },
})
