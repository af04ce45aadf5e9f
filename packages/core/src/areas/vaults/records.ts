import type { Principal } from '../../operations/index.ts'
import { kind } from '../../records/index.ts'

export interface Vault {
  readonly id: string
  readonly name: string
  readonly description: string
  /** The creator owns the vault. The owner has every permission and manages the policies. */
  readonly createdBy: Principal
  readonly createdAt: number
  /** The creator was an agent that is removed. Commands and sessions never choose the vault as their default (M1). */
  readonly madeByAgent?: true | undefined
  /** The fingerprint of the key with which clients encrypt values before they send them. */
  readonly cmekFingerprint?: string | undefined
  /** The rotation of that key that is not finished. */
  readonly cmekRotation?: string | undefined
  /** The data keys of new values are split between the server and the client. */
  readonly isSplit?: true | undefined
  /** Where its current key is: one key store, or the three of custody 2-of-3. Left out: the key store of the server. */
  readonly keyStores?: readonly string[] | undefined
  /** The connection of a platform app that made the vault for its owner: only the owner opens it (`platform_locked`). */
  readonly connection?: string | undefined
}

/**
 * The wrapping keys of a vault. Their HSM URIs are `pawl:vault/<org>/<vault>/<number>`. Writes use `current`. Older
 * keys down to `oldest` stay until every data key is wrapped by the current key. The record is removed with the vault.
 */
export interface VaultKeys {
  readonly id: string
  readonly current: number
  readonly oldest: number
  /** Number of reserved uses of the current key. */
  readonly wraps: number
  /** In which key stores the keys are, lowest number first. Keys before the first are in the key store of the server. */
  readonly places?: readonly KeyStoresFrom[] | undefined
}

/** The key stores that a vault uses from one number of its keys on. Plain data, so that a job can carry it. */
export type KeyStoresFrom = {
  readonly from: number
  readonly keyStores: readonly string[]
}

/** The last change of the wrapping key of a vault, and how far the data keys followed. It has the id of the vault. */
export interface KeyChange {
  readonly id: string
  /** The number of the new key. */
  readonly number: number
  /** Number of values. Null until the engine has counted them. */
  readonly total: number | null
  readonly processed: number
  readonly startedAt: number
  readonly completedAt: number | null
}

export const vaultKind = kind<Vault>('vault', {
  indexes: {
    name: { unique: true, blind: true, key: ({ name }) => [name] },
    created: { key: ({ createdAt }) => [createdAt] },
    creator: { key: ({ createdBy, createdAt }) => [createdBy.kind, createdBy.id, createdAt] },
  },
  history: ['connection'],
})

export const vaultKeysKind = kind<VaultKeys>('vaultKeys', { idOf: 'vault' })

export const keyChangeKind = kind<KeyChange>('vaultKeyChange', { idOf: 'vault' })

/** Prefix of the names of engine vaults. Callers cannot create such vaults. */
export const systemPrefix = '__'

export function isSystemVault({ name }: Vault): boolean {
  return name.startsWith(systemPrefix)
}

export function owns(principal: Principal, { createdBy }: Vault): boolean {
  return createdBy.kind === principal.kind && createdBy.id === principal.id
}

/** Whether an agent made the vault, other than this principal. It could have made it to receive what others write (M1). */
export function isOfOtherAgent(principal: Principal, vault: Vault): boolean {
  return vault.madeByAgent === true || (vault.createdBy.kind === 'agent' && !owns(principal, vault))
}

export function vaultKeyUri({ org, vaultId }: { org: string; vaultId: string }, number: number): string {
  return `pawl:vault/${org}/${vaultId}/${number}`
}
