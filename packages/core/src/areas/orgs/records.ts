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
  /** Only an active user can sign in. An invited user is not active yet. */
  readonly status: 'active' | 'invited' | 'disabled'
  readonly authMethod: 'password' | 'google' | 'apple' | 'discord' | 'oidc'
  readonly passwordHash: string | null
  /** A token contains the epoch of its creation. Increasing the epoch voids all tokens. */
  readonly epoch: number
  /** Time until which the user cannot sign in, because of a risk verdict. */
  readonly blockedUntil?: number | undefined
  readonly emailVerified: boolean
  readonly marketingEmails: boolean
  readonly createdAt: number
}

/** The organisation of an id. It is read before the organisation is entered. */
export interface DirectoryEntry {
  readonly id: string
  readonly kind: 'user' | 'agent'
  readonly org: string
  /** The canonical address of a user. An address belongs to one organisation. */
  readonly email: string | null
}

/** Created once, at the first start. Its fixed id makes two concurrent first starts conflict. */
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

/** Stages the removal of an id from the directory. */
export function leaveDirectory(unit: Unit, id: string): void {
  const entry = unit.get(directoryKind, id)
  if (entry) unit.delete(directoryKind, entry)
}

/** The user of an address, read from outside of the organisation. */
export function userByEmail(unit: Unit, email: string): { readonly org: string; readonly user: User } | null {
  const entry = unit.find(directoryKind, 'email', email)
  const user = entry && unit.reading(entry.org).get(userKind, entry.id)
  return entry && user ? { org: entry.org, user } : null
}

/** The canonical form of an address, for storing, finding and counting. */
export function canonicalEmail(email: string): string {
  return email.trim().normalize('NFC').toLowerCase()
}

export function isEmail(text: string): boolean {
  return /^[^\s@]+@[^\s@]+$/.test(text)
}
