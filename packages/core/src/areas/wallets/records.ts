import type { KeyChain } from '../../families/index.ts'
import { kind } from '../../records/index.ts'

/** A key with which a person pays. A rotation makes a new record, so that old addresses are not forgotten. */
export interface Wallet {
  readonly id: string
  readonly userId: string
  readonly chain: KeyChain
  readonly curve: 'secp256k1' | 'ed25519'
  /** Hexadecimal digits: 65 bytes for secp256k1, 32 for ed25519. */
  readonly publicKey: string
  /** On the main network. */
  readonly address: string
  readonly version: number
  /** The version of the secret that holds the key. */
  readonly secretVersion: number
  readonly isActive: boolean
  readonly createdAt: number
  readonly rotatedAt: number | null
}

export const walletKind = kind<Wallet>('wallet', {
  indexes: {
    user: { key: ({ userId, chain, version }) => [userId, chain, version] },
    active: { unique: true, key: ({ userId, chain, isActive }) => (isActive ? [userId, chain] : null) },
  },
})

/** How many wallets an organisation has, so that the limit is taken in the commit that makes a wallet. */
export interface WalletCount {
  readonly id: 'org'
  readonly wallets: number
}

export const walletCountKind = kind<WalletCount>('walletCount')

export const walletsMax = 10_000

/** The path of the private key in the vault of wallet keys. */
export function walletPath({ userId, chain }: Pick<Wallet, 'userId' | 'chain'>): string {
  return `users/${userId}/chains/${chain}/private_key`
}
