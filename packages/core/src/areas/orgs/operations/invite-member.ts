import * as z from 'zod'
import {
  AfterCommit,
  agreementField,
  confirmField,
  confirmHeader,
  denied,
  fields,
  operation,
  quotas,
  signedIn,
} from '../../../operations/index.ts'
import { isMailbox } from '../../../ports/mailer.ts'
import { mailNotConfigured, requireMail, stageMail } from '../../mail/index.ts'
import { emailTaken } from '../errors.ts'
import { invitationLetter } from '../invitation-letter.ts'
import { newInvitation } from '../invitations.ts'
import { directoryKind } from '../records.ts'
import { callerRole, checkOwnership, isHigher, promotes } from '../roles.ts'
import { emailField, roleField } from '../schemas.ts'

export const inviteMember = operation({
  name: 'orgs.invite',
  summary: 'Invite an e-mail address to your organisation. The invitation goes there by mail.',
  http: {
    method: 'POST',
    path: '/v1/org/invite',
    status: 200,
    id: 'inviteMember',
    tag: 'Organization',
    headers: confirmHeader,
  },
  command: { name: 'org invite', positionals: ['email', 'role'], flags: { auth_confirm: 'confirm' } },
  effect: 'write',
  access: { signedIn: ['user'], admin: true },
  confirms: {
    purpose: promotes,
    takesFreshSignIn: true,
    when: ({ input }) => isHigher(input.role ?? 'member', 'member'),
  },
  // Who accepts becomes a member.
  governed: [{ action: 'member.invite' }, { action: 'member.add', about: () => ({ invitation: true }) }],
  audit: { action: 'member.invite', resource: 'invitation', about: ({ role = 'member' }) => ({ role }) },
  input: z.object({
    email: emailField().refine(isMailbox, 'must be one e-mail address without a name'),
    role: fields.optional(roleField()).describe('Role of the member. Default: member.'),
    approval_id: agreementField(),
    auth_confirm: confirmField(),
  }),
  output: z.object({ message: z.string(), email: z.string() }),
  errors: [denied, emailTaken, mailNotConfigured],
  limits: [{ per: 'org', quota: quotas.invitations }],
  run: (context, { email, role = 'member' }) => {
    const { unit } = context
    checkOwnership(callerRole(context), role)
    requireMail(context)
    // An address of another organisation is not told. Its owner finds out when they accept.
    if (unit.find(directoryKind, 'email', email)?.org === unit.org) throw emailTaken()
    const { invitation, token } = newInvitation(context, { email, role, invitedBy: signedIn(context).id })
    const job = stageMail(context, invitationLetter(context, invitation, token))
    return new AfterCommit({ id: invitation.id, role }, async (engine) => {
      const isSent = await engine.jobs.run(job).then(
        () => true,
        () => false,
      )
      const later = 'The invitation is stored. Pawl tries again to send it, because the mail server did not accept it.'
      return { message: isSent ? 'The invitation was sent.' : later, email }
    })
  },
})
