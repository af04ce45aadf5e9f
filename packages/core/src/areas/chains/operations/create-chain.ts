import * as z from 'zod'
import { fields, operation } from '../../../operations/index.ts'
import { chainExists, chainRemoved } from '../errors.ts'
import { chainKind, chainsOf, removedChain } from '../records.ts'
import type { RegisteredChain } from '../registered.ts'
import { ChainBody, chainBody, chainDetails, chainNameField } from '../schemas.ts'

export const createChain = operation({
  name: 'chains.create',
  summary: 'Add a chain of the EVM family, or a removed one with its old name and number. For the operator.',
  http: { method: 'POST', path: '/v1/admin/chains', status: 201, id: 'createChain', tag: 'Chains' },
  command: { name: 'chain create', positionals: ['name', 'chain_id'] },
  effect: 'write',
  access: { signedIn: ['user'], operator: true },
  audit: {
    action: 'chain.create',
    resource: 'chain',
    about: ({ name, chain_id }, chain) => ({ id: chain?.id, name, chain_id }),
  },
  input: z.object({
    name: chainNameField().describe('What agents name the chain.'),
    display_name: fields.name().describe('What people read.'),
    chain_id: fields.count(Number.MAX_SAFE_INTEGER, 1).describe('Number of the chain (EIP-155).'),
    ...chainDetails,
  }),
  output: ChainBody,
  errors: [chainExists, chainRemoved],
  run: ({ unit, now, newId }, input) => {
    const { name, chain_id: chainId } = input
    if (chainsOf(unit).some((one) => one.name === name || one.chainId === chainId)) throw chainExists()
    const removed = removedChain(unit, { name, chainId })
    const chain: RegisteredChain = {
      ...{ id: removed?.id ?? newId(), name, displayName: input.display_name, family: 'evm', chainId, decimals: 18 },
      ...{ rpcUrl: input.rpc_url ?? null, wsUrl: input.ws_url ?? null, explorerUrl: input.explorer_url ?? null },
      ...{ currency: input.native_currency ?? 'ETH', isTestnet: input.is_testnet ?? false },
      ...{ isEnabled: input.is_enabled ?? true, isRemoved: false, createdAt: now, updatedAt: now },
    }
    unit.put(chainKind, chain)
    return chainBody(chain)
  },
})
