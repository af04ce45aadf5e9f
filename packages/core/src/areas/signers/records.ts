import type { KeyChain } from '../../families/index.ts'
import type { Principal } from '../../operations/index.ts'
import { kind } from '../../records/index.ts'

export const keyChains = ['ethereum', 'bitcoin', 'solana', 'xrp', 'cardano', 'tron'] as const satisfies KeyChain[]

/** Where the private key is: a secret in the vault of agent keys, or a key that the key store made and never gives out. */
export type Custody = 'vault' | 'hsm'

/** A key with which an agent signs. A rotation makes a new record, so that old addresses are not forgotten. */
export interface SigningKey {
  readonly id: string
  readonly agentId: string
  readonly chain: KeyChain
  readonly curve: 'secp256k1' | 'ed25519'
  /** Hexadecimal digits: 65 bytes for secp256k1, 32 for ed25519. */
  readonly publicKey: string
  /** On the main network. */
  readonly address: string
  readonly version: number
  readonly custody: Custody
  /** The version of the secret that holds the key. Null in the key store. */
  readonly secretVersion: number | null
  readonly isActive: boolean
  readonly createdBy: Principal
  readonly createdAt: number
  readonly rotatedAt: number | null
}

export const signingKeyKind = kind<SigningKey>('signingKey', {
  indexes: {
    agent: { key: ({ agentId, chain, version }) => [agentId, chain, version] },
    active: { unique: true, key: ({ agentId, chain, isActive }) => (isActive ? [agentId, chain] : null) },
  },
  history: ['createdBy'],
})

/** The path of the private key in the vault of agent keys. */
export function keyPath(agentId: string, chain: KeyChain): string {
  return `agents/${agentId}/chains/${chain}/private_key`
}

/** The name of the private key in the key store. */
export function keyUri(
  org: string,
  { agentId, chain, version }: Pick<SigningKey, 'agentId' | 'chain' | 'version'>,
): string {
  return `pawl:agent-key/${org}/${agentId}/${chain}/${version}`
}
