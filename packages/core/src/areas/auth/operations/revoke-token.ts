import * as z from 'zod'
import { operation, signedIn } from '../../../operations/index.ts'
import { endSession } from '../tokens.ts'

export const revokeToken = operation({
  name: 'auth.revoke',
  summary: 'Revoke the token of this request and its session. API keys stay valid.',
  http: { method: 'DELETE', path: '/v1/auth/token', status: 204, id: 'revokeToken', tag: 'Authentication' },
  command: null,
  effect: 'write',
  access: { signedIn: ['user', 'agent'] },
  audit: { action: 'auth.revoke', resource: 'token' },
  input: z.object({}),
  output: z.undefined(),
  anyScope: true,
  errors: [],
  run: (context) => {
    const { session } = signedIn(context)
    if (session?.tokenId && session.expiresAt !== null) {
      endSession(context.unit, session.tokenId, session.expiresAt, context.now)
    }
    return undefined
  },
})
