import { tagged } from '../../canary/index.ts'
import type { World } from '../world.ts'
import type { ExamplesOf } from './example.ts'

const someMember = async (world: World) => {
  const { id } = await world.member()
  return { who: { user: world.ownerId }, input: { user_id: id } }
}

const invited = ({ owner }: World) => owner.orgs.invite({ email: 'ada@example.com' })

/** The token in the last mail, which the new member reads. */
const invitationIn = ({ mail }: World) => /Token: (\S+)/.exec(mail.sent.at(-1)?.text ?? '')?.[1] ?? ''

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
  invite: async ({ ownerId }) => ({ who: { user: ownerId }, input: { email: 'ada@example.com', role: 'admin' } }),
  acceptInvitation: async (world) => {
    await invited(world)
    return { who: {}, input: { token: invitationIn(world), password: tagged('Correct-Horse-7') } }
  },
  listInvitations: async (world) => {
    await invited(world)
    return { who: { user: world.ownerId }, input: {} }
  },
  revokeInvitation: async (world) => {
    await invited(world)
    const { invitations } = await world.owner.orgs.listInvitations()
    return { who: { user: world.ownerId }, input: { invitation_id: invitations[0]?.id ?? '' } }
  },
  settings: async ({ ownerId }) => ({ who: { user: ownerId }, input: {} }),
  changeSetting: async ({ ownerId }) => ({ who: { user: ownerId }, input: { key: 'name', value: 'Example' } }),
}
