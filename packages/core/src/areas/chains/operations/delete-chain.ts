import * as z from 'zod'
import { fields, operation } from '../../../operations/index.ts'
import { builtInChains } from '../built-in.ts'
import { changeChain } from '../change.ts'
import { chainNotFound } from '../errors.ts'
import { chainKind } from '../records.ts'

export const deleteChain = operation({
  name: 'chains.delete',
  summary: 'Remove a chain. No agent can use it any more. For the operator.',
  http: { method: 'DELETE', path: '/v1/admin/chains/{chain_id}', status: 204, id: 'deleteChain', tag: 'Chains' },
  command: { name: 'chain delete', positionals: ['chain_id'] },
  effect: 'write',
  access: { signedIn: ['user'], operator: true },
  audit: { action: 'chain.delete', resource: 'chain', about: ({ chain_id }) => ({ id: chain_id }) },
  input: z.object({ chain_id: fields.id().describe('ID of the entry, not the number of the chain.') }),
  output: z.undefined(),
  errors: [chainNotFound],
  run: (context, { chain_id: id }) => {
    const { unit } = context
    // A built-in chain would be back without its record.
    if (builtInChains.some((one) => one.id === id)) changeChain(context, id, () => ({ isRemoved: true }))
    else unit.delete(chainKind, unit.require(chainKind, id, chainNotFound))
    return undefined
  },
})
