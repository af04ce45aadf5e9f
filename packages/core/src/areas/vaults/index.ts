export { rewrapKey, type ValueAddress, type WrappedKey } from './data-key.ts'
export { vaultNameTaken, vaultNotFound } from './errors.ts'
export { newVault } from './new-vault.ts'
export {
  isSystemVault,
  owns,
  systemPrefix,
  type Vault,
  type VaultKeys,
  vaultKeysKind,
  vaultKind,
} from './records.ts'
export { type RewrapPayload, retireKeys, rewrap, rotateKeys } from './rotation.ts'
export { decryptValue, dropValue, encryptValue, valueKind, valueOpens } from './values.ts'
