import { utf8 } from '../../kernel/bytes.ts'
import { uuid } from '../../kernel/ids.ts'
import type { Principal } from '../../operations/index.ts'
import { nobleCrypto } from '../../ports/reference/index.ts'
import { kind } from '../../records/index.ts'

export const recipientTypes = ['user', 'agent', 'external_email', 'anyone_with_link', 'creator'] as const
export type RecipientType = (typeof recipientTypes)[number]

/** Who a share is for. An address belongs to whoever signs in with it, in whatever organisation. */
export type Recipient = Principal | { readonly kind: 'email'; readonly email: string } | { readonly kind: 'anyone' }

export interface Share {
  /** Not the id that callers know: see `shareRef`. */
  readonly id: string
  /** What callers know the share by, and all that a share by link asks for. It stands nowhere but in this sealed record. */
  readonly linkId: string
  readonly org: string
  readonly vaultId: string
  /** The share follows the secret: it gives the version that is current when it is read. */
  readonly secretId: string
  readonly recipientType: RecipientType
  readonly recipient: Recipient
  /** Who accepted it; only they can read it then. A share by link is never accepted. */
  readonly acceptedBy: Principal | null
  readonly createdBy: Principal
  readonly createdAt: number
  readonly expiresAt: number
  /** Reads it allows; 0 is as many as anybody likes. */
  readonly usesMax: number
  readonly uses: number
  readonly passphraseHash: string | null
  /** Wrong passphrases so far. A right one does not forgive them. */
  readonly failures: number
  /** Ranges of addresses it may be read from; empty means from anywhere. */
  readonly ipAllowlist: readonly string[]
}

/**
 * Global, because a share is shown before it is known whose it is, and its recipient may be at home elsewhere. So every
 * operation says which organisation it means: `findShare` for whoever holds the id, `ownShare` for those at home.
 */
export const shareKind = kind<Share>('share', {
  scope: 'global',
  indexes: {
    vault: { key: ({ org, vaultId, createdAt }) => [org, vaultId, createdAt] },
    creator: { key: ({ org, createdBy, createdAt }) => [org, createdBy.kind, createdBy.id, createdAt] },
    recipient: {
      key: ({ org, recipient, createdAt }) =>
        'id' in recipient ? [org, recipient.kind, recipient.id, createdAt] : null,
    },
    email: { blind: true, key: ({ recipient }) => (recipient.kind === 'email' ? [recipient.email] : null) },
  },
  // Without it, the address could accept the share again.
  history: ['acceptedBy'],
})

/** When the organisation made its latest shares, for the limit per minute. */
export const shareRateKind = kind<{ readonly id: 'main'; readonly times: readonly number[] }>('shareRate')

/**
 * The name of a share for everybody who must not be able to read it: the store, the audit trail, the log. It follows
 * from the id, so an event about an id that was only tried has it too; from it, nothing leads back.
 */
export function shareRef(linkId: string): string {
  const hash = nobleCrypto.sha256(utf8(`pawl/1/share\n${linkId}`))
  return uuid({ bytes: (count) => hash.slice(0, count) })
}
