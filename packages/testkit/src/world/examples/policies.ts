import type { World } from '../world.ts'
import type { ExamplesOf } from './example.ts'

const ownPolicy = async ({ owner, ownerId }: World) => {
  const { id } = await owner.vaults.create({ name: 'prod' })
  const policy = { secret_path_pattern: 'db/**', principal_type: 'user', principal_id: ownerId } as const
  const made = await owner.policies.create({ vault_id: id, ...policy, permissions: ['read'] })
  return { who: { user: ownerId }, input: { vault_id: id, policy_id: made.id } }
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
}
