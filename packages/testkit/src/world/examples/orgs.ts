import { tagged } from '../../canary/index.ts'
import type { World } from '../world.ts'
import type { ExamplesOf } from './example.ts'

const someMember = async (world: World) => {
  const { id } = await world.member()
  return { who: { user: world.ownerId }, input: { user_id: id } }
}

export const orgExamples: ExamplesOf<'orgs'> = {
  listMembers: async ({ ownerId }) => ({ who: { user: ownerId }, input: {} }),
  addMember: async ({ ownerId }) => ({
    who: { user: ownerId },
    input: { email: 'new@example.com', password: tagged('Correct-Horse-7'), role: 'member' },
  }),
  setRole: async (world) => {
    const { who, input } = await someMember(world)
    return { who, input: { ...input, role: 'admin' } }
  },
  removeMember: someMember,
}
