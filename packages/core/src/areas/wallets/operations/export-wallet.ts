import * as z from 'zod'
import { confirmField, confirmHeader, fields, operation } from '../../../operations/index.ts'
import { exportedKey, keyChains, keyUnusable } from '../../signers/index.ts'
import { usableWallet, walletIdField } from '../access.ts'
import { walletNotFound } from '../errors.ts'
import { storedKeyOf } from '../keys.ts'
import { chainField, keyChainOf } from '../schemas.ts'

export const exportWallet = operation({
  name: 'wallets.export',
  summary: 'Show the private key of your wallet. Other holders of the key can pay with it.',
  http: {
    method: 'POST',
    path: '/v1/treasury/wallets/{chain}/export',
    status: 200,
    id: 'exportTreasuryWallet',
    tag: 'Treasury Wallets',
    headers: confirmHeader,
  },
  command: { name: 'wallet export' },
  effect: 'write',
  access: { signedIn: ['user'] },
  confirms: { purpose: 'treasury_wallet.export' },
  audit: {
    action: 'treasury_wallet.export',
    resource: 'treasury_wallet',
    about: ({ chain }, output) => ({ chain, ...(output && { address: output.address }) }),
  },
  input: z.object({ chain: chainField(), wallet_id: walletIdField(), auth_confirm: confirmField() }),
  output: z.object({
    chain: z.enum(keyChains),
    address: z.string(),
    private_key_hex: fields.shownSecret().describe('32 bytes as lowercase hexadecimal digits, without 0x.'),
  }),
  reveals: ['private_key_hex'],
  errors: [walletNotFound, keyUnusable],
  run: (context, input) => {
    const keyChain = keyChainOf(context, input.chain)
    const asked = { walletId: input.wallet_id, network: keyChain, permission: 'export' as const }
    const { wallet } = usableWallet(context, keyChain, asked)
    const { chain, address } = wallet
    return { chain, address, private_key_hex: exportedKey(context, storedKeyOf(context.unit, wallet)) }
  },
})
