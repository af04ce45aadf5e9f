import type { ChainFamily } from '../../ports/chain.ts'
import { kind, type Reads } from '../../records/index.ts'
import { builtInChains, builtInTokens, chainAliases } from './built-in.ts'

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

/** Global, because chains are the operator's, and callers without a credential may list them. */
export const chainKind = kind<RegisteredChain>('chain', {
  scope: 'global',
  indexes: {
    created: { key: ({ createdAt }) => [createdAt] },
    name: { unique: true, key: ({ name }) => [name] },
    number: { unique: true, key: ({ chainId }) => (chainId === null ? null : [chainId]) },
  },
})

export const tokenKind = kind<Token>('token', {
  scope: 'global',
  indexes: {
    created: { key: ({ createdAt }) => [createdAt] },
    contract: { unique: true, key: ({ chain, contract }) => [chain, contract.toLowerCase()] },
  },
})

/** All chains: the built-in ones first, as the operator has changed them. */
export function chainsOf(unit: Reads): readonly RegisteredChain[] {
  return merged(builtInChains, unit.list(chainKind, 'created'))
}

/** The chain with this name, alias, number or id. Null: there is none. */
export function findChain(unit: Reads, text: string): RegisteredChain | null {
  const wanted = text.trim().toLowerCase()
  const name = Object.hasOwn(chainAliases, wanted) ? chainAliases[wanted] : wanted
  const isIt = (chain: RegisteredChain) =>
    chain.name === name || chain.id === wanted || (chain.chainId !== null && String(chain.chainId) === wanted)
  return chainsOf(unit).find(isIt) ?? null
}

export function tokensOf(unit: Reads, chain: string | null): readonly Token[] {
  const all = merged(builtInTokens, unit.list(tokenKind, 'created'))
  return chain === null ? all : all.filter((token) => token.chain === chain)
}

interface Entry {
  readonly id: string
  readonly isRemoved: boolean
}

function merged<T extends Entry>(builtIn: readonly T[], stored: readonly T[]): readonly T[] {
  const changed = new Map(stored.map((one) => [one.id, one]))
  const known = new Set(builtIn.map(({ id }) => id))
  const all = [...builtIn.map((one) => changed.get(one.id) ?? one), ...stored.filter(({ id }) => !known.has(id))]
  return all.filter(({ isRemoved }) => !isRemoved)
}
