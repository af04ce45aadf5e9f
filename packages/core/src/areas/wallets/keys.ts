import type { KeyChain } from '../../families/index.ts'
import { bytesOfHex, hex } from '../../kernel/bytes.ts'
import { type Context, signedIn } from '../../operations/index.ts'
import type { Unit } from '../../records/index.ts'
import { familyFor, keyUnusable, mainNetwork, type Signer, type StoredKey, storeKey } from '../signers/index.ts'
import { ensureSystemVault, findSystemVault, type Vault } from '../vaults/index.ts'
import { walletExists, walletNotFound, walletsFull } from './errors.ts'
import { type Wallet, walletCountKind, walletKind, walletPath, walletsMax } from './records.ts'

const vaultName = 'treasury-keys'

export function findWalletKeysVault(unit: Unit): Vault | null {
  return findSystemVault(unit, vaultName)
}

/** The vault of wallet keys. Creates it in the same unit if it does not exist. Call this once per unit. */
export function walletKeysVault(context: Context): Vault {
  return ensureSystemVault(context, vaultName, 'Private keys of wallets of people')
}

export function findActive({ unit }: Pick<Context, 'unit'>, userId: string, chain: KeyChain): Wallet | null {
  return unit.find(walletKind, 'active', userId, chain)
}

/** The active wallet of the caller. */
export function ownWallet(context: Context, chain: KeyChain): Wallet {
  const wallet = findActive(context, signedIn(context).id, chain)
  if (!wallet) throw walletNotFound({ chain })
  return wallet
}

/** Stages a wallet that replaces no other. Throws `wallet_exists` if there is an active one. */
export function newWallet(context: Context, vault: Vault, chain: KeyChain, imported?: Uint8Array): Wallet {
  const userId = signedIn(context).id
  if (findActive(context, userId, chain)) throw walletExists({ chain })
  const versions = context.unit.list(walletKind, 'user', userId, chain).map(({ version }) => version)
  return stageWallet(context, vault, { userId, chain, version: Math.max(0, ...versions) + 1 }, imported)
}

/** Stages a new wallet in the place of this one. */
export function replaceWallet(context: Context, before: Wallet): Wallet {
  context.unit.put(walletKind, { ...before, isActive: false, rotatedAt: context.now })
  const { userId, chain, version } = before
  return stageWallet(context, walletKeysVault(context), { userId, chain, version: version + 1 })
}

/** Takes room for more wallets, in the commit that makes them. */
export function takeRoom({ unit }: Pick<Context, 'unit'>, more: number): void {
  const before = unit.get(walletCountKind, 'org')?.wallets ?? 0
  if (before + more > walletsMax) throw walletsFull({ max: walletsMax })
  if (more > 0) unit.put(walletCountKind, { id: 'org', wallets: before + more })
}

/** The key of a wallet, for the area that signs. */
export function signerOf(unit: Unit, wallet: Wallet): Signer {
  const { curve, publicKey } = wallet
  return { curve, publicKey: bytesOfHex(publicKey), stored: storedKeyOf(unit, wallet) }
}

export function storedKeyOf(unit: Unit, wallet: Wallet): StoredKey {
  const vault = findWalletKeysVault(unit)
  if (!vault) throw keyUnusable({ reason: 'The private key of this wallet is missing.' })
  return { vaultId: vault.id, path: walletPath(wallet), version: wallet.secretVersion, curve: wallet.curve }
}

function stageWallet(
  context: Context,
  { id: vaultId }: Vault,
  wanted: Pick<Wallet, 'userId' | 'chain' | 'version'>,
  imported?: Uint8Array,
): Wallet {
  takeRoom(context, 1)
  const { chain } = wanted
  const family = familyFor(chain)
  const { curve } = family
  const { publicKey, secretVersion } = storeKey(context, { vaultId, path: walletPath(wanted), curve }, imported)
  const wallet: Wallet = {
    id: context.newId(),
    ...{ ...wanted, curve, secretVersion },
    publicKey: hex(publicKey),
    address: family.address(publicKey, mainNetwork(chain)),
    isActive: true,
    createdAt: context.now,
    rotatedAt: null,
  }
  context.unit.put(walletKind, wallet)
  return wallet
}
