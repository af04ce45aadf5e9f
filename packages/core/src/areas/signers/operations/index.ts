import { createSigningKey } from './create-signing-key.ts'
import { deactivateSigningKey } from './deactivate-signing-key.ts'
import { exportSigningKey } from './export-signing-key.ts'
import { getSigningKeyBalance } from './get-balance.ts'
import { importSigningKey } from './import-signing-key.ts'
import { listSigningKeys } from './list-signing-keys.ts'
import { rotateSigningKey } from './rotate-signing-key.ts'

export const signingKeyOperations = {
  create: createSigningKey,
  list: listSigningKeys,
  rotate: rotateSigningKey,
  deactivate: deactivateSigningKey,
  export: exportSigningKey,
  import: importSigningKey,
  balance: getSigningKeyBalance,
}
