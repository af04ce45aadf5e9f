import { tagged } from '../../canary/index.ts'
import type { World } from '../world.ts'
import type { ExamplesOf } from './example.ts'

const password = tagged('Correct-Horse-7')
const email = 'signers@example.com'
const chain = 'ethereum'

const ownKey = async (world: World) => {
  const { id: agent_id } = await world.agent({ name: 'shop' })
  await world.owner.signers.create({ agent_id, chain })
  return { who: { user: world.ownerId }, input: { agent_id, chain } } as const
}

/** An admin with a password, who can prove who they are. */
const confirmed = async ({ owner }: World) => {
  const { id } = await owner.orgs.addMember({ email, password, role: 'admin' })
  return { user: id }
}

export const signerExamples: ExamplesOf<'signers'> = {
  create: async (world) => {
    const { id: agent_id } = await world.agent({ name: 'shop' })
    return { who: { user: world.ownerId }, input: { agent_id, chain } }
  },
  list: async (world) => {
    const { who, input } = await ownKey(world)
    return { who, input: { agent_id: input.agent_id } }
  },
  rotate: ownKey,
  deactivate: ownKey,
  export: async (world) => {
    const { input } = await ownKey(world)
    return { who: await confirmed(world), input: { ...input, auth_confirm: password } }
  },
  import: async (world) => {
    const { id: agent_id } = await world.agent({ name: 'shop' })
    const private_key = '0101010101010101010101010101010101010101010101010101010101010101'
    return { who: await confirmed(world), input: { agent_id, chain, private_key, auth_confirm: password } }
  },
  balance: async (world) => {
    const { who, input } = await ownKey(world)
    return { who, input: { agent_id: input.agent_id, chain: 'base' } }
  },
}
