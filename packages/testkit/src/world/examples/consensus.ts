import type { World } from '../world.ts'
import { agentWasActive, type ExamplesOf } from './example.ts'

const trigger = { conditions: [{ type: 'always' }], approval: { min_approvals: 1 } }
const action_payload = { chain: 'base', to: '0x000000000000000000000000000000000000dEaD', value: '0.01' }

/** An agent whose key signs only what a person has agreed to. */
const payer = async (world: World) => {
  const { id, as } = await world.agent({ name: 'payer' })
  await world.owner.signers.create({ agent_id: id, chain: 'ethereum' })
  const { vault_id } = await world.owner.agents.agentKeysVault({})
  const policy = await world.owner.policies.create({
    ...{ vault_id, secret_path_pattern: `agents/${id}/**`, permissions: ['read'] },
    ...{ principal_type: 'agent', principal_id: id, consensus_trigger: trigger },
  })
  return { id, as, wanted: { policy_id: policy.id, action: 'transaction.submit', action_payload } }
}

const submitted = async (world: World) => {
  const { as, wanted } = await payer(world)
  const { pending_approval_id } = await as.consensus.submit(wanted)
  const { payload_hash } = await world.owner.consensus.get({ pending_approval_id })
  return { who: { user: world.ownerId }, input: { pending_approval_id }, payload_hash, separately: agentWasActive }
}

export const consensusExamples: ExamplesOf<'consensus'> = {
  submit: async (world) => {
    const { id, wanted } = await payer(world)
    return { who: { agent: id }, input: wanted }
  },
  list: async (world) => {
    const { payload_hash, ...one } = await submitted(world)
    return { ...one, input: { status: 'pending', limit: 10 } }
  },
  get: async (world) => {
    const { payload_hash, ...one } = await submitted(world)
    return one
  },
  vote: async (world) => {
    const { payload_hash, ...one } = await submitted(world)
    return { ...one, input: { ...one.input, decision: 'approve', payload_hash, reason: 'I know the shop.' } }
  },
  execute: async (world) => {
    const { payload_hash, ...one } = await submitted(world)
    await world.owner.consensus.vote({ ...one.input, decision: 'approve', payload_hash })
    return one
  },
  cancel: async (world) => {
    const { payload_hash, ...one } = await submitted(world)
    return one
  },
}
