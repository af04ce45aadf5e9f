import { hex, utf8 } from '../../kernel/bytes.ts'
import type { Engine, Role, UnitContext } from '../../operations/index.ts'
import { kind, type Unit, walk } from '../../records/index.ts'

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

/**
 * The ids of all organisations, the oldest first, for a scheduled task that works in each of them.
 *
 * @example
 * for await (const org of orgIds(engine)) await engine.records.transactIn(org, dropOldNotes)
 */
export async function* orgIds({ records }: Pick<Engine, 'records'>): AsyncGenerator<string, void, undefined> {
  for await (const { id } of walk(() => records.reading(), orgKind, 'created')) yield id
}

/** Repeats the work in each organisation until it returns false there. Each time is a unit, and a unit has a limited size. */
export async function untilDoneInEachOrg(engine: Engine, work: (org: string) => Promise<boolean>): Promise<void> {
  for await (const org of orgIds(engine)) while (await work(org));
}

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

/** The account of an address. If `user` is null, the id is a stand-in: no user has this id. */
export interface Account {
  readonly org: string
  readonly id: string
  readonly user: User | null
}

/**
 * Returns the user of an address if `accepts` returns true for the user. If not, returns a stand-in in the first organisation.
 * Operations do the same work for both, so that the time of their answer does not show whether the address has an account. Reads
 * the user from outside of the organisation. Null: there is no organisation yet, so no address has an account.
 */
export function accountByEmail(
  context: Pick<UnitContext, 'unit' | 'crypto'>,
  email: string,
  accepts: (user: User) => boolean = () => true,
): Account | null {
  const { unit } = context
  const standIn = standInOf(context, email)
  if (!standIn) return null
  const { org, id } = unit.reading().find(directoryKind, 'email', email) ?? standIn
  const user = unit.reading(org).get(userKind, id)
  return user && accepts(user) ? { org, id, user } : { ...standIn, user: null }
}

/**
 * Returns one of 4,096 stand-ins in the first organisation, whose owners run the server. The number is limited, so that many unknown
 * names need little space. The id is as long as that of a user. Null: there is no organisation yet.
 */
export function standInOf(
  { unit, crypto }: Pick<UnitContext, 'unit' | 'crypto'>,
  name: string,
): Pick<Account, 'org' | 'id'> | null {
  const outside = unit.reading()
  const org = outside.get(installationKind, 'main')?.org ?? outside.page(orgKind, 'created', { limit: 1 })[0]?.id
  if (org === undefined) return null
  return {
    org,
    id: `nobody-${hex(crypto.sha256(utf8(name)))
      .slice(0, 3)
      .padStart(29, '0')}`,
  }
}

/** The canonical form of an address, for storing, finding and counting. */
export function canonicalEmail(email: string): string {
  return email.trim().normalize('NFC').toLowerCase()
}

export function isEmail(text: string): boolean {
  return /^[^\s@]+@[^\s@]+$/.test(text)
}
