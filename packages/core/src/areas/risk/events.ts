import { hex, utf8 } from '../../kernel/bytes.ts'
import { day } from '../../kernel/time.ts'
import type { Engine, ScheduledTask, Services } from '../../operations/index.ts'
import { eventId, type Unit } from '../../records/index.ts'
import { untilDoneInEachOrg } from '../orgs/index.ts'
import { type RiskEvent, riskEventKind } from './records.ts'

const keptMs = 90 * day
const droppedAtOnce = 40

/** The id of what a detector found in an audit event. Who finds it again finds it stored. */
export function eventIdOf({ crypto }: Pick<Services, 'crypto'>, auditEvent: string, detector: string): string {
  return eventId(hex(crypto.sha256(utf8(`pawl/1/risk\n${auditEvent}\n${detector}`))))
}

export function addEvent(unit: Unit, event: RiskEvent): void {
  unit.put(riskEventKind, event)
}

export const sweepEventsTask: ScheduledTask = {
  name: 'risk.sweep',
  everyMs: day,
  run: (engine) => untilDoneInEachOrg(engine, (org) => dropSome(engine, org)),
}

async function dropSome({ records }: Engine, org: string): Promise<boolean> {
  return records.transactIn(org, (unit) => {
    const old = unit.page(riskEventKind, 'time', { to: [records.now() - keptMs], limit: droppedAtOnce })
    for (const event of old) unit.delete(riskEventKind, event)
    return old.length === droppedAtOnce
  })
}
