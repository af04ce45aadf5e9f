import * as z from 'zod'
import { operation } from '../../../operations/index.ts'
import { walletNotFound } from '../errors.ts'
import { ownWallet } from '../keys.ts'
import { walletKind } from '../records.ts'
import { chainField, keyChainOf } from '../schemas.ts'

export const deactivateWallet = operation({
  name: 'wallets.deactivate',
  summary: 'Stop paying with a wallet. Pawl keeps the private key, because there can be funds at its address.',
  http: {
    method: 'DELETE',
    path: '/v1/treasury/wallets/{chain}',
    status: 204,
    id: 'deactivateTreasuryWallet',
    tag: 'Treasury Wallets',
  },
  command: { name: 'wallet deactivate' },
  effect: 'write',
  access: { signedIn: ['user'] },
  audit: { action: 'treasury_wallet.deactivate', resource: 'treasury_wallet', about: ({ chain }) => ({ chain }) },
  input: z.object({ chain: chainField() }),
  output: z.undefined(),
  errors: [walletNotFound],
  run: (context, { chain }) => {
    context.unit.put(walletKind, { ...ownWallet(context, keyChainOf(context, chain)), isActive: false })
    return undefined
  },
})
