import { deleteBankrConfig } from './delete-bankr-config.ts'
import { getBankrConfig } from './get-bankr-config.ts'
import { leaseBankrKey } from './lease-bankr-key.ts'
import { listBankrKeys } from './list-bankr-keys.ts'
import { revokeBankrKey } from './revoke-bankr-key.ts'
import { setBankrConfig } from './set-bankr-config.ts'

export const bankrOperations = {
  lease: leaseBankrKey,
  list: listBankrKeys,
  revoke: revokeBankrKey,
  getConfig: getBankrConfig,
  setConfig: setBankrConfig,
  deleteConfig: deleteBankrConfig,
}
