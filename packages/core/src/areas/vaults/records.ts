import type { Principal } from '../../operations/index.ts'
import { kind } from '../../records/index.ts'

export interface Vault {
  readonly id: string
  readonly name: string
  readonly description: string
  /** The creator owns the vault: may do everything in it, and says who else may. */
  readonly createdBy: Principal
  readonly createdAt: number
}

/**
 * The wrapping keys of a vault, in the HSM under `pawl:vault/<org>/<vault>/<number>`. Writes use `current`; older ones
 * down to `oldest` are kept until every data key was moved to the current one. It goes when the vault goes.
 */
export interface VaultKeys {
  readonly id: string
  readonly current: number
  readonly oldest: number
  /** Uses of the current key that were handed out. */
  readonly wraps: number
}

export const vaultKind = kind<Vault>('vault', {
  indexes: {
    name: { unique: true, blind: true, key: ({ name }) => [name] },
    created: { key: ({ createdAt }) => [createdAt] },
    creator: { key: ({ createdBy, createdAt }) => [createdBy.kind, createdBy.id, createdAt] },
  },
  history: ['createdBy'],
})

export const vaultKeysKind = kind<VaultKeys>('vaultKeys', { idOf: 'vault' })

/** Names of vaults that the engine keeps for itself begin like this; nobody can make one. */
export const systemPrefix = '__'

export function isSystemVault({ name }: Vault): boolean {
  return name.startsWith(systemPrefix)
}

export function owns(principal: Principal, { createdBy }: Vault): boolean {
  return createdBy.kind === principal.kind && createdBy.id === principal.id
}

export function vaultKeyUri({ org, vaultId }: { org: string; vaultId: string }, number: number): string {
  return `pawl:vault/${org}/${vaultId}/${number}`
}
