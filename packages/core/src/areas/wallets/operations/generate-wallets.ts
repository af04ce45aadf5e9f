import * as z from 'zod'
import { fields, operation, signedIn } from '../../../operations/index.ts'
import { keyChainField, keyChains } from '../../signers/index.ts'
import { walletsFull } from '../errors.ts'
import { findActive, newWallet, walletKeysVault } from '../keys.ts'
import { WalletBody, walletBody } from '../schemas.ts'

export const generateWallets = operation({
  name: 'wallets.generate',
  summary: 'Create your wallets. A chain for which you have an active wallet keeps it.',
  http: {
    method: 'POST',
    path: '/v1/treasury/wallets/generate',
    status: 201,
    id: 'generateTreasuryWallets',
    tag: 'Treasury Wallets',
  },
  command: { name: 'wallet generate', columns: ['chain', 'address', 'is_active'] },
  effect: 'write',
  access: { signedIn: ['user'] },
  audit: {
    action: 'treasury_wallet.generate',
    resource: 'treasury_wallet',
    about: (_, output) => ({
      ...(output && { wallets: output.wallets.map(({ id, chain, address }) => ({ id, chain, address })) }),
    }),
  },
  input: z.object({
    chains: fields
      .optional(
        z
          .array(keyChainField(), 'must be a list')
          .max(keyChains.length + 1, `must have at most ${keyChains.length + 1} entries`),
      )
      .describe(`Chains of the wallets. Default: ${keyChains.join(', ')}.`),
  }),
  output: z.object({ wallets: z.array(WalletBody) }),
  errors: [walletsFull],
  run: (context, { chains = [] }) => {
    const { id: userId } = signedIn(context)
    const wanted = chains.length === 0 ? keyChains : [...new Set(chains)]
    const known = wanted.map((chain) => findActive(context, userId, chain))
    const vault = known.every((wallet) => wallet !== null) ? null : walletKeysVault(context)
    const made = wanted.map((chain, at) => known[at] ?? (vault && newWallet(context, vault, chain)))
    return { wallets: made.flatMap((wallet) => (wallet ? [walletBody(wallet)] : [])) }
  },
})
