import type { Engine } from '../../operations/index.ts'
import { dropAll } from '../../records/index.ts'
import { transactionKind } from './records.ts'

/** Removes the transactions of a deleted agent. What was signed stays in the audit trail. */
export async function dropTransactions({ records }: Engine, { org, id }: { org: string; id: string }): Promise<void> {
  await dropAll(records, org, transactionKind, 'agent', id)
}
