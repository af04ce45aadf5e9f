import { addSmartAccount } from './add-smart-account.ts'
import { importSmartAccount } from './import-smart-account.ts'
import { removeSmartAccount } from './remove-smart-account.ts'

export const smartAccountOperations = {
  add: addSmartAccount,
  import: importSmartAccount,
  remove: removeSmartAccount,
}
