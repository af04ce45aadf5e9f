import type { World } from '../world.ts'
import type { ExamplesOf } from './example.ts'

const ownAgent = async (world: World) => {
  const { id } = await world.agent({ name: 'ci' })
  return { who: { user: world.ownerId }, input: { agent_id: id } }
}

export const agentExamples: ExamplesOf<'agents'> = {
  create: async ({ owner, ownerId }) => {
    const { id } = await owner.vaults.create({ name: 'prod' })
    // The vault in which agents keep their keys is made with the first of them, before it.
    await owner.agents.create({ name: 'first' })
    const limits = { tx_max_value: '0.5', tx_allowed_chains: ['base'], token_ttl_seconds: 300 }
    return { who: { user: ownerId }, input: { name: 'ci', vault_ids: [id], scopes: ['db/**'], ...limits } }
  },
  list: async (world) => {
    const { who } = await ownAgent(world)
    return { who, input: {} }
  },
  me: async (world) => {
    const { id } = await world.agent()
    return { who: { agent: id }, input: {} }
  },
  get: ownAgent,
  update: async (world) => {
    const { who, input } = await ownAgent(world)
    return { who, input: { ...input, name: 'deploy', is_active: false, tx_daily_limit: '1' } }
  },
  delete: ownAgent,
  rotateKey: async (world) => {
    const { who, input } = await ownAgent(world)
    return { who, input: { ...input, overlap_seconds: 60 } }
  },
  rotateIdentityKeys: ownAgent,
  agentKeysVault: async (world) => {
    const { who } = await ownAgent(world)
    return { who, input: {} }
  },
  batchDelete: async (world) => {
    const { who, input } = await ownAgent(world)
    return { who, input: { agent_ids: [input.agent_id] } }
  },
}
