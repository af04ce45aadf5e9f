import * as z from 'zod'
import { operation } from '../../../operations/index.ts'
import { walletNotFound, walletsFull } from '../errors.ts'
import { ownWallet, replaceWallet } from '../keys.ts'
import { chainField, keyChainOf, WalletBody, walletBody } from '../schemas.ts'

export const rotateWallet = operation({
  name: 'wallets.rotate',
  summary: 'Replace the key of your wallet. The new one has another address. Funds at the old address are not moved.',
  http: {
    method: 'POST',
    path: '/v1/treasury/wallets/{chain}/rotate',
    status: 200,
    id: 'rotateTreasuryWallet',
    tag: 'Treasury Wallets',
  },
  command: { name: 'wallet rotate' },
  effect: 'write',
  access: { signedIn: ['user'] },
  audit: {
    action: 'treasury_wallet.rotate',
    resource: 'treasury_wallet',
    about: ({ chain }, output) => ({ chain, ...(output && { id: output.id, address: output.address }) }),
  },
  input: z.object({ chain: chainField() }),
  output: WalletBody,
  errors: [walletNotFound, walletsFull],
  run: (context, { chain }) => walletBody(replaceWallet(context, ownWallet(context, keyChainOf(context, chain)))),
})
