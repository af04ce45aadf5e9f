import * as z from 'zod'
import { fields, operation } from '../../../operations/index.ts'
import { findChain, tokensOf } from '../records.ts'
import { TokenEntryBody, tokenEntryBody } from '../schemas.ts'

export const listTokens = operation({
  name: 'chains.listTokens',
  summary: 'List the known tokens of all chains, or of one.',
  http: { method: 'GET', path: '/v1/tokens', status: 200, id: 'listKnownTokens', tag: 'Tokens' },
  command: { name: 'chain-token list', columns: ['chain', 'symbol', 'contract_address', 'decimals'] },
  effect: 'read',
  access: { signedIn: ['user', 'agent'] },
  audit: 'none',
  input: z.object({
    chain: fields.optional(fields.text(100, 1)).describe('Name, number or ID of a chain. Default: all.'),
  }),
  output: z.object({ tokens: z.array(TokenEntryBody) }),
  errors: [],
  run: ({ unit }, { chain }) => {
    const name = chain === undefined ? null : (findChain(unit, chain)?.name ?? '')
    return { tokens: tokensOf(unit, name).map(tokenEntryBody) }
  },
})
