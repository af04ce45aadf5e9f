import type { World } from '../world.ts'
import type { ExamplesOf } from './example.ts'

const safe = { chain: 'base', chain_id: 8_453, safe_address: '0x5aFE3855358E112B5647B952709E6165e1c1eEEe' }

const withAgent = async (world: World) => {
  const { id: agent_id } = await world.agent({ name: 'saver' })
  return { who: { user: world.ownerId }, agent_id } as const
}

export const smartAccountExamples: ExamplesOf<'smartaccounts'> = {
  add: async (world) => {
    const { who, agent_id } = await withAgent(world)
    return { who, input: { agent_id, ...safe } }
  },
  import: async (world) => {
    const { who, agent_id } = await withAgent(world)
    return { who, input: { agent_id, ...safe, verify: false }, separately: ['smartAccount made'] }
  },
  remove: async (world) => {
    const { who, agent_id } = await withAgent(world)
    await world.owner.smartaccounts.add({ agent_id, ...safe })
    return { who, input: { agent_id, chain_id: safe.chain_id } }
  },
}
