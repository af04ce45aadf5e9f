import * as z from 'zod'
import { operation } from '../../../operations/index.ts'
import { chainsOf } from '../records.ts'
import { ChainBody, chainBody } from '../schemas.ts'

export const listAllChains = operation({
  name: 'chains.listAll',
  summary: 'List all chains, including disabled ones. For the operator.',
  http: { method: 'GET', path: '/v1/admin/chains', status: 200, id: 'adminListChains', tag: 'Chains' },
  command: { name: 'chain list-all', columns: ['name', 'chain_id', 'is_enabled', 'id'] },
  effect: 'read',
  access: { signedIn: ['user'], operator: true },
  audit: { action: 'chain.list', resource: 'chain' },
  input: z.object({}),
  output: z.object({ chains: z.array(ChainBody) }),
  errors: [],
  run: ({ unit }) => ({ chains: chainsOf(unit).map(chainBody) }),
})
