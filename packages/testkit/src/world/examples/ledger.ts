import type { World } from '../world.ts'
import { depositInto } from './deposits.ts'
import type { ExamplesOf } from './example.ts'

const account = async ({ owner, ownerId }: World) => {
  const { id: account_id } = await owner.ledger.createAccount({ name: 'Shop', description: 'What buyers paid' })
  return { who: { user: ownerId }, input: { account_id } } as const
}

export const ledgerExamples: ExamplesOf<'ledger'> = {
  createAccount: async ({ ownerId }) => ({ who: { user: ownerId }, input: { name: 'Shop', description: 'Buyers' } }),
  listAccounts: async (world) => ({ who: (await account(world)).who, input: {} }),
  getAccount: account,
  listEntries: async (world) => {
    const { who, input } = await account(world)
    return { who, input: { ...input, limit: 10, offset: 0 } }
  },
  transfer: async (world) => {
    const [from, to] = [await account(world), await account(world)]
    await depositInto(world, from.input.account_id)
    const ids = { from_account_id: from.input.account_id, to_account_id: to.input.account_id }
    // The scheduled task goes on reading the chain.
    const separately = ['depositScan changed', 'openDeposit changed', 'openDeposit gone']
    return { who: from.who, input: { ...ids, asset: 'ETH', amount: '0.25', memo: 'October' }, separately }
  },
}
