import * as z from 'zod'
import { operation, signedIn } from '../../../operations/index.ts'
import { walletKind } from '../records.ts'
import { WalletBody, walletBody } from '../schemas.ts'

export const listWallets = operation({
  name: 'wallets.list',
  summary: 'List your wallets, with their addresses. Earlier wallets are included.',
  http: {
    method: 'GET',
    path: '/v1/treasury/wallets',
    status: 200,
    id: 'listTreasuryWallets',
    tag: 'Treasury Wallets',
  },
  command: { name: 'wallet list', columns: ['chain', 'address', 'is_active', 'created_at'] },
  effect: 'read',
  access: { signedIn: ['user'] },
  audit: { action: 'treasury_wallet.list', resource: 'treasury_wallet' },
  input: z.object({}),
  output: z.object({ wallets: z.array(WalletBody) }),
  errors: [],
  run: (context) => {
    const all = context.unit.list(walletKind, 'user', signedIn(context).id)
    return { wallets: [...all.filter((one) => one.isActive), ...all.filter((one) => !one.isActive)].map(walletBody) }
  },
})
