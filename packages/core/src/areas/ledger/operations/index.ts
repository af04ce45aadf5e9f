import { createAccount } from './create-account.ts'
import { getAccount } from './get-account.ts'
import { listAccounts } from './list-accounts.ts'
import { listEntries } from './list-entries.ts'
import { transfer } from './transfer.ts'

export const ledgerOperations = { createAccount, listAccounts, getAccount, listEntries, transfer }
