import * as z from 'zod'
import {
  agreementField,
  cascadeAndWait,
  denied,
  fields,
  operation,
  policyGoverns,
  signedIn,
} from '../../../operations/index.ts'
import { memberNotFound } from '../errors.ts'
import { userKind } from '../records.ts'
import { callerRole, checkOwnership } from '../roles.ts'

export const removeMember = operation({
  name: 'orgs.removeMember',
  summary: 'Remove a member with their tokens, keys and policies. Their agents and vaults pass on to an owner.',
  http: {
    method: 'DELETE',
    path: '/v1/org/members/{user_id}',
    status: 204,
    id: 'removeMember',
    tag: 'Organization',
  },
  effect: 'write',
  access: { signedIn: ['user'], admin: true },
  governed: [{ action: 'member.remove' }],
  audit: { action: 'member.remove', resource: 'member', about: ({ user_id }) => ({ id: user_id }) },
  input: z.object({ user_id: fields.id(), approval_id: agreementField() }),
  output: z.undefined(),
  errors: [denied, memberNotFound, policyGoverns],
  run: (context, { user_id: userId }) => {
    const { unit } = context
    const own = callerRole(context)
    const user = unit.require(userKind, userId, memberNotFound)
    if (userId === signedIn(context).id) throw denied({ reason: 'You cannot remove yourself.' })
    // Only another owner can remove an owner, and is still an owner at the commit. So one owner remains.
    checkOwnership(own, user.role)
    // Every token, key and policy of theirs leads to this record, so from here on none of them counts.
    unit.delete(userKind, user)
    cascadeAndWait(context, 'removed', 'user', userId)
    return undefined
  },
})
