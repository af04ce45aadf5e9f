import { tagged } from '../../canary/index.ts'
import type { World } from '../world.ts'
import type { ExamplesOf } from './example.ts'

const partner_key = tagged('bk_ptr_example')

const withConfig = async (world: World) => {
  const { id: agent_id } = await world.agent({ name: 'trader' })
  await world.owner.bankr.setConfig({ partner_key, default_wallet_id: 'wlt_example' })
  return { who: { user: world.ownerId }, input: { agent_id } } as const
}

const withLease = async (world: World) => {
  const { who, input } = await withConfig(world)
  const { lease_id } = await world.owner.bankr.lease(input)
  return { who, input: { ...input, lease_id } }
}

export const bankrExamples: ExamplesOf<'bankr'> = {
  lease: async (world) => {
    const { who, input } = await withConfig(world)
    return { who, input, separately: ['bankrLease changed', 'bankrLease gone', 'bankr_key.leased'] }
  },
  list: async (world) => {
    const { who, input } = await withLease(world)
    return { who, input: { agent_id: input.agent_id } }
  },
  revoke: async (world) => ({ ...(await withLease(world)), isShortLived: true }),
  getConfig: async (world) => ({ who: (await withConfig(world)).who, input: {} }),
  setConfig: async ({ ownerId }) => ({
    who: { user: ownerId },
    input: { partner_key, default_wallet_id: 'wlt_example' },
  }),
  deleteConfig: async (world) => ({ who: (await withConfig(world)).who, input: {} }),
}
