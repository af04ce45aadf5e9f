import type { World } from '../world.ts'
import type { ExamplesOf } from './example.ts'

const ownPolicy = async ({ owner, ownerId }: World) => {
  const { id } = await owner.vaults.create({ name: 'prod' })
  const policy = { secret_path_pattern: 'db/**', principal_type: 'user', principal_id: ownerId } as const
  const made = await owner.policies.create({ vault_id: id, ...policy, permissions: ['read'] })
  return { who: { user: ownerId }, input: { vault_id: id, policy_id: made.id } }
}

/** A policy that an agent made for another one. */
const offer = async (world: World) => {
  const maker = await world.agent({ name: 'maker' })
  const bot = await world.agent({ name: 'bot' })
  const { id: vault_id } = await maker.as.vaults.create({ name: 'made' })
  const policy = { secret_path_pattern: '**', principal_type: 'agent', principal_id: bot.id } as const
  const { id } = await maker.as.policies.create({ vault_id, ...policy, permissions: ['read'] })
  return { who: { agent: bot.id }, input: { policy_id: id } }
}

export const policyExamples: ExamplesOf<'policies'> = {
  create: async ({ owner, ownerId }) => {
    const { id } = await owner.vaults.create({ name: 'prod' })
    const policy = { secret_path_pattern: 'db/**', principal_type: 'user', principal_id: ownerId }
    return { who: { user: ownerId }, input: { vault_id: id, ...policy, permissions: ['read'] } }
  },
  list: ownPolicy,
  update: async (world) => {
    const { who, input } = await ownPolicy(world)
    return { who, input: { ...input, permissions: ['write'] } }
  },
  delete: ownPolicy,
  explain: async (world) => {
    const { who, input } = await ownPolicy(world)
    return { who, input: { vault_id: input.vault_id, path: 'db/password' } }
  },
  preview: async (world) => {
    const { who, input } = await ownPolicy(world)
    return { who, input: { vault_id: input.vault_id, secret_path_pattern: 'db/**' } }
  },
  reach: async (world) => {
    const { who, input } = await ownPolicy(world)
    return { who, input: { vault_id: input.vault_id } }
  },
  unused: async (world) => {
    const { who, input } = await ownPolicy(world)
    return { who, input: { vault_id: input.vault_id, days: 7 } }
  },
  readable: async (world) => {
    const { who } = await ownPolicy(world)
    return { who, input: { principal_type: 'user', principal_id: world.ownerId } }
  },
  inbound: async (world) => ({ ...(await offer(world)), input: {} }),
  accept: offer,
  decline: offer,
}
