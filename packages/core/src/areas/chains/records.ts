import { kind, type Reads } from '../../records/index.ts'
import { builtInChains, builtInTokens, chainAliases } from './built-in.ts'
import { chainRemoved } from './errors.ts'
import type { RegisteredChain, Token } from './registered.ts'

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

/**
 * The removed built-in chain with this name and number. Null: there is none. Its name is not free for another chain, because
 * limits and tokens name chains.
 */
export function removedChain(
  unit: Reads,
  { name, chainId }: Pick<RegisteredChain, 'name' | 'chainId'>,
): RegisteredChain | null {
  const stored = unit.list(chainKind, 'created').filter((one) => one.name === name || one.chainId === chainId)
  const [removed] = stored
  if (!removed) return null
  if (stored.length > 1 || removed.name !== name || removed.chainId !== chainId) throw chainRemoved()
  return removed
}

/** The removed built-in token of this contract. Null: there is none. */
export function removedToken(unit: Reads, { chain, contract }: Pick<Token, 'chain' | 'contract'>): Token | null {
  const isSame = (one: Token) => one.chain === chain && one.contract.toLowerCase() === contract.toLowerCase()
  return unit.list(tokenKind, 'created').find((one) => one.isRemoved && isSame(one)) ?? null
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
  if (stored.length === 0) return builtIn
  const changed = new Map(stored.map((one) => [one.id, one]))
  const known = new Set(builtIn.map(({ id }) => id))
  const all = [...builtIn.map((one) => changed.get(one.id) ?? one), ...stored.filter(({ id }) => !known.has(id))]
  return all.filter(({ isRemoved }) => !isRemoved)
}
