import * as z from 'zod'
import {
  auditEvent,
  type Context,
  cascadeAndWait,
  denied,
  fields,
  operation,
  policyGoverns,
  signedIn,
} from '../../../operations/index.ts'
import { checkOwnership, directoryKind, keepAnOwner, lastOwner, userKind } from '../../orgs/index.ts'
import { userNotFound } from '../errors.ts'

export const deleteUser = operation({
  name: 'admin.deleteUser',
  summary: 'Delete a user of any organisation, with their tokens, keys and policies. For the operator.',
  http: { method: 'DELETE', path: '/v1/admin/users/{user_id}', status: 204, id: 'adminDeleteUser', tag: 'Admin' },
  command: { name: 'admin delete-user', positionals: ['user_id'] },
  effect: 'write',
  access: { signedIn: ['user'], operator: true },
  audit: { action: 'user.delete', resource: 'user', about: ({ user_id }) => ({ id: user_id }) },
  input: z.object({ user_id: fields.id() }),
  output: z.undefined(),
  // The unit is that of the organisation of the user, so that everything of theirs goes with them.
  actsElsewhere: true,
  errors: [denied, lastOwner, userNotFound, policyGoverns],
  run: (context, { user_id: id }) => {
    const { unit } = context
    const { id: callerId, org: home } = signedIn(context)
    if (id === callerId) throw denied({ reason: 'You cannot delete yourself here. Use DELETE /v1/auth/me.' })
    const entry = unit.get(directoryKind, id)
    if (entry?.kind !== 'user') throw userNotFound()
    unit.enter(entry.org)
    const user = unit.require(userKind, id, userNotFound)
    if (entry.org === home) checkOwnership(roleOf(context), user.role)
    if (user.role === 'owner') keepAnOwner(unit, user)
    // Every token, key and policy leads to this record, so from here on none of them counts.
    unit.delete(userKind, user)
    cascadeAndWait(context, 'removed', 'user', id)
    if (entry.org !== home) {
      const details = { org_id: entry.org }
      unit.audit(auditEvent(context, { action: 'user.delete', resource: { type: 'user', id }, details }), home)
    }
    return undefined
  },
})

function roleOf(context: Context) {
  const caller = signedIn(context)
  return caller.kind === 'user' ? caller.role : 'member'
}
