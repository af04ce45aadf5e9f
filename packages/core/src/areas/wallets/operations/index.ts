import { createAccessPolicy } from './create-access-policy.ts'
import { deactivateWallet } from './deactivate-wallet.ts'
import { deleteAccessPolicy } from './delete-access-policy.ts'
import { exportWallet } from './export-wallet.ts'
import { generateWallets } from './generate-wallets.ts'
import { getWallet } from './get-wallet.ts'
import { getWalletBalance } from './get-wallet-balance.ts'
import { importWallet } from './import-wallet.ts'
import { listAccessPolicies } from './list-access-policies.ts'
import { listPayments } from './list-payments.ts'
import { listWallets } from './list-wallets.ts'
import { rotateWallet } from './rotate-wallet.ts'
import { sendFromWallet } from './send-from-wallet.ts'
import { startOfframp } from './start-offramp.ts'
import { startOnramp } from './start-onramp.ts'
import { swapFromWallet } from './swap-from-wallet.ts'

export const walletOperations = {
  generate: generateWallets,
  list: listWallets,
  get: getWallet,
  deactivate: deactivateWallet,
  export: exportWallet,
  import: importWallet,
  rotate: rotateWallet,
  balance: getWalletBalance,
  send: sendFromWallet,
  payments: listPayments,
  swap: swapFromWallet,
  createAccessPolicy,
  listAccessPolicies,
  deleteAccessPolicy,
  startOnramp,
  startOfframp,
}
