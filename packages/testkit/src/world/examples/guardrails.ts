import type { World } from '../world.ts'
import type { ExamplesOf } from './example.ts'

const payingAgent = async (world: World) => {
  const { id } = await world.agent({ name: 'payer', tx_daily_limit: '1' })
  return { who: { user: world.ownerId }, input: { agent_id: id } }
}

export const guardrailExamples: ExamplesOf<'guardrails'> = {
  freeze: async (world) => {
    const { who, input } = await payingAgent(world)
    return { who, input: { ...input, reason: 'It pays unknown invoices.' } }
  },
  unfreeze: async (world) => {
    const { who, input } = await payingAgent(world)
    await world.owner.guardrails.freeze(input)
    return { who, input }
  },
  freezeOrg: async (world) => ({ who: { user: world.ownerId }, input: { reason: 'A key was stolen.' } }),
  unfreezeOrg: async (world) => {
    await world.owner.guardrails.freezeOrg()
    return { who: { user: world.ownerId }, input: {} }
  },
  orgFreeze: async (world) => ({ who: { user: world.ownerId }, input: {} }),
  revisions: async (world) => {
    const { who, input } = await payingAgent(world)
    await world.owner.agents.update({ ...input, tx_daily_limit: '0.5' })
    return { who, input }
  },
  replay: async (world) => {
    const { who, input } = await payingAgent(world)
    return { who, input: { ...input, guardrails: { tx_max_value: '0.1' } } }
  },
}
