import * as z from 'zod'
import { fields, notAuthenticated, operation } from '../../../operations/index.ts'
import { currentUser } from '../../auth/index.ts'
import { identityNotFound, lastWayIn } from '../errors.ts'
import { identityKind } from '../records.ts'

export const unlinkIdentity = operation({
  name: 'identities.unlink',
  summary: 'Unlink an identity from your account. It no longer signs you in.',
  http: {
    method: 'DELETE',
    path: '/v1/auth/identities/{identity_id}',
    status: 204,
    id: 'unlinkIdentity',
    tag: 'Authentication',
  },
  command: {},
  effect: 'write',
  access: { signedIn: ['user'] },
  audit: { action: 'identity.unlink', resource: 'user', about: ({ identity_id }) => ({ identity_id }) },
  input: z.object({ identity_id: fields.text(64, 1) }),
  output: z.undefined(),
  errors: [notAuthenticated, identityNotFound, lastWayIn],
  run: (context, { identity_id }) => {
    const { unit } = context
    const user = currentUser(context)
    const own = unit.list(identityKind, 'user', unit.org ?? '', user.id)
    const found = own.find(({ id }) => id === identity_id)
    if (!found) throw identityNotFound()
    if (own.length === 1 && user.passwordHash === null) throw lastWayIn()
    unit.delete(identityKind, found)
    return undefined
  },
})
