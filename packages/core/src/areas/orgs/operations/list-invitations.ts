import * as z from 'zod'
import { rfc3339 } from '../../../kernel/time.ts'
import { fields, operation } from '../../../operations/index.ts'
import { invitationKind } from '../invitations.ts'

const InvitationBody = z
  .object({
    id: fields.id(),
    email: z.string(),
    role: z.enum(['owner', 'admin', 'member']),
    invited_by: fields.id(),
    created_at: fields.shownTime(),
    expires_at: fields.shownTime(),
  })
  .meta({ id: 'Invitation' })

export const listInvitations = operation({
  name: 'orgs.listInvitations',
  summary: 'List the invitations of your organisation that can still be accepted.',
  http: { method: 'GET', path: '/v1/org/invitations', status: 200, id: 'listInvitations', tag: 'Organization' },
  command: { name: 'org invitations', columns: ['email', 'role', 'expires_at', 'id'] },
  effect: 'read',
  access: { signedIn: ['user'], admin: true },
  audit: { action: 'invitation.list', resource: 'invitation' },
  input: z.object({}),
  output: z.object({ invitations: z.array(InvitationBody) }),
  errors: [],
  run: ({ unit, now }) => {
    const all = unit.list(invitationKind, 'created', unit.org ?? '')
    const invitations = all
      .filter(({ expiresAt }) => expiresAt > now)
      .map(({ id, email, role, invitedBy, createdAt, expiresAt }) => ({
        id,
        email,
        role,
        invited_by: invitedBy,
        created_at: rfc3339(createdAt),
        expires_at: rfc3339(expiresAt),
      }))
    return { invitations }
  },
})
