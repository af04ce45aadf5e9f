import * as z from 'zod'
import { type Context, fields, notAuthenticated, operation, signedIn } from '../../../operations/index.ts'
import { agentKind } from '../../agents/index.ts'
import { findKey } from '../../credentials/index.ts'
import { userKind } from '../../orgs/index.ts'
import { invalidProof, nonceWanted } from '../errors.ts'
import { TokenBody, tokenBody } from '../schemas.ts'
import { agentToken, type Grounds, userToken } from '../sessions.ts'
import { type MintedToken, tokens } from '../tokens.ts'

export const refresh = operation({
  name: 'auth.refresh',
  summary: 'Get a new token for the current session. The session still ends at the same time.',
  http: { method: 'POST', path: '/v1/auth/refresh', status: 200, id: 'refreshToken', tag: 'Authentication' },
  command: null,
  effect: 'write',
  access: { signedIn: ['user', 'agent'] },
  audit: { action: 'auth.refresh', resource: 'token' },
  // No refresh tokens are issued: some clients send a text all the same, and the bearer is what counts.
  input: z.object({ refresh_token: fields.optional(fields.secretText(8_192)) }),
  output: TokenBody,
  reveals: ['access_token'],
  anyScope: true,
  errors: [notAuthenticated, invalidProof, nonceWanted],
  run: (context) => tokenBody(mint(context, groundsOf(context))),
})

/** The token or key that was shown; nothing for a caller inside this process. */
function groundsOf(context: Context): Grounds {
  const { unit, origin, now } = context
  if (origin.trusted || !origin.bearer) return {}
  const key = findKey(context, unit, origin.bearer, now)
  return key
    ? { key }
    : { parent: unit.waitFor(() => tokens(context).verify(origin.bearer ?? '', now))?.claims ?? null }
}

function mint(context: Context, grounds: Grounds): MintedToken {
  const { unit } = context
  const { kind, id } = signedIn(context)
  const gone = notAuthenticated({ reason: 'The credential is unknown, expired or has been revoked.' })
  if (kind === 'user') {
    const user = unit.get(userKind, id)
    if (!user) throw gone
    return userToken(context, user, grounds)
  }
  const agent = unit.get(agentKind, id)
  if (!agent) throw gone
  return agentToken(context, agent, grounds)
}
