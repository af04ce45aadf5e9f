import * as z from 'zod'
import { denied, fields, operation } from '../../../operations/index.ts'
import { invitationNotFound } from '../errors.ts'
import { invitationKind } from '../invitations.ts'
import { callerRole, checkOwnership } from '../roles.ts'

export const revokeInvitation = operation({
  name: 'orgs.revokeInvitation',
  summary: 'Revoke an invitation that was not accepted yet.',
  http: {
    method: 'DELETE',
    path: '/v1/org/invitations/{invitation_id}',
    status: 204,
    id: 'revokeInvitation',
    tag: 'Organization',
  },
  effect: 'write',
  access: { signedIn: ['user'], admin: true },
  audit: {
    action: 'invitation.revoke',
    resource: 'invitation',
    about: ({ invitation_id }) => ({ id: invitation_id }),
  },
  input: z.object({ invitation_id: fields.id() }),
  output: z.undefined(),
  errors: [denied, invitationNotFound],
  run: (context, { invitation_id: id }) => {
    const { unit } = context
    const invitation = unit.get(invitationKind, id)
    if (invitation?.org !== unit.org || !invitation) throw invitationNotFound()
    checkOwnership(callerRole(context), invitation.role)
    unit.delete(invitationKind, invitation)
    return undefined
  },
})
