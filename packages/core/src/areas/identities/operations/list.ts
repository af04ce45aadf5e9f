import * as z from 'zod'
import { operation, signedIn } from '../../../operations/index.ts'
import { identityKind } from '../records.ts'
import { IdentityBody, identityBody } from '../schemas.ts'

export const listIdentities = operation({
  name: 'identities.list',
  summary: 'List the identities that are linked to your account.',
  http: { method: 'GET', path: '/v1/auth/identities', status: 200, id: 'listIdentities', tag: 'Authentication' },
  command: { columns: ['provider', 'email', 'last_used_at', 'id'] },
  effect: 'read',
  access: { signedIn: ['user'] },
  audit: 'none',
  input: z.object({}),
  output: z.object({ identities: z.array(IdentityBody) }),
  errors: [],
  run: (context) => {
    const { id, org } = signedIn(context)
    return { identities: context.unit.list(identityKind, 'user', org, id).map(identityBody) }
  },
})
