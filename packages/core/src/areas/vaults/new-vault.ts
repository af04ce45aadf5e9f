import type { Context } from '../../operations/index.ts'
import { vaultNameTaken } from './errors.ts'
import { currentPlace, placesFrom } from './key-place.ts'
import { serverStore } from './key-stores.ts'
import { type Vault, type VaultKeys, vaultKeysKind, vaultKind } from './records.ts'
import { createKey } from './wrapping-key.ts'

/** Stages a vault and creates its first key. If the vault is not stored, the key is never used. */
export function newVault(
  context: Context,
  wanted: Pick<Vault, 'name' | 'description' | 'createdBy' | 'isSplit' | 'keyStores' | 'connection'>,
): Vault {
  const { unit, now, newId } = context
  if (unit.find(vaultKind, 'name', wanted.name)) throw vaultNameTaken()
  const vault: Vault = { id: newId(), ...wanted, createdAt: now }
  const places = placesFrom(null, 1, vault.keyStores ?? [serverStore])
  const keys: VaultKeys = { id: vault.id, current: 1, oldest: 1, wraps: 0, places }
  unit.waitFor(() => createKey(context, { org: unit.org ?? '', vaultId: vault.id }, currentPlace(keys)))
  unit.put(vaultKind, vault)
  unit.put(vaultKeysKind, keys)
  return vault
}
