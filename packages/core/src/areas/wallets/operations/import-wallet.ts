import * as z from 'zod'
import { confirmField, confirmHeader, operation } from '../../../operations/index.ts'
import { importedKey, importFields } from '../../signers/index.ts'
import { walletExists, walletsFull } from '../errors.ts'
import { newWallet, walletKeysVault } from '../keys.ts'
import { chainField, keyChainOf, WalletBody, walletBody } from '../schemas.ts'

export const importWallet = operation({
  name: 'wallets.import',
  summary: 'Take an existing private key as your wallet. Other holders of the key can still pay with it.',
  http: {
    method: 'POST',
    path: '/v1/treasury/wallets/{chain}/import',
    status: 201,
    id: 'importTreasuryWallet',
    tag: 'Treasury Wallets',
    headers: confirmHeader,
  },
  command: { name: 'wallet import' },
  effect: 'write',
  access: { signedIn: ['user'] },
  confirms: { purpose: 'treasury_wallet.import' },
  audit: {
    action: 'treasury_wallet.import',
    resource: 'treasury_wallet',
    about: ({ chain }, output) => ({ chain, ...(output && { id: output.id, address: output.address }) }),
  },
  input: z.object({ chain: chainField(), ...importFields, auth_confirm: confirmField() }),
  output: WalletBody,
  errors: [walletExists, walletsFull],
  run: (context, { chain: named, ...given }) => {
    const chain = keyChainOf(context, named)
    return walletBody(
      importedKey(chain, given, (imported) => newWallet(context, walletKeysVault(context), chain, imported)),
    )
  },
})
