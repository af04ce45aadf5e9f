import * as z from 'zod'
import { agreementField, confirmField, confirmHeader, denied, fields, operation } from '../../../operations/index.ts'
import { lastOwner, memberNotFound } from '../errors.ts'
import { userKind } from '../records.ts'
import { callerRole, checkOwnership, isHigher, keepAnOwner, promotes } from '../roles.ts'
import { MemberBody, memberBody, roleField } from '../schemas.ts'

export const setRole = operation({
  name: 'orgs.setRole',
  summary: 'Change the role of a member.',
  http: {
    method: 'PATCH',
    path: '/v1/org/members/{user_id}',
    status: 200,
    id: 'updateMemberRole',
    tag: 'Organization',
    headers: confirmHeader,
  },
  command: { positionals: ['user_id', 'role'], flags: { auth_confirm: 'confirm' } },
  effect: 'write',
  access: { signedIn: ['user'], admin: true },
  confirms: {
    purpose: promotes,
    takesFreshSignIn: true,
    when: ({ context, input }) => isHigher(input.role, context.unit.get(userKind, input.user_id)?.role ?? 'owner'),
  },
  governed: [{ action: 'member.role_change' }],
  audit: { action: 'member.role_change', resource: 'member', about: ({ user_id, role }) => ({ id: user_id, role }) },
  input: z.object({
    user_id: fields.id(),
    role: roleField(),
    approval_id: agreementField(),
    auth_confirm: confirmField(),
  }),
  output: MemberBody,
  errors: [denied, memberNotFound, lastOwner],
  run: (context, { user_id: userId, role }) => {
    const { unit } = context
    const own = callerRole(context)
    const user = unit.require(userKind, userId, memberNotFound)
    checkOwnership(own, user.role, role)
    if (user.role === 'owner' && role !== 'owner') keepAnOwner(unit, user)
    const changed = { ...user, role }
    unit.put(userKind, changed)
    return memberBody(changed)
  },
})
