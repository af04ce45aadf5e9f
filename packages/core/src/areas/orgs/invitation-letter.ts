import { rfc3339 } from '../../kernel/time.ts'
import type { UnitContext } from '../../operations/index.ts'
import type { Letter } from '../mail/index.ts'
import type { Invitation } from './invitations.ts'
import { settingsOf } from './settings.ts'

/** What an invitation says. Only its letter contains the token. */
export function invitationLetter({ unit, settings }: UnitContext, invitation: Invitation, token: string): Letter {
  const { email, role, expiresAt } = invitation
  const { publicUrl } = settings
  const { name } = settingsOf(unit)
  return {
    to: email,
    subject: 'Invitation to Pawl',
    parts: [
      `You are invited to the organisation ${name} at ${publicUrl}, with the role ${role}. Your address there is ${email}.`,
      { label: 'Accept the invitation', link: `${publicUrl}/accept-invitation?token=${token}` },
      'Or accept it with this command. It asks for the token and a new password:',
      { copy: `PAWL_URL=${publicUrl} npx pawl org accept-invitation` },
      `Token: ${token}`,
      `The invitation expires at ${rfc3339(expiresAt)}. If you do not know who sent it, ignore this message.`,
    ],
  }
}
