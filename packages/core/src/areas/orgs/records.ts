import type { Role } from '../../operations/index.ts'
import { kind, type Unit } from '../../records/index.ts'

export interface Org {
  readonly id: string
  readonly name: string
  readonly createdAt: number
}

export interface User {
  readonly id: string
  readonly email: string
  readonly displayName: string
  readonly role: Role
  /** Only an active user can do anything; an invited one is not active yet, a disabled one not any more. */
  readonly status: 'active' | 'invited' | 'disabled'
  readonly authMethod: 'password' | 'google'
  readonly passwordHash: string | null
  /** Tokens carry the epoch they were made in; raising it voids all of them at once. */
  readonly epoch: number
  readonly emailVerified: boolean
  readonly marketingEmails: boolean
  readonly createdAt: number
}

/** Whose organisation an id belongs to: all that is known before an organisation is entered. */
export interface DirectoryEntry {
  readonly id: string
  readonly kind: 'user' | 'agent'
  readonly org: string
  /** For users, in its canonical form. One e-mail address signs in to one organisation. */
  readonly email: string | null
}

/** Made once, by the first start; its one id makes two first starts at the same moment collide. */
export const installationKind = kind<{ readonly id: 'main'; readonly org: string; readonly owner: string }>(
  'installation',
  {
    scope: 'global',
    history: ['owner'],
  },
)

export const orgKind = kind<Org>('org', {
  scope: 'global',
  indexes: { created: { key: ({ createdAt }) => [createdAt] } },
})

export const userKind = kind<User>('user', {
  indexes: {
    created: { key: ({ createdAt }) => [createdAt] },
    role: { key: ({ role }) => [role] },
  },
})

export const directoryKind = kind<DirectoryEntry>('directory', {
  scope: 'global',
  indexes: {
    org: { key: ({ org, kind }) => [org, kind] },
    email: { unique: true, blind: true, key: ({ email }) => (email === null ? null : [email]) },
  },
})

/** Stages that an id belongs to no organisation any more. */
export function leaveDirectory(unit: Unit, id: string): void {
  const entry = unit.get(directoryKind, id)
  if (entry) unit.delete(directoryKind, entry)
}

/** The one spelling of an address that is stored, looked up and counted. */
export function canonicalEmail(email: string): string {
  return email.trim().normalize('NFC').toLowerCase()
}

export function isEmail(text: string): boolean {
  return /^[^\s@]+@[^\s@]+$/.test(text)
}
