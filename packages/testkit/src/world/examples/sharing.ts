import { tagged } from '../../canary/index.ts'
import type { World } from '../world.ts'
import type { ExamplesOf } from './example.ts'

const ownSecret = async ({ owner, ownerId }: World) => {
  const { id: vault_id } = await owner.vaults.create({ name: 'prod' })
  const { id, path } = await owner.secrets.put({ vault_id, path: 'db/password', value: tagged('hunter2') })
  return { who: { user: ownerId }, vault_id, path, id }
}

const linkShare = async (world: World) => {
  const { who, id } = await ownSecret(world)
  const share = await world.owner.sharing.create({ secret_id: id, recipient_type: 'anyone_with_link' })
  return { who, input: { share_id: share.id } }
}

/** A share with its own maker, so that the world needs no second user. */
const shareForOneself = async (world: World) => {
  const { who, id } = await ownSecret(world)
  const wanted = { secret_id: id, recipient_type: 'user', recipient_id: world.ownerId } as const
  const share = await world.owner.sharing.create(wanted)
  return { who, input: { share_id: share.id } }
}

const asOwner = async ({ ownerId }: World) => ({ who: { user: ownerId }, input: {} })

export const sharingExamples: ExamplesOf<'sharing'> = {
  create: async (world) => {
    const { who, id } = await ownSecret(world)
    return { who, input: { secret_id: id, recipient_type: 'anyone_with_link', expires_at: '2026-01-02T00:00:00Z' } }
  },
  createByPath: async (world) => {
    const { who, vault_id, path } = await ownSecret(world)
    return { who, input: { vault_id, secret_path: path, max_access_count: 1, passphrase: tagged('open sesame') } }
  },
  access: async (world) => ({ ...(await linkShare(world)), who: {} }),
  revoke: linkShare,
  outbound: asOwner,
  inbound: asOwner,
  ofVault: async (world) => {
    const { who, vault_id } = await ownSecret(world)
    return { who, input: { vault_id } }
  },
  get: linkShare,
  accept: shareForOneself,
  decline: shareForOneself,
}
