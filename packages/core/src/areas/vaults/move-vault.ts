import type { UnitContext } from '../../operations/index.ts'
import { vaultNotFound } from './errors.ts'
import { currentPlace, storesOf } from './key-place.ts'
import { serverStore } from './key-stores.ts'
import { type Vault, vaultKeysKind, vaultKind } from './records.ts'
import { rotateKeys } from './rotation.ts'

/**
 * Stages a vault whose keys are in other key stores, with a new wrapping key there. A job wraps the data keys again and then
 * destroys the earlier keys. Does nothing but store the vault if its key is there already.
 */
export function moveVault(context: UnitContext, vault: Vault, keyStores: readonly string[]): Vault {
  const { unit } = context
  const keys = unit.require(vaultKeysKind, vault.id, vaultNotFound)
  const isServer = keyStores.length === 1 && keyStores[0] === serverStore
  const moved = { ...vault, keyStores: isServer ? undefined : keyStores }
  unit.put(vaultKind, moved)
  if (storesOf(currentPlace(keys)).join() !== keyStores.join()) rotateKeys(context, keys, keyStores)
  else unit.put(vaultKeysKind, keys)
  return moved
}
