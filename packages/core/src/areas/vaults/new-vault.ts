import type { Context } from '../../operations/index.ts'
import { vaultNameTaken } from './errors.ts'
import { type Vault, vaultKeysKind, vaultKeyUri, vaultKind } from './records.ts'

/** Stages a vault and creates its first key. If the vault is not stored, the key is never used. */
export function newVault(
  { unit, now, newId, hsm }: Context,
  wanted: Pick<Vault, 'name' | 'description' | 'createdBy' | 'isSplit'>,
): Vault {
  if (unit.find(vaultKind, 'name', wanted.name)) throw vaultNameTaken()
  const vault: Vault = { id: newId(), ...wanted, createdAt: now }
  const uri = vaultKeyUri({ org: unit.org ?? '', vaultId: vault.id }, 1)
  unit.waitFor(() => hsm.createKey(uri, 'aes-256'))
  unit.put(vaultKind, vault)
  unit.put(vaultKeysKind, { id: vault.id, current: 1, oldest: 1, wraps: 0 })
  return vault
}
