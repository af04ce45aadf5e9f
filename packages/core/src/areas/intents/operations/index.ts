import { explainTransaction } from './explain-transaction.ts'
import { getTransaction } from './get-transaction.ts'
import { listNonces } from './list-nonces.ts'
import { listTransactions } from './list-transactions.ts'
import { repairNonces } from './repair-nonces.ts'
import { signIntent } from './sign-intent.ts'
import { signTransaction } from './sign-transaction.ts'
import { simulateBundle } from './simulate-bundle.ts'
import { simulateTransaction } from './simulate-transaction.ts'
import { submitTransaction } from './submit-transaction.ts'

export const intentOperations = {
  submit: submitTransaction,
  sign: signTransaction,
  signIntent,
  simulate: simulateTransaction,
  simulateBundle,
  explain: explainTransaction,
  list: listTransactions,
  get: getTransaction,
  nonces: listNonces,
  repairNonces,
}
