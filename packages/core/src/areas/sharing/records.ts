import { utf8 } from '../../kernel/bytes.ts'
import { uuid } from '../../kernel/ids.ts'
import type { Principal } from '../../operations/index.ts'
import { nobleCrypto } from '../../ports/reference/index.ts'
import { kind } from '../../records/index.ts'

export const recipientTypes = ['user', 'agent', 'external_email', 'anyone_with_link', 'creator'] as const
export type RecipientType = (typeof recipientTypes)[number]

/** The recipient of a share. An address belongs to the user who signs in with it, in any organisation. */
export type Recipient = Principal | { readonly kind: 'email'; readonly email: string } | { readonly kind: 'anyone' }

export interface Share {
  /** The reference, not the id that callers know. See `shareRef`. */
  readonly id: string
  /** The id that callers know. A share by link needs only this id. Only this encrypted record contains it. */
  readonly linkId: string
  readonly org: string
  readonly vaultId: string
  /** The secret. A read returns its current version. */
  readonly secretId: string
  /** How often the secret had been deleted. A share ends for good when its secret is deleted. */
  readonly deletions: number
  readonly recipientType: RecipientType
  readonly recipient: Recipient
  /** The principal who accepted the share. Only they can read it. A share by link is never accepted. */
  readonly acceptedBy: Principal | null
  readonly createdBy: Principal
  readonly createdAt: number
  readonly expiresAt: number
  /** Maximum number of reads. 0 means unlimited. */
  readonly usesMax: number
  readonly uses: number
  readonly passphraseHash: string | null
  /** Number of wrong passphrases. A correct one does not reset it. */
  readonly failures: number
  /** Address ranges that can read the share. Empty means every address. */
  readonly ipAllowlist: readonly string[]
}

/**
 * Global, because the organisation is unknown until the share is found, and its recipient can belong to another one. So
 * each operation chooses: `findShare` for holders of the id, `ownShare` for members of the organisation.
 */
export const shareKind = kind<Share>('share', {
  scope: 'global',
  shape: 2,
  upcast: (old) => ({ ...(old as Omit<Share, 'deletions'>), deletions: 0 }),
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

/**
 * The reference of a share for the storage, the audit trail and the log, which must not contain the id. It is a hash of
 * the id, so an event about an unknown id has one too. The id cannot be derived from it.
 */
export function shareRef(linkId: string): string {
  const hash = nobleCrypto.sha256(utf8(`pawl/1/share\n${linkId}`))
  return uuid({ bytes: (count) => hash.slice(0, count) })
}
