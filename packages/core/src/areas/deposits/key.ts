import type { Family } from '../../families/index.ts'
import { bytesOfHex } from '../../kernel/bytes.ts'
import { invalidField } from '../../kernel/errors.ts'
import { type Context, signedIn } from '../../operations/index.ts'
import type { RegisteredChain } from '../chains/index.ts'
import { type StoredKey, storeKey } from '../signers/index.ts'
import { findWalletKeysVault, walletKeysVault, walletKind } from '../wallets/index.ts'
import { destinationNotFound, walletUnknown } from './errors.ts'

// A destination has a key of its own, beside the keys of wallets, or the address of a wallet.

const pathOf = (id: string) => `deposits/${id}/private_key`

/** Stages the key of a new destination, and answers its address. */
export function newAddress(context: Context, id: string, family: Family, chain: RegisteredChain): string {
  const { id: vaultId } = walletKeysVault(context)
  const { publicKey } = storeKey(context, { vaultId, path: pathOf(id), curve: family.curve })
  return family.address(publicKey, chain)
}

/** The address of a wallet of the caller on a chain. */
export function walletAddress(context: Context, walletId: string, family: Family, chain: RegisteredChain): string {
  const wallet = context.unit.get(walletKind, walletId)
  if (wallet?.userId !== signedIn(context).id) throw walletUnknown()
  if (wallet.chain !== family.keyChain || !wallet.isActive) {
    throw invalidField('treasury_wallet_id', `must be an active wallet for ${family.keyChain}`)
  }
  return family.address(bytesOfHex(wallet.publicKey), chain)
}

/** Where the key of a destination is. */
export function keyOf({ unit }: Context, id: string, family: Family): StoredKey {
  const vault = findWalletKeysVault(unit)
  if (!vault) throw destinationNotFound()
  return { vaultId: vault.id, path: pathOf(id), version: null, curve: family.curve }
}
