import { laneKind, laneMonthKind } from './lane.ts'
import type { Reads } from './unit.ts'

/** Number of metered calls of an organisation in a month: the sum over all lanes, which count in the commits of the calls. */
export function meteredIn(reads: Pick<Reads, 'list'>, org: string, month: string): number {
  const heads = reads.list(laneKind, 'org', org).flatMap(({ usage }) => (usage?.month === month ? usage : []))
  const closed = reads.list(laneMonthKind, 'org', org, month)
  return [...heads, ...closed].reduce((sum, { requests }) => sum + requests, 0)
}
