import type { Engine } from '../../operations/index.ts'
import { endAll } from '../../records/index.ts'
import { dropPendingApproval } from './open.ts'
import { pendingApprovalKind } from './records.ts'

/** Removes what waits for people and is about a deleted agent. */
export async function dropPendingApprovals(
  { records }: Engine,
  { org, id }: { org: string; id: string },
): Promise<void> {
  await endAll(records, org, { kind: pendingApprovalKind, index: 'agent', tuple: [id] }, dropPendingApproval)
}
