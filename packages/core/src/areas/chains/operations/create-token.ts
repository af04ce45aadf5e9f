import * as z from 'zod'
import { invalidField } from '../../../kernel/errors.ts'
import { fields, operation } from '../../../operations/index.ts'
import { tokenExists } from '../errors.ts'
import { findChain, removedToken, tokenKind, tokensOf } from '../records.ts'
import type { Token } from '../registered.ts'
import { TokenEntryBody, tokenEntryBody } from '../schemas.ts'

const decimalsMax = 36

export const createToken = operation({
  name: 'chains.createToken',
  summary: 'Add a known token. For the operator.',
  http: { method: 'POST', path: '/v1/admin/tokens', status: 201, id: 'createKnownToken', tag: 'Tokens' },
  command: { name: 'chain-token create' },
  effect: 'write',
  access: { signedIn: ['user'], operator: true },
  audit: {
    action: 'token.create',
    resource: 'token',
    about: ({ chain, contract_address }, token) => ({ id: token?.id, chain, contract_address }),
  },
  input: z.object({
    chain: fields.text(100, 1).describe('Name, number or ID of the chain.'),
    symbol: fields.plainText(16, 1).describe('What people read, such as USDC.'),
    name: fields.name().describe('The long name, such as USD Coin.'),
    contract_address: fields.plainText(200, 1).describe('Contract, mint, or policy and name.'),
    decimals: fields.count(decimalsMax).describe('Number of decimal places of an amount.'),
    is_testnet: fields.optional(z.boolean('must be true or false')).describe('Default: false.'),
    is_verified: fields.optional(z.boolean('must be true or false')).describe('Default: true.'),
  }),
  output: TokenEntryBody,
  errors: [tokenExists],
  run: ({ unit, now, newId }, input) => {
    const chain = findChain(unit, input.chain)
    if (!chain) throw invalidField('chain', 'must be a chain of the registry')
    const contract = input.contract_address
    if (chain.family === 'evm' && !/^0x[0-9a-fA-F]{40}$/.test(contract)) {
      throw invalidField('contract_address', 'must be an address such as 0xA0b8…eB48, with 40 hexadecimal digits')
    }
    const isSame = (one: Token) => one.contract.toLowerCase() === contract.toLowerCase()
    if (tokensOf(unit, chain.name).some(isSame)) throw tokenExists()
    const { symbol, name, decimals, is_testnet: isTestnet = false, is_verified: isVerified = true } = input
    const times = { isRemoved: false, createdAt: now, updatedAt: now }
    const id = removedToken(unit, { chain: chain.name, contract })?.id ?? newId()
    const token = { id, chain: chain.name, contract, symbol, name, decimals, isTestnet, isVerified, ...times }
    unit.put(tokenKind, token)
    return tokenEntryBody(token)
  },
})
