import { tagged } from '../../canary/index.ts'
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
  moveKey: async (world) => {
    const { who, input } = await ownVault(world)
    await world.owner.secrets.put({ ...input, path: 'db/password', value: tagged('hunter2') })
    return { who, input: { ...input, key_store: 'acme' } }
  },
  getKey: async (world) => {
    const { who, input } = await ownVault(world)
    await world.owner.vaults.moveKey({ ...input, key_store: 'acme' })
    return { who, input }
  },
  keyStores: async ({ ownerId }) => ({ who: { user: ownerId }, input: {} }),
  enableCustody: async (world) => {
    const { who, input } = await ownVault(world)
    return { who, input: { ...input, mpc_custody: '2-of-2' } }
  },
}
