import type { Engine } from '../../operations/index.ts'
import { type AnyChain, ChainUnavailable, rpcSetting } from '../../ports/chain.ts'
import type { RegisteredChain } from '../chains/index.ts'
import { chainNotConfigured, chainUnavailable } from './errors.ts'

/** The nodes of a chain. Null: none is configured. */
export function nodesOf(
  { chains }: Pick<Engine, 'chains'>,
  { name, family, chainId, decimals }: RegisteredChain,
): AnyChain | null {
  return chains({ name, family, decimals, chainId: chainId === null ? null : BigInt(chainId) })
}

/** The nodes of a chain. Throws `chain_not_configured`, which names the setting. */
export function requireNodes(engine: Pick<Engine, 'chains'>, chain: RegisteredChain): AnyChain {
  const nodes = nodesOf(engine, chain)
  if (!nodes) throw chainNotConfigured({ setting: rpcSetting(chain.name) })
  return nodes
}

/** Asks the nodes. What they say of their failure is for the operator alone. */
export async function asked<T>(
  engine: Pick<Engine, 'log'>,
  { name }: RegisteredChain,
  question: () => Promise<T>,
): Promise<T> {
  try {
    return await question()
  } catch (error) {
    if (!(error instanceof ChainUnavailable)) throw error
    engine.log('warn', 'no node of a chain gave a valid answer', { chain: name, reason: error.message })
    throw chainUnavailable({ chain: name })
  }
}
