import * as z from 'zod'
import { operation } from '../../../operations/index.ts'
import { chainsOf } from '../records.ts'
import { ChainBody, chainBody } from '../schemas.ts'

export const listChains = operation({
  name: 'chains.list',
  summary: 'List the chains that agents can use.',
  http: { method: 'GET', path: '/v1/chains', status: 200, id: 'listChains', tag: 'Chains' },
  command: { name: 'chain list', columns: ['name', 'chain_id', 'native_currency', 'is_testnet'] },
  effect: 'read',
  access: 'public',
  audit: 'none',
  input: z.object({}),
  output: z.object({ chains: z.array(ChainBody) }),
  errors: [],
  run: ({ unit }) => ({
    chains: chainsOf(unit)
      .filter(({ isEnabled }) => isEnabled)
      .map(chainBody),
  }),
})
