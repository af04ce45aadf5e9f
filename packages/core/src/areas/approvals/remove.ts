import { type Engine, unitContext } from '../../operations/index.ts'
import { endAll } from '../../records/index.ts'
import { endOneTime } from '../credentials/index.ts'
import { linkPurpose } from './links.ts'
import { approvalKind } from './records.ts'

/** Removes the approvals of a deleted agent, and the links in mails about them. It can run again. */
export async function dropApprovals(engine: Engine, { org, id: agentId }: { org: string; id: string }): Promise<void> {
  await endAll(engine.records, org, { kind: approvalKind, index: 'agent', tuple: [agentId] }, (unit, approval) => {
    unit.delete(approvalKind, approval)
    endOneTime(unitContext(engine, unit), linkPurpose, approval.id)
  })
}
