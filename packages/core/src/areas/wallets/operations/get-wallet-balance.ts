import * as z from 'zod'
import { showAmount } from '../../../families/index.ts'
import { AfterCommit, fields, operation } from '../../../operations/index.ts'
import { tokensOf } from '../../chains/index.ts'
import { askBalances, chainNotConfigured, chainUnavailable, contractsIn } from '../../signers/index.ts'
import { usableWallet, walletIdField } from '../access.ts'
import { walletNotFound } from '../errors.ts'
import { signerOf } from '../keys.ts'
import { chainField, networkOf } from '../schemas.ts'

const TokenBody = z.object({
  contract_address: z.string(),
  balance_raw: z.string().describe('In the smallest unit of the token.'),
  contract: z.string().describe('The same as contract_address.'),
  balance: z.string().describe('The same as balance_raw.'),
  symbol: z.string().optional(),
  decimals: z.int().optional(),
})

export const getWalletBalance = operation({
  name: 'wallets.balance',
  summary: 'Ask a node for the balance of your wallet. With two or more nodes, two must agree.',
  http: {
    method: 'GET',
    path: '/v1/treasury/wallets/{chain}/balance',
    status: 200,
    id: 'getTreasuryWalletBalance',
    tag: 'Treasury Wallets',
  },
  command: { name: 'wallet balance', columns: ['address', 'native_balance', 'native_symbol', 'tokens'] },
  effect: 'read',
  access: { signedIn: ['user'] },
  audit: { action: 'treasury_wallet.balance', resource: 'treasury_wallet', about: ({ chain }) => ({ chain }) },
  input: z.object({
    chain: chainField(),
    wallet_id: walletIdField(),
    tokens: fields.optional(fields.text(8_192)).describe('Contract addresses of tokens, comma-separated.'),
  }),
  output: z.object({
    chain: z.string(),
    address: z.string(),
    native: z.object({
      symbol: z.string(),
      balance_wei: z.string().describe('In the smallest unit of the chain.'),
      balance_display: z.string(),
    }),
    native_balance: z.string().describe('The same as native.balance_display.'),
    native_symbol: z.string(),
    tokens: z.array(TokenBody),
  }),
  errors: [walletNotFound, chainNotConfigured, chainUnavailable],
  run: (context, { chain: named, wallet_id, tokens = '' }) => {
    const { chain, family } = networkOf(context, named)
    const asked = { walletId: wallet_id, network: chain.name, permission: 'view_balance' as const }
    const { publicKey } = signerOf(context.unit, usableWallet(context, family.keyChain, asked).wallet)
    const address = family.address(publicKey, chain)
    const contracts = contractsIn(tokens, family, chain)
    const registered = tokensOf(context.unit, chain.name)
    return new AfterCommit({}, async (engine) => {
      const found = await askBalances(engine, chain, address, contracts, registered)
      const display = showAmount(found.native, chain.decimals)
      return {
        ...{ chain: chain.name, address },
        native: { symbol: chain.currency, balance_wei: found.native.toString(), balance_display: display },
        ...{ native_balance: display, native_symbol: chain.currency },
        tokens: found.tokens.map(({ contract, balance, known }) => ({
          ...{ contract_address: contract, balance_raw: balance.toString() },
          ...{ contract, balance: balance.toString() },
          ...(known && { symbol: known.symbol, decimals: known.decimals }),
        })),
      }
    })
  },
})
