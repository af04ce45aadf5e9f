import { rfc3339 } from '../../kernel/time.ts'
import type { Engine, JobType } from '../../operations/index.ts'
import { MailNotConfigured } from '../../ports/mailer.ts'
import { hashOfToken, type Invitation, invitationKind } from './invitations.ts'
import { settingsOf } from './settings.ts'

interface Mail {
  readonly [field: string]: string
  readonly invitation: string
  readonly token: string
}

/** Sends an invitation. Without a mail server it removes the invitation, because the token cannot arrive. */
export const invitationMailJob: JobType<Mail> = {
  name: 'orgs.invitationMail',
  run: async (engine, { invitation: id, token }) => {
    const invitation = await engine.records.reading().get(invitationKind, id)
    // A later invitation to the same address has another token.
    if (!invitation || invitation.tokenHash !== hashOfToken(engine, token)) return
    try {
      const { name } = await engine.records.transactIn(invitation.org, settingsOf)
      const text = textOf(engine, invitation, name, token)
      await engine.mailer.send({ id: `invitation-${id}`, to: invitation.email, subject: 'Invitation to Pawl', text })
    } catch (error) {
      if (!(error instanceof MailNotConfigured)) throw error
      await engine.records.transact((unit) => {
        const unsent = unit.get(invitationKind, id)
        if (unsent) unit.delete(invitationKind, unsent)
      })
    }
  },
}

/** Links come from the configured public URL, never from a request (E17). */
function textOf({ settings }: Engine, { email, role, expiresAt }: Invitation, name: string, token: string): string {
  return [
    `You are invited to the organisation ${name} at ${settings.publicUrl}, with the role ${role}.`,
    `Your address there is ${email}. Accept the invitation with this command. It asks for the token and a new password:`,
    `PAWL_URL=${settings.publicUrl} npx pawl org accept-invitation`,
    `Token: ${token}`,
    `The invitation expires at ${rfc3339(expiresAt)}. If you do not know who sent it, ignore this message.`,
  ].join('\n\n')
}
