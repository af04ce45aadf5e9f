import * as z from 'zod'
import { fields, operation } from '../../../operations/index.ts'
import { chainNotFound } from '../errors.ts'
import { findChain, tokensOf } from '../records.ts'
import { TokenEntryBody, tokenEntryBody } from '../schemas.ts'

export const listChainTokens = operation({
  name: 'chains.listTokensOf',
  summary: 'List the known tokens of a chain.',
  http: { method: 'GET', path: '/v1/chains/{chain_name}/tokens', status: 200, id: 'listTokensByChain', tag: 'Tokens' },
  command: null,
  effect: 'read',
  access: { signedIn: ['user', 'agent'] },
  audit: 'none',
  input: z.object({ chain_name: fields.text(100, 1).describe('Name, number or ID of the chain.') }),
  output: z.object({ tokens: z.array(TokenEntryBody) }),
  errors: [chainNotFound],
  run: ({ unit }, { chain_name }) => {
    const chain = findChain(unit, chain_name)
    if (!chain?.isEnabled) throw chainNotFound()
    return { tokens: tokensOf(unit, chain.name).map(tokenEntryBody) }
  },
})
