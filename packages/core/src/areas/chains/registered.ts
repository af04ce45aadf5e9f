import type { ChainFamily } from '../../ports/chain.ts'

/** A chain as the registry knows it. A record replaces the built-in chain with its id. */
export interface RegisteredChain {
  readonly id: string
  /** What agents name it: `base`. */
  readonly name: string
  readonly displayName: string
  readonly family: ChainFamily
  /** Null for families without numbers. */
  readonly chainId: number | null
  /** Decimal places of the native currency. */
  readonly decimals: number
  readonly currency: string
  /** Published to every caller. URLs with keys are settings of the operator instead. */
  readonly rpcUrl: string | null
  readonly wsUrl: string | null
  readonly explorerUrl: string | null
  readonly isTestnet: boolean
  readonly isEnabled: boolean
  readonly isRemoved: boolean
  readonly createdAt: number
  readonly updatedAt: number
}

export interface Token {
  readonly id: string
  /** The name of its chain. */
  readonly chain: string
  readonly contract: string
  readonly symbol: string
  readonly name: string
  readonly decimals: number
  readonly isTestnet: boolean
  readonly isVerified: boolean
  readonly isRemoved: boolean
  readonly createdAt: number
  readonly updatedAt: number
}
