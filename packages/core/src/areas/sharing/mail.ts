import { rfc3339 } from '../../kernel/time.ts'
import type { Engine, JobType } from '../../operations/index.ts'
import { MailNotConfigured } from '../../ports/mailer.ts'
import { type Letter, messageOf } from '../mail/index.ts'
import { userKind } from '../orgs/index.ts'
import { secretKind } from '../secrets/index.ts'
import { takesSignUp } from '../settings/index.ts'
import { type Share, shareKind } from './records.ts'
import { shareUrl } from './schemas.ts'

/** `share` is the reference, not the id. `uses` distinguishes messages about one share. */
interface Mail {
  readonly [field: string]: string | number
  readonly share: string
  readonly about: 'invitation' | 'access'
  readonly uses: number
}

/** Sends mail to a recipient about a new share, and to a creator about a read. */
export const shareMailJob: JobType<Mail> = {
  name: 'sharing.mail',
  run: async (engine, { share: ref, about, uses }) => {
    const share = await engine.records.reading().get(shareKind, ref)
    const letter = share && (await (about === 'access' ? accessLetter : invitation)(engine, share, uses))
    if (!letter) return
    try {
      await engine.mailer.send(messageOf(letter, `share-${about}-${ref}-${uses}`))
    } catch (error) {
      // Shares also work without mail.
      if (!(error instanceof MailNotConfigured)) throw error
    }
  },
}

async function invitation({ settings, records }: Engine, share: Share): Promise<Letter | null> {
  if (share.recipient.kind !== 'email') return null
  const { email } = share.recipient
  const canSignUp = await records.transact((unit) => takesSignUp({ unit, settings }, email))
  const otherwise = canSignUp ? 'create an account with this address' : 'ask the sender for an invitation'
  const parts = [
    'A secret was shared with you.',
    `Open the link and sign in at ${settings.publicUrl} with this e-mail address. If you have no account there, ${otherwise}.`,
    { label: 'Read the secret', link: shareUrl(settings, share) },
    `The share expires at ${rfc3339(share.expiresAt)}.`,
  ]
  return { to: email, subject: 'A secret was shared with you', parts }
}

/** Only users get mail, because agents have no mailbox. */
async function accessLetter(engine: Engine, share: Share, uses: number): Promise<Letter | null> {
  const reading = engine.records.reading(share.org)
  const creator = share.createdBy.kind === 'user' ? await reading.get(userKind, share.createdBy.id) : null
  const secret = await reading.get(secretKind, share.secretId)
  if (creator?.status !== 'active' || secret === null) return null
  const most = share.usesMax === 0 ? '' : ` of ${share.usesMax}`
  const parts = [
    `Your share of ${secret.path} was read. This was read number ${uses}${most}.`,
    'If you did not expect this, revoke the share and store a new version of the secret.',
  ]
  return { to: creator.email, subject: 'Your share was read', parts }
}
