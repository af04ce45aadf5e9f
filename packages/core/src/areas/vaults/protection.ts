import type { Unit } from '../../records/index.ts'
import { vaultNotFound } from './errors.ts'
import { type Vault, vaultKeysKind, vaultKind } from './records.ts'

/**
 * Stages a vault whose new values are protected in another way. It also writes the vault keys, on which every unit depends
 * that stores a value. So no value is stored under the rules from before.
 */
export function changeProtection(unit: Unit, vault: Vault): void {
  unit.put(vaultKind, vault)
  unit.put(vaultKeysKind, unit.require(vaultKeysKind, vault.id, vaultNotFound))
}
