import type { Json } from '../../kernel/json.ts'
import { kind } from '../../records/index.ts'

/** The Safe of an agent on one chain. */
export interface SmartAccount {
  readonly id: string
  readonly agentId: string
  /** Name of the chain in the registry. */
  readonly chain: string
  readonly chainId: number
  readonly safeAddress: string
  /** What the caller said of the deployment. Pawl does not use it. */
  readonly nonce: string | null
  readonly initData: Readonly<Record<string, Json>> | null
  readonly createdAt: number
}

export const smartAccountKind = kind<SmartAccount>('smartAccount', {
  indexes: {
    agent: { key: ({ agentId, createdAt }) => [agentId, createdAt] },
    chain: { unique: true, key: ({ agentId, chainId }) => [agentId, chainId] },
  },
})
