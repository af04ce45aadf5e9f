import type { CarriesOut, JobType } from '../../operations/index.ts'
import { closeOpen, complete } from './complete.ts'
import { transactionKind } from './records.ts'

interface Approved {
  readonly [field: string]: string
  readonly org: string
  readonly id: string
  readonly agentId: string
}

/** Signs what a human approved. It can run again: a transaction that is signed stays as it is. */
export const approvedJob: JobType<Approved> = {
  name: 'transactions.approved',
  run: async (engine, { org, id, agentId }) => {
    await complete(engine, { org, by: { type: 'agent', id: agentId, ip: null } }, id)
  },
}

export const carriesOutApprovals: CarriesOut = {
  approved: (context, { targetId, agentId }) => {
    context.jobs.stage(context.unit, approvedJob, { org: context.unit.org ?? '', id: targetId, agentId: agentId ?? '' })
  },
  rejected: ({ unit }, { targetId }) => {
    const one = unit.get(transactionKind, targetId)
    if (one?.status !== 'awaiting_approval') return
    closeOpen(unit, targetId)
    unit.put(transactionKind, { ...one, status: 'failed', error: 'A human rejected the transaction.' })
  },
}
