import * as z from 'zod'
import { created, fields, operation, tierLimitReached } from '../../../operations/index.ts'
import { emailTaken, invitationInvalid, invitationNotAgreed } from '../errors.ts'
import { validInvitation } from '../invitations.ts'
import { hashOf, newUser } from '../new-user.ts'
import { newPasswordField } from '../password.ts'
import { displayNameField, MemberBody, memberBody } from '../schemas.ts'

export const acceptInvitation = operation({
  name: 'orgs.acceptInvitation',
  summary: 'Accept an invitation with the token from the mail, and choose a password. Then you can sign in.',
  http: {
    method: 'POST',
    path: '/v1/org/invite/accept',
    status: 201,
    id: 'acceptInvitation',
    tag: 'Organization',
  },
  command: { name: 'org accept-invitation' },
  effect: 'write',
  access: 'public',
  audit: { action: 'member.join', resource: 'member', about: (_, member) => ({ id: member?.id, role: member?.role }) },
  input: z.object({
    token: fields.secretText(100),
    password: newPasswordField(),
    display_name: fields.optional(displayNameField()).describe('Name that other members see.'),
  }),
  output: MemberBody,
  limits: [{ per: 'credential', field: 'token', by: 'person' }],
  errors: [invitationInvalid, invitationNotAgreed, emailTaken, tierLimitReached],
  run: (context, { token, password, display_name: displayName = '' }) => {
    const { email, role } = validInvitation(context, token.reveal())
    const passwordHash = context.unit.waitFor(() => hashOf(context, password.reveal()))
    // Only the mailbox has the token, so the address is verified.
    const user = newUser(context, { email, displayName, role, passwordHash, emailVerified: true })
    created(context, 'user', user.id)
    return memberBody(user)
  },
})
