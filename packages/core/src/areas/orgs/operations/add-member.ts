import * as z from 'zod'
import {
  agreementField,
  confirmField,
  confirmHeader,
  created,
  denied,
  fields,
  operation,
  tierLimitReached,
} from '../../../operations/index.ts'
import { emailTaken } from '../errors.ts'
import { hashOf, newUser } from '../new-user.ts'
import { newPasswordField } from '../password.ts'
import { callerRole, checkOwnership, isHigher, promotes } from '../roles.ts'
import { displayNameField, emailField, MemberBody, memberBody, roleField } from '../schemas.ts'

export const addMember = operation({
  name: 'orgs.addMember',
  summary: 'Add a member directly, without an invitation by e-mail.',
  http: {
    method: 'POST',
    path: '/v1/org/members',
    status: 201,
    id: 'addOrgMember',
    tag: 'Organization',
    headers: confirmHeader,
  },
  command: { positionals: ['email'], flags: { auth_confirm: 'confirm' } },
  effect: 'write',
  access: { signedIn: ['user'], admin: true },
  confirms: {
    purpose: promotes,
    takesFreshSignIn: true,
    when: ({ input }) => isHigher(input.role ?? 'member', 'member'),
  },
  governed: [{ action: 'member.add' }],
  audit: { action: 'member.add', resource: 'member', about: ({ role }, member) => ({ id: member?.id, role }) },
  input: z.object({
    email: emailField(),
    password: fields.optional(newPasswordField()),
    display_name: fields.optional(displayNameField()).describe('Name that other members see.'),
    role: fields.optional(roleField()).describe('Role of the member. Default: member.'),
    approval_id: agreementField(),
    auth_confirm: confirmField(),
  }),
  output: MemberBody,
  errors: [denied, emailTaken, tierLimitReached],
  run: (context, { email, password, display_name: displayName = '', role = 'member' }) => {
    checkOwnership(callerRole(context), role)
    const passwordHash = context.unit.waitFor(() => hashOf(context, password?.reveal()))
    // An admin of one organisation names the address. The member has not proved that they own it.
    const user = newUser(context, { email, displayName, role, passwordHash, emailVerified: false })
    created(context, 'user', user.id)
    return memberBody(user)
  },
})
