import type { Tuple } from '../../kernel/keys.ts'
import type { Engine, JobType } from '../../operations/index.ts'
import type { Unit } from '../../records/index.ts'
import { depositKind, destinationKind, openDepositKind } from './records.ts'

interface Resuming {
  readonly [field: string]: string
  readonly org: string
  /** Of the destination. */
  readonly id: string
}

const depositsAtOnce = 20

/** Lets the task credit what was confirmed while a destination was paused. */
export const resumeJob: JobType<Resuming> = { name: 'deposits.resume', run: resume }

async function resume({ records }: Engine, { org, id }: Resuming): Promise<void> {
  const resumeSome = (unit: Unit, after: Tuple | null) => {
    const destination = unit.get(destinationKind, id)
    if (destination?.status !== 'active' || destination.accountId === null) return []
    const some = unit.page(depositKind, 'uncredited', { tuple: [id], limit: depositsAtOnce, ...(after && { after }) })
    for (const { id: depositId, chain, height, blockId } of some) {
      unit.get(openDepositKind, depositId)
      unit.put(openDepositKind, { id: depositId, org, chain, height, blockId, isWaiting: true })
    }
    return some
  }
  for (let after: Tuple | null = null; ; ) {
    const last = (await records.transactIn(org, (unit) => resumeSome(unit, after))).at(-1)
    if (!last) return
    after = [id, last.createdAt, last.id]
  }
}
