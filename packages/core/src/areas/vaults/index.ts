export { dataKeyKind, type Place } from './data-key.ts'
export { vaultNameTaken, vaultNotFound } from './errors.ts'
export { newVault } from './new-vault.ts'
export {
  isSystemVault,
  owns,
  systemPrefix,
  type Vault,
  type VaultKeys,
  vaultKeysKind,
  vaultKeyUri,
  vaultKind,
} from './records.ts'
export { rewrapJob, rotateKeys } from './rotation.ts'
export { dropValues, openValue, sealValue } from './values.ts'
