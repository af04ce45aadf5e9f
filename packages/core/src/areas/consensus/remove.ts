import type { Engine } from '../../operations/index.ts'
import { dropAll } from '../../records/index.ts'
import { pendingApprovalKind } from './records.ts'

export async function dropPendingApprovals(
  { records }: Engine,
  { org, id }: { org: string; id: string },
): Promise<void> {
  await dropAll(records, org, pendingApprovalKind, 'agent', id)
}
