import { area } from '../../operations/index.ts'
import { walletAccessKind } from './access-records.ts'
import { walletOperations } from './operations/index.ts'
import { walletCountKind, walletKind } from './records.ts'
import { dropWallets } from './remove.ts'

export { walletsFull } from './errors.ts'
export { findActive, findWalletKeysVault, signerOf, walletKeysVault } from './keys.ts'
export { provisionField, provisionWallets } from './provision.ts'
export { walletCountKind, walletKind, walletsMax } from './records.ts'
export { askService, requireService } from './services.ts'

export const wallets = area({
  name: 'wallets',
  summary: 'Wallets of people, with which they pay on chains.',
  uses: ['orgs', 'vaults', 'secrets', 'agents', 'chains', 'factors', 'guardrails', 'intents', 'platform', 'signers'],
  operations: walletOperations,
  kinds: [walletKind, walletCountKind, walletAccessKind],
  onRemoved: { user: { asJob: dropWallets } },
})
