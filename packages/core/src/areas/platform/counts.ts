import type { Unit } from '../../records/index.ts'
import { type AppCounts, appCountsKind, type ConnectionStatus } from './records.ts'

export function countsOf(unit: Pick<Unit, 'get'>, appId: string): AppCounts {
  const none = { id: appId, connections: 0, active: 0, claimed: 0, bootstraps: 0, grants: 0 }
  return unit.get(appCountsKind, appId) ?? none
}

/** Stages that a connection changed its status. Null: there was none before, or there is none any more. */
export function countStatus(
  unit: Unit,
  appId: string,
  before: ConnectionStatus | null,
  after: ConnectionStatus | null,
): void {
  const [from, to] = [partsOf(before), partsOf(after)]
  const counts = countsOf(unit, appId)
  unit.put(appCountsKind, {
    ...counts,
    connections: counts.connections + to.connections - from.connections,
    active: counts.active + to.active - from.active,
    claimed: counts.claimed + to.claimed - from.claimed,
  })
}

/** Stages a change of a count by `more`. */
export function count(unit: Unit, appId: string, what: 'bootstraps' | 'grants', more: number): void {
  const counts = countsOf(unit, appId)
  if (more !== 0) unit.put(appCountsKind, { ...counts, [what]: Math.max(0, counts[what] + more) })
}

function partsOf(status: ConnectionStatus | null): Pick<AppCounts, 'connections' | 'active' | 'claimed'> {
  const isThere = status !== null && status !== 'disconnected'
  return {
    connections: isThere ? 1 : 0,
    active: status === 'active' || status === 'claimed' ? 1 : 0,
    claimed: status === 'claimed' ? 1 : 0,
  }
}
