import { base64url, frame, utf8 } from '../../kernel/bytes.ts'
import type { Services } from '../../operations/index.ts'
import { kind } from '../../records/index.ts'

/** A person at an identity provider, and the user that signs in so. The address of the person links nothing (A12). */
export interface Identity {
  /** A hash of the issuer and the subject. */
  readonly id: string
  readonly org: string
  readonly userId: string
  /** Name of the provider in the settings. */
  readonly provider: string
  readonly issuer: string
  readonly subject: string
  /** The address that the provider told. */
  readonly email: string
  readonly createdAt: number
  readonly lastUsedAt: number
}

/** Global, because the organisation is unknown until the identity is found. */
export const identityKind = kind<Identity>('identity', {
  scope: 'global',
  indexes: { user: { key: ({ org, userId, createdAt }) => [org, userId, createdAt] } },
})

export function identityId({ crypto }: Pick<Services, 'crypto'>, issuer: string, subject: string): string {
  return base64url(crypto.sha256(frame(utf8(issuer), utf8(subject))))
}
