import type { World } from '../world.ts'
import type { ExamplesOf } from './example.ts'

const day = 86_400_000
const recovery_type = 'mfa_reset'

const asOwner = ({ ownerId }: World) => ({ user: ownerId })

/** A member who asks for a recovery. */
const requested = async (world: World) => {
  const { id, as } = await world.member()
  return { id, request_id: (await as.recovery.request({ recovery_type })).request_id }
}

export const recoveryExamples: ExamplesOf<'recovery'> = {
  request: async (world) => ({
    who: { user: (await world.member()).id },
    input: { recovery_type, reason: 'My phone broke.' },
  }),
  list: async (world) => {
    await requested(world)
    return { who: asOwner(world), input: {} }
  },
  approve: async (world) => ({ who: asOwner(world), input: { id: (await requested(world)).request_id } }),
  execute: async (world) => {
    const { request_id: id } = await requested(world)
    await world.owner.recovery.approve({ id })
    world.clock.advance(3 * day)
    // After three days, the list of lanes is due too.
    return { who: asOwner(world), input: { id }, separately: ['auditLanes made'] }
  },
  cancel: async (world) => {
    const { id, request_id } = await requested(world)
    return { who: { user: id }, input: { id: request_id } }
  },
  policy: async (world) => ({ who: asOwner(world), input: {} }),
  updatePolicy: async (world) => ({ who: asOwner(world), input: { delay_hours: 24 } }),
}
