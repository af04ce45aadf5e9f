import type { World } from '../world.ts'
import type { ExamplesOf } from './example.ts'

const ownVault = async ({ owner, ownerId }: World) => {
  const { id } = await owner.vaults.create({ name: 'prod' })
  return { who: { user: ownerId }, input: { vault_id: id } }
}

export const vaultExamples: ExamplesOf<'vaults'> = {
  create: async ({ ownerId }) => ({ who: { user: ownerId }, input: { name: 'prod' } }),
  list: async ({ ownerId }) => ({ who: { user: ownerId }, input: {} }),
  get: ownVault,
  delete: ownVault,
  rotateKey: ownVault,
  enableCustody: async (world) => {
    const { who, input } = await ownVault(world)
    return { who, input: { ...input, mpc_custody: '2-of-2' } }
  },
}
