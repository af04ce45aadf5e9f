import { tagged } from '../../canary/index.ts'
import type { World } from '../world.ts'
import { type ExamplesOf, signedLater } from './example.ts'

const password = tagged('Correct-Horse-7')
const email = 'wallets@example.com'
const chain = 'ethereum'
const to = '0x000000000000000000000000000000000000dEaD'

/** A person with a password and a wallet. */
const withWallet = async ({ owner, pawl }: World) => {
  const { id } = await owner.orgs.addMember({ email, password })
  const as = pawl.as({ user: id })
  const { wallets } = await as.wallets.generate({ chains: [chain] })
  return { as, who: { user: id }, address: wallets[0]?.address ?? '', input: { chain } } as const
}

const byItsOwner = async (world: World) => {
  const { who, input } = await withWallet(world)
  return { who, input }
}

const withPolicy = async (world: World) => {
  const { who, as } = await withWallet(world)
  const given = { scope_type: 'org', principal_type: 'user', principal_id: world.ownerId } as const
  const { id } = await as.wallets.createAccessPolicy(given)
  return { who, input: { id } }
}

/** The same, with money on the chain in memory. */
const payer = async (world: World) => {
  const made = await withWallet(world)
  await made.as.wallets.balance({ chain: 'base' })
  world.chain('base').fund(made.address, 10n ** 18n)
  return made
}

export const walletExamples: ExamplesOf<'wallets'> = {
  generate: async ({ ownerId }) => ({ who: { user: ownerId }, input: { chains: ['ethereum', 'solana'] } }),
  list: async (world) => ({ who: (await withWallet(world)).who, input: {} }),
  get: byItsOwner,
  deactivate: byItsOwner,
  rotate: byItsOwner,
  export: async (world) => {
    const { who, input } = await withWallet(world)
    return { who, input: { ...input, auth_confirm: password } }
  },
  import: async (world) => {
    const { id } = await world.owner.orgs.addMember({ email, password })
    const private_key = '0101010101010101010101010101010101010101010101010101010101010101'
    return { who: { user: id }, input: { chain, private_key, auth_confirm: password } }
  },
  balance: async (world) => ({ who: (await withWallet(world)).who, input: { chain: 'base' } }),
  send: async (world) => {
    const { who } = await payer(world)
    const input = { chain: 'base', to, value: '0.01', auth_confirm: password }
    return { who, input, separately: signedLater('treasury_wallet') }
  },
  payments: byItsOwner,
  createAccessPolicy: async (world) => {
    const { who } = await withWallet(world)
    const { id } = await world.member()
    return { who, input: { scope_type: 'org', principal_type: 'user', principal_id: id, can_send: true } }
  },
  listAccessPolicies: async (world) => ({ who: (await withPolicy(world)).who, input: {} }),
  deleteAccessPolicy: withPolicy,
  startOnramp: async (world) => ({ who: (await withWallet(world)).who, input: { chain: 'base', amount_usd: '50' } }),
  startOfframp: async (world) => {
    const { who } = await withWallet(world)
    return { who, input: { chain: 'base', asset: 'ETH', amount: '0.5' } }
  },
  swap: async (world) => {
    const { who } = await payer(world)
    const input = { chain: 'base', sell_token: 'native', buy_token: to, sell_amount: '1000', auth_confirm: password }
    return { who, input, separately: ['transaction made', 'openTransaction made', ...signedLater('treasury_wallet')] }
  },
}
