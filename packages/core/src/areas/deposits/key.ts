import type { Family } from '../../families/index.ts'
import type { Context } from '../../operations/index.ts'
import type { RegisteredChain } from '../chains/index.ts'
import { type StoredKey, storeKey } from '../signers/index.ts'
import { ensureSystemVault, findSystemVault } from '../vaults/index.ts'
import { destinationNotFound } from './errors.ts'

// Each destination has a key of its own, beside the keys of treasury wallets.

const vaultName = 'treasury-keys'
const pathOf = (id: string) => `deposits/${id}/private_key`

/** Stages the key of a new destination, and answers its address. */
export function newAddress(context: Context, id: string, family: Family, chain: RegisteredChain): string {
  const { id: vaultId } = ensureSystemVault(context, vaultName, 'Private keys of wallets of people')
  const { publicKey } = storeKey(context, { vaultId, path: pathOf(id), curve: family.curve })
  return family.address(publicKey, chain)
}

/** Where the key of a destination is. */
export function keyOf({ unit }: Context, id: string, family: Family): StoredKey {
  const vault = findSystemVault(unit, vaultName)
  if (!vault) throw destinationNotFound()
  return { vaultId: vault.id, path: pathOf(id), version: null, curve: family.curve }
}
