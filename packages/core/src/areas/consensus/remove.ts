import type { Engine } from '../../operations/index.ts'
import { openPendingApprovalKind, pendingApprovalKind } from './records.ts'

const recordsAtOnce = 50

/** Removes what waits for people and is about a deleted agent, some at a time. */
export async function dropPendingApprovals(
  { records }: Engine,
  { org, id }: { org: string; id: string },
): Promise<void> {
  let dropped: number
  do {
    dropped = await records.transactIn(org, (unit) => {
      const some = unit.page(pendingApprovalKind, 'agent', { tuple: [id], limit: recordsAtOnce })
      for (const one of some) {
        const open = unit.get(openPendingApprovalKind, one.id)
        if (open) unit.delete(openPendingApprovalKind, open)
        unit.delete(pendingApprovalKind, one)
      }
      return some.length
    })
  } while (dropped > 0)
}
