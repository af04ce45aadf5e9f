import { tagged } from '../../canary/index.ts'
import type { World } from '../world.ts'
import type { ExamplesOf } from './example.ts'

const ownSecret = async ({ owner, ownerId }: World) => {
  const { id } = await owner.vaults.create({ name: 'prod' })
  const place = { vault_id: id, path: 'db/password' }
  await owner.secrets.put({ ...place, value: tagged('hunter2') })
  return { who: { user: ownerId }, input: place }
}

const firstVersion = async (world: World) => {
  const { who, input } = await ownSecret(world)
  return { who, input: { ...input, version: 1 } }
}

const deletedSecret = async (world: World) => {
  const { who, input } = await ownSecret(world)
  await world.owner.secrets.delete(input)
  return { who, input }
}

export const secretExamples: ExamplesOf<'secrets'> = {
  put: async (world) => {
    const { who, input } = await ownSecret(world)
    return { who, input: { ...input, value: tagged('hunter3') } }
  },
  get: ownSecret,
  getMany: async (world) => {
    const { who, input } = await ownSecret(world)
    return { who, input: { vault_id: input.vault_id, paths: [input.path] }, separately: ['secret.read'] }
  },
  changes: async (world) => {
    const { who, input } = await ownSecret(world)
    return { who, input: { vault_id: input.vault_id }, separately: ['secretFeed made'] }
  },
  list: ownSecret,
  delete: ownSecret,
  listVersions: ownSecret,
  getVersion: firstVersion,
  disableVersion: firstVersion,
  rotate: ownSecret,
  restore: deletedSecret,
  purge: deletedSecret,
  listDeleted: async (world) => {
    const { who, input } = await deletedSecret(world)
    return { who, input: { vault_id: input.vault_id } }
  },
}
