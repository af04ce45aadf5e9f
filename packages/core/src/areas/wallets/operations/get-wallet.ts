import * as z from 'zod'
import { operation } from '../../../operations/index.ts'
import { walletNotFound } from '../errors.ts'
import { ownWallet } from '../keys.ts'
import { chainField, keyChainOf, WalletBody, walletBody } from '../schemas.ts'

export const getWallet = operation({
  name: 'wallets.get',
  summary: 'Get your active wallet for a chain.',
  http: {
    method: 'GET',
    path: '/v1/treasury/wallets/{chain}',
    status: 200,
    id: 'getTreasuryWallet',
    tag: 'Treasury Wallets',
  },
  command: { name: 'wallet get' },
  effect: 'read',
  access: { signedIn: ['user'] },
  audit: { action: 'treasury_wallet.read', resource: 'treasury_wallet', about: ({ chain }) => ({ chain }) },
  input: z.object({ chain: chainField() }),
  output: WalletBody,
  errors: [walletNotFound],
  run: (context, { chain }) => walletBody(ownWallet(context, keyChainOf(context, chain))),
})
