import type { World } from '../world.ts'
import { agentWasActive, type ExamplesOf } from './example.ts'

const wanted = {
  action: 'invoice.pay',
  target_type: 'invoice',
  target_id: '2026-17',
  summary: { supplier: 'Example Ltd', amount: '120 EUR' },
}

const requested = async (world: World) => {
  const shop = await world.agent({ name: 'shop' })
  const { id } = await shop.as.approvals.request(wanted)
  return { who: { user: world.ownerId }, input: { approval_id: id }, separately: agentWasActive }
}

export const approvalExamples: ExamplesOf<'approvals'> = {
  request: async (world) => {
    const { id } = await world.agent({ name: 'shop' })
    return { who: { agent: id }, input: { ...wanted, reason: 'The invoice is due today.' } }
  },
  list: async (world) => {
    const asked = await requested(world)
    return { ...asked, input: { status: 'pending', limit: 10 } }
  },
  get: requested,
  decide: async (world) => {
    const asked = await requested(world)
    return { ...asked, input: { ...asked.input, decision: 'approved', reason: 'I know the supplier.' } }
  },
  approve: requested,
  deny: async (world) => {
    const asked = await requested(world)
    return { ...asked, input: { ...asked.input, reason: 'I do not know the supplier.' } }
  },
  quickDecide: async (world) => {
    await requested(world)
    await world.pawl.runJobs()
    const [, token = ''] = /token=([\w-]+)/.exec(world.mail.sent.at(-1)?.text ?? '') ?? []
    return { who: {}, input: { token, decision: 'approved' } }
  },
}
