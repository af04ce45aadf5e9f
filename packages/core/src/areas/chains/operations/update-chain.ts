import * as z from 'zod'
import { fields, operation } from '../../../operations/index.ts'
import { changeChain } from '../change.ts'
import { chainNotFound } from '../errors.ts'
import { ChainBody, chainBody, chainDetails } from '../schemas.ts'

export const updateChain = operation({
  name: 'chains.update',
  summary: 'Change a chain, or disable it for all agents. For the operator.',
  http: { method: 'PUT', path: '/v1/admin/chains/{chain_id}', status: 200, id: 'updateChain', tag: 'Chains' },
  command: { name: 'chain update', positionals: ['chain_id'] },
  effect: 'write',
  access: { signedIn: ['user'], operator: true },
  audit: { action: 'chain.update', resource: 'chain', about: ({ chain_id }) => ({ id: chain_id }) },
  input: z.object({
    chain_id: fields.id().describe('ID of the entry, not the number of the chain.'),
    display_name: fields.optional(fields.name()).describe('What people read.'),
    ...chainDetails,
  }),
  output: ChainBody,
  errors: [chainNotFound],
  run: (context, input) => {
    const chain = changeChain(context, input.chain_id, (old) => ({
      displayName: input.display_name ?? old.displayName,
      rpcUrl: input.rpc_url === undefined ? old.rpcUrl : input.rpc_url,
      wsUrl: input.ws_url === undefined ? old.wsUrl : input.ws_url,
      explorerUrl: input.explorer_url === undefined ? old.explorerUrl : input.explorer_url,
      currency: input.native_currency ?? old.currency,
      isTestnet: input.is_testnet ?? old.isTestnet,
      isEnabled: input.is_enabled ?? old.isEnabled,
    }))
    return chainBody(chain)
  },
})
