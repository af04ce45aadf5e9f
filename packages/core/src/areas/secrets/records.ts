import type { Json } from '../../kernel/json.ts'
import type { Principal } from '../../operations/index.ts'
import { kind, withBytes } from '../../records/index.ts'
import type { SealedValue } from '../vaults/index.ts'

/** The facts of one version, without its value. */
export interface VersionFacts {
  readonly number: number
  readonly type: string
  readonly metadata: Readonly<Record<string, Json>>
  readonly expiresAt: number | null
  readonly rotationPolicy: Json
  readonly createdBy: Principal
  readonly createdAt: number
}

/** A secret: a path in a vault with its versions. The id stays the same when the value changes. */
export interface SecretEntry {
  readonly id: string
  readonly vaultId: string
  readonly path: string
  /** Facts of the newest version, stored here too, so that a list needs one scan. */
  readonly newest: VersionFacts
  /** The newest version that is not disabled. Reads return it. Null if all are disabled. */
  readonly current: number | null
  /** A deleted secret keeps its versions and their numbers, but cannot be read. */
  readonly deletedAt: number | null
  /** How often the secret was deleted. What was made for an earlier life of it, such as a share, stays ended. */
  readonly deletions: number
  /** Versions before this one belong to a deleted life and are never read again. */
  readonly firstVersion: number
  /** The epoch of the latest change: its place in the feed of the vault. */
  readonly epoch: number
  /** The latest change was that it was restored. */
  readonly isRestored?: true | undefined
  /**
   * The agent that created the secret and has one less left until it is destroyed (M14). True: the agent that wrote the newest
   * version, so that most records need no second id.
   */
  readonly counted?: string | true | undefined
}

export interface SecretVersion extends VersionFacts {
  /** `<secret id>.<number>` */
  readonly id: string
  readonly secretId: string
  readonly value: SealedValue
  /** The fingerprint of the client's key under which the value is taken to be encrypted. */
  readonly cmekFingerprint?: string | undefined
  readonly isDisabled: boolean
  /** Maximum number of reads. 0 means unlimited, and reads are not counted. */
  readonly readsMax: number
  readonly reads: number
}

export const secretKind = kind<SecretEntry>('secret', {
  shape: 3,
  upcast: (old) => {
    const entry = old as Omit<SecretEntry, 'deletions' | 'firstVersion' | 'epoch'>
    // What shape 2 has stays.
    return { deletions: entry.deletedAt === null ? 0 : 1, firstVersion: 1, epoch: 0, ...entry }
  },
  indexes: {
    path: { unique: true, key: ({ vaultId, path }) => [vaultId, path] },
    changed: { key: ({ vaultId, epoch }) => [vaultId, epoch] },
    deleted: { key: ({ deletedAt }) => (deletedAt === null ? null : [deletedAt]) },
  },
  // A deleted secret keeps its path, also that of a key of an agent that is gone.
  history: ['newest', 'path', 'counted'],
  topic: ({ vaultId }) => vaultId,
})

export const secretVersionKind = kind<SecretVersion>('secretVersion', {
  packing: withBytes({
    split: ({ value: { bytes, ...key }, ...rest }) => [{ key, ...rest }, bytes],
    join: ({ key, ...rest }, bytes) => ({ value: { bytes, ...key }, ...rest }),
  }),
  history: ['createdBy'],
  replaces: ({ secretId, number }) => versionId(secretId, number - 1),
})

export function versionId(secretId: string, number: number): string {
  return `${secretId}.${number}`
}
