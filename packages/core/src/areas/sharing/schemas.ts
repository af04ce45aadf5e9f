import * as z from 'zod'
import { cidrShape, formatCidr, parseCidr } from '../../kernel/ip.ts'
import { rfc3339 } from '../../kernel/time.ts'
import { fields, type Services, type UnitContext } from '../../operations/index.ts'
import { passkeyTokenField } from '../credentials/index.ts'
import { emailField } from '../orgs/index.ts'
import { type SecretEntry, secretKind } from '../secrets/index.ts'
import { recipientTypes, type Share } from './records.ts'

const passphraseBytesMax = 1_024
const rangesMax = 100

export function recipientTypeField() {
  return z.enum(recipientTypes, `must be one of ${recipientTypes.join(', ')}`)
}

/** The input fields of a share, without the reference to the secret. */
export const shareFields = {
  recipient_id: fields.optional(fields.id()).describe('ID of the user or the agent.'),
  email: fields.optional(emailField()).describe('E-mail address of a recipient outside the organisation.'),
  permissions: fields
    .optional(z.array(z.literal('read', 'must be ["read"]')).max(1))
    .describe('Permissions of the share. Only read is supported.'),
  max_access_count: fields.optional(fields.count()).describe('Maximum number of reads. 0 means no limit.'),
  expires_at: fields.optional(fields.time()).describe('When the share expires.'),
  passphrase: fields.optional(passphraseField()),
  ip_allowlist: fields
    .optional(z.array(rangeField()).max(rangesMax, `must have at most ${rangesMax} ranges`))
    .describe('IP addresses and ranges that may read the share. Default: any address.'),
  passkey_token: passkeyTokenField(),
}

export function passphraseField() {
  return fields
    .secretText(passphraseBytesMax)
    .refine((secret) => secret.reveal() !== '', 'must not be empty')
    .meta({ minLength: 1 })
}

/** An IP address or range in its canonical form. */
function rangeField() {
  return z
    .string('must be a string')
    .transform((given, context) => {
      const range = parseCidr(given)
      if (range) return formatCidr(range)
      context.addIssue('must be an IP address or a range, such as 10.0.0.0/8')
      return z.NEVER
    })
    .meta(cidrShape)
}

export const shareId = { share_id: fields.id() }

/** A share, for its creator. */
export const ShareBody = z
  .object({
    id: fields.id(),
    share_url: z.string().meta({ format: 'uri' }),
    recipient_type: z.string(),
    recipient_email: z.string().optional(),
    expires_at: fields.shownTime(),
    max_access_count: fields.count(),
    mail_sent: z
      .boolean()
      .optional()
      .describe(
        'False if the recipient is an e-mail address and the server sends no mail. Send the URL yourself. Otherwise absent.',
      ),
  })
  .meta({ id: 'ShareResponse' })

export function shareBody({ settings }: Pick<Services, 'settings'>, share: Share): z.infer<typeof ShareBody> {
  return {
    id: share.linkId,
    share_url: shareUrl(settings, share),
    recipient_type: share.recipientType,
    recipient_email: emailOf(share),
    expires_at: rfc3339(share.expiresAt),
    max_access_count: share.usesMax,
    ...(share.recipient.kind === 'email' && !settings.mail && { mail_sent: false }),
  }
}

/**
 * The link for the recipient. A link that every holder can read leads to `/share/…`. Link previews accept everything, so an
 * API path would give them the secret.
 */
export function shareUrl({ publicUrl }: Services['settings'], { linkId, recipient }: Share): string {
  return `${publicUrl}/${recipient.kind === 'anyone' ? 'share' : 'v1/share'}/${linkId}`
}

/** A share in the lists of creators and recipients. */
export const ShareItem = z
  .object({
    id: fields.id(),
    secret_path: z.string(),
    recipient_type: z.string(),
    recipient_email: z.string().optional(),
    access_count: fields.count(),
    max_access_count: fields.count(),
    expires_at: fields.shownTime(),
    created_at: fields.shownTime(),
    is_expired: z.boolean(),
    is_accepted: z.boolean(),
  })
  .meta({ id: 'ShareListItem' })

export type ShareItem = z.infer<typeof ShareItem>

export const ShareList = z.object({ shares: z.array(ShareItem) }).meta({ id: 'ShareListResponse' })

/**
 * Lists shares, without those that ended with their secret or vault. Reads the paths in the organisation of each secret, which
 * can differ from that of the caller.
 */
export function shareItems({ unit }: Pick<UnitContext, 'unit'>, shares: readonly Share[], now: number): ShareItem[] {
  const lives = new Map<string, SecretEntry>()
  for (const org of new Set(shares.map((share) => share.org))) {
    const ids = shares.filter((share) => share.org === org).map(({ secretId }) => secretId)
    for (const secret of unit.reading(org).getAll(secretKind, ids)) if (secret) lives.set(secret.id, secret)
  }
  return shares.flatMap((share) => {
    const secret = lives.get(share.secretId)
    return secret?.deletions === share.deletions ? [shareItem(share, secret.path, now)] : []
  })
}

function shareItem(share: Share, path: string, now: number): ShareItem {
  return {
    id: share.linkId,
    secret_path: path,
    recipient_type: share.recipientType,
    recipient_email: emailOf(share),
    access_count: share.uses,
    max_access_count: share.usesMax,
    expires_at: rfc3339(share.expiresAt),
    created_at: rfc3339(share.createdAt),
    is_expired: share.expiresAt <= now,
    is_accepted: share.acceptedBy !== null,
  }
}

function emailOf({ recipient }: Share): string | undefined {
  return recipient.kind === 'email' ? recipient.email : undefined
}
