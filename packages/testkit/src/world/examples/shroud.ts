import type { World } from '../world.ts'
import type { ExamplesOf } from './example.ts'

const proxiedAgent = async (world: World) => {
  const { id } = await world.agent({ name: 'writer', shroud_enabled: true })
  return { who: { user: world.ownerId }, agent_id: id }
}

const ownRouterKey = async (world: World) => {
  const { who, agent_id } = await proxiedAgent(world)
  const { id: key_id } = await world.owner.shroud.createRouterKey({ agent_id, name: 'editor', spend_cap_usd: 5 })
  return { who, input: { agent_id, key_id } }
}

const recorded = async (world: World) => {
  const { who, agent_id } = await proxiedAgent(world)
  await world.owner.shroud.recordActivity({ agent_id, action: 'allowed', provider: 'openai', model: 'small' })
  return { who, agent_id }
}

export const shroudExamples: ExamplesOf<'shroud'> = {
  listActivity: async (world) => {
    const { who, agent_id } = await recorded(world)
    return { who, input: { agent_id, action: 'allowed', limit: 10 } }
  },
  recordActivity: async (world) => {
    const { agent_id } = await proxiedAgent(world)
    const input = { agent_id, action: 'blocked' as const, provider: 'openai', model: 'small', injection_score: 0.9 }
    return { who: { agent: agent_id }, input }
  },
  threatSummary: async (world) => {
    const { who } = await recorded(world)
    return { who, input: { period: '24h' } }
  },
  createRouterKey: async (world) => {
    const { who, agent_id } = await proxiedAgent(world)
    return { who, input: { agent_id, name: 'editor', provider: 'openai', spend_cap_usd: 5 } }
  },
  listRouterKeys: async (world) => {
    const { who, input } = await ownRouterKey(world)
    return { who, input: { agent_id: input.agent_id } }
  },
  revokeRouterKey: ownRouterKey,
}
