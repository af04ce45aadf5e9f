import { minute, monthOf } from '../../kernel/time.ts'
import type { Engine, ScheduledTask } from '../../operations/index.ts'
import { type AuditBlock, blockKind, type LaneHead, type Unit } from '../../records/index.ts'
import { allHeads } from '../audit/index.ts'
import { principalUsageKind, usageMarkKind } from './records.ts'

const blocksAtOnce = 50

/** Adds up the calls of each principal from the audit trail. The mark moves in the same commit, so each call counts once. */
export const addUpTask: ScheduledTask = {
  name: 'billing.addUp',
  everyMs: 10 * minute,
  atClose: true,
  run: async (engine) => {
    for await (const head of allHeads(engine.records)) if (head.usage) while (await addSome(engine, head));
  },
}

/** Answers whether there may be more. */
function addSome({ records }: Engine, { org, lane, next }: LaneHead): Promise<boolean> {
  return records.transactIn(org, (unit) => {
    const from = unit.get(usageMarkKind, lane)?.next ?? 0
    if (from >= next) return false
    const blocks = unit.page(blockKind, 'lane', { tuple: [lane], from: [lane, from], limit: blocksAtOnce })
    const last = blocks.at(-1)
    if (!last) return false
    for (const [key, calls] of callsIn(blocks)) add(unit, key, calls)
    unit.put(usageMarkKind, { id: lane, next: last.first + last.drafts.length })
    return blocks.length === blocksAtOnce
  })
}

interface Calls {
  readonly month: string
  readonly principalType: string
  readonly principalId: string
  readonly requests: number
}

function callsIn(blocks: readonly AuditBlock[]): ReadonlyMap<string, Calls> {
  const calls = new Map<string, Calls>()
  for (const { at, drafts } of blocks) {
    const month = monthOf(at)
    for (const { metered, actorType: principalType, actorId: principalId } of drafts) {
      if (metered === undefined) continue
      const id = `${month}.${principalType}.${principalId}`
      calls.set(id, { month, principalType, principalId, requests: (calls.get(id)?.requests ?? 0) + 1 })
    }
  }
  return calls
}

function add(unit: Unit, id: string, calls: Calls): void {
  const requests = (unit.get(principalUsageKind, id)?.requests ?? 0) + calls.requests
  unit.put(principalUsageKind, { id, ...calls, requests })
}
