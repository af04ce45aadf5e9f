import { type AnyChain, ChainRejected, ChainUnavailable } from '@pawl/core/ports'
import { type MemoryChain, memoryChain } from '@pawl/core/ports/reference'

/** What the chain does with what it is sent. `silent`: it takes it, and the answer is lost. */
export type Mood = 'works' | 'silent' | 'gone' | 'refuses'

export const chainName = 'base'

/** A chain in memory whose node has moods. What it has taken once, it always knows. */
export function moodyChain() {
  const base: MemoryChain = memoryChain({ name: chainName, chainId: 8_453n })
  const taken = new Map<string, string>()
  const state: { mood: Mood } = { mood: 'works' }
  const chain: AnyChain = {
    ...base,
    broadcast: async (signed) => {
      const { mood } = state
      const bytes = Buffer.from(signed).toString('hex')
      if (mood === 'gone') throw new ChainUnavailable('The node does not answer.')
      if (mood === 'refuses' && !taken.has(bytes)) throw new ChainRejected('insufficient_funds', 'Too little money.')
      const id = await base.broadcast(signed)
      taken.set(bytes, id)
      if (mood === 'silent') throw new ChainUnavailable('The answer of the node is lost.')
      return id
    },
  }
  return { base, chain, state }
}
