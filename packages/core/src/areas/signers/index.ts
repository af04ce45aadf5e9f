import { area } from '../../operations/index.ts'
import { signersAgentSettings } from './agent-settings.ts'
import { signingKeyOperations } from './operations/index.ts'
import { signingKeyKind } from './records.ts'
import { dropKeys } from './remove.ts'

export { askBalances, contractsIn } from './balances.ts'
export { asked, nodesOf, requireNodes } from './chain-calls.ts'
export { chainNotConfigured, chainUnavailable, keyUnusable, signingKeyNotFound } from './errors.ts'
export { importedKey, importFields } from './import-key.ts'
export { exportedKey, type StoredKey } from './open-key.ts'
export { canSign, provision, storeKey } from './provision.ts'
export { keyChains, type SigningKey, signingKeyKind } from './records.ts'
export { orInvalid } from './refusals.ts'
export { addressOf, isKeyPath, keyPlace, resolveSigner } from './resolve.ts'
export { familyFor, keyChainField, mainNetwork } from './schemas.ts'
export { type Signer, signAll } from './sign.ts'

export const signers = area({
  name: 'signers',
  summary: 'Keys with which agents sign on chains, and never see.',
  uses: ['orgs', 'vaults', 'secrets', 'agents', 'chains'],
  operations: signingKeyOperations,
  kinds: [signingKeyKind],
  agentSettings: signersAgentSettings,
  onRemoved: { agent: { asJob: dropKeys } },
})
