import { tagged } from '../../canary/index.ts'
import type { World } from '../world.ts'
import type { ExamplesOf } from './example.ts'

const password = tagged('Correct-Horse-7')
const email = 'treasurer@example.com'
const ether = 10n ** 18n

const destination = async (world: World, account?: string) => {
  const wanted = account === undefined ? {} : { auto_credit_account_id: account }
  const { id, address } = await world.owner.deposits.create({ chain: 'base', label: 'Shop', ...wanted })
  return { who: { user: world.ownerId }, address, input: { destination_id: id } } as const
}

/** An ether arrives at a destination, under so many blocks, and is seen. */
export async function depositInto(world: World, account: string, blocks = 12) {
  const { address, input } = await destination(world, account)
  const chain = world.chain('base')
  const payer = chain.wallet('payer', 10n * ether)
  await chain.broadcast(await payer.transfer({ to: address, value: ether }))
  for (let mined = 0; mined < blocks; mined++) chain.mine()
  world.clock.advance(15_000)
  await world.pawl.runJobs()
  return input
}

export const depositExamples: ExamplesOf<'deposits'> = {
  create: async ({ owner, ownerId }) => {
    const { id } = await owner.ledger.createAccount({ name: 'Shop' })
    const input = { chain: 'base', label: 'Order 17', metadata: { order: 17 }, auto_credit_account_id: id }
    // The scheduled task begins to read the chain.
    return { who: { user: ownerId }, input, separately: scanned }
  },
  list: async (world) => {
    const { who } = await destination(world)
    return { who, input: { chain: 'base', status: 'active' }, separately: scanned }
  },
  get: async (world) => {
    const { id } = await world.owner.ledger.createAccount({ name: 'Shop' })
    const input = await depositInto(world, id)
    return { who: { user: world.ownerId }, input, separately: scanned }
  },
  update: async (world) => {
    const { who, input } = await destination(world)
    return { who, input: { ...input, status: 'paused' }, separately: scanned }
  },
  export: async (world) => {
    const { id: user } = await world.owner.orgs.addMember({ email, password, role: 'admin' })
    const { id } = await world.pawl.as({ user }).deposits.create({ chain: 'base' })
    return { who: { user }, input: { destination_id: id, auth_confirm: password }, separately: scanned }
  },
}

/** The scheduled task reads the chain while the example goes on. */
const scanned = ['depositScan made', 'depositScan changed', 'depositScan gone']
