import { type Engine, unitContext } from '../../operations/index.ts'
import { endOneTime } from '../credentials/index.ts'
import { linkPurpose } from './links.ts'
import { approvalKind } from './records.ts'

const recordsAtOnce = 20

/** Removes the approvals of a deleted agent, and the links in mails about them. It can run again. */
export async function dropApprovals(engine: Engine, { org, id: agentId }: { org: string; id: string }): Promise<void> {
  let dropped: number
  do {
    dropped = await engine.records.transactIn(org, (unit) => {
      const some = unit.page(approvalKind, 'agent', { tuple: [agentId], limit: recordsAtOnce })
      for (const approval of some) {
        unit.delete(approvalKind, approval)
        endOneTime(unitContext(engine, unit), linkPurpose, approval.id)
      }
      return some.length
    })
  } while (dropped > 0)
}
