import type { World } from '../world.ts'
import type { ExamplesOf } from './example.ts'

const asOwner = ({ ownerId }: World) => ({ user: ownerId })

export const adminExamples: ExamplesOf<'admin'> = {
  listSettings: async (world) => ({ who: asOwner(world), input: {} }),
  updateSetting: async (world) => ({ who: asOwner(world), input: { key: 'sign_up', value: 'example.com' } }),
  deleteSetting: async (world) => {
    await world.owner.admin.updateSetting({ key: 'sign_up', value: 'closed' })
    return { who: asOwner(world), input: { key: 'sign_up' } }
  },
  listUsers: async (world) => ({ who: asOwner(world), input: {} }),
  deleteUser: async (world) => {
    const { id } = await world.member()
    return { who: asOwner(world), input: { user_id: id } }
  },
  getOrgLimits: async (world) => ({ who: asOwner(world), input: { org_id: world.org } }),
  updateOrgLimits: async (world) => ({
    who: asOwner(world),
    input: { org_id: world.org, free_tier_override: 5_000, is_sponsored: false },
  }),
  setBillingTier: async (world) => ({ who: asOwner(world), input: { org_id: world.org, tier: 'enterprise' } }),
  addCredits: async (world) => ({ who: asOwner(world), input: { org_id: world.org, amount_usd: 25 } }),
  resetUsage: async (world) => ({ who: asOwner(world), input: {}, separately: ['billingAccount made'] }),
  resetUserUsage: async (world) => ({ who: asOwner(world), input: { email: 'owner@example.com' } }),
}
