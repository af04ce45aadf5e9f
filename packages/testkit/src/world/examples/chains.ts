import type { World } from '../world.ts'
import type { ExamplesOf } from './example.ts'

const anybody = { bearer: null }
const chain = { name: 'local', display_name: 'Local', chain_id: 31_337, rpc_url: 'http://127.0.0.1:8545' }
const token = {
  chain: 'base',
  symbol: 'DAI',
  name: 'Dai',
  contract_address: '0x50c5725949A6F0c72E6C4a641F24049A917DB0Cb',
  decimals: 18,
}

const asOwner = ({ ownerId }: World) => ({ user: ownerId })

export const chainExamples: ExamplesOf<'chains'> = {
  list: async () => ({ who: anybody, input: {} }),
  get: async () => ({ who: anybody, input: { identifier: 'base' } }),
  listAll: async (world) => ({ who: asOwner(world), input: {} }),
  create: async (world) => ({ who: asOwner(world), input: chain }),
  update: async (world) => {
    const { id } = await world.owner.chains.create(chain)
    return { who: asOwner(world), input: { chain_id: id, is_enabled: false } }
  },
  delete: async (world) => {
    const { id } = await world.owner.chains.create(chain)
    return { who: asOwner(world), input: { chain_id: id } }
  },
  listTokens: async (world) => ({ who: asOwner(world), input: { chain: 'base' } }),
  listTokensOf: async (world) => ({ who: asOwner(world), input: { chain_name: 'base' } }),
  createToken: async (world) => ({ who: asOwner(world), input: token }),
  deleteToken: async (world) => {
    const { id } = await world.owner.chains.createToken(token)
    return { who: asOwner(world), input: { token_id: id } }
  },
}
