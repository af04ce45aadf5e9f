import type { Json } from '../../kernel/json.ts'
import type { Principal } from '../../operations/index.ts'
import { kind } from '../../records/index.ts'
import type { WrappedKey } from '../vaults/index.ts'

/** What is known of one version without its value. */
export interface VersionFacts {
  readonly number: number
  readonly type: string
  readonly metadata: Readonly<Record<string, Json>>
  readonly expiresAt: number | null
  readonly rotationPolicy: Json
  readonly createdBy: Principal
  readonly createdAt: number
}

/** A secret: a path in a vault, and the versions that were stored at it. The id stays when the value changes. */
export interface SecretEntry {
  readonly id: string
  readonly vaultId: string
  readonly path: string
  /** The newest version. Its facts are kept here too, so that a list needs no second look. */
  readonly newest: VersionFacts
  /** The newest version that is not disabled: what a read gives. Null when all are. */
  readonly current: number | null
  /** A deleted secret keeps its versions and their numbers, but nobody can read it. */
  readonly deletedAt: number | null
}

export interface SecretVersion extends VersionFacts {
  /** `<secret id>.<number>` */
  readonly id: string
  readonly secretId: string
  /** What the value is sealed under. */
  readonly key: WrappedKey
  readonly isDisabled: boolean
  /** Reads this version allows; 0 is as many as anybody likes, and then they are not counted. */
  readonly readsMax: number
  readonly reads: number
}

export const secretKind = kind<SecretEntry>('secret', {
  indexes: { path: { unique: true, key: ({ vaultId, path }) => [vaultId, path] } },
  // A deleted secret keeps its path, also that of a key of an agent that is gone.
  history: ['newest', 'path'],
})

export const secretVersionKind = kind<SecretVersion>('secretVersion', { history: ['createdBy'] })

export function versionId(secretId: string, number: number): string {
  return `${secretId}.${number}`
}
