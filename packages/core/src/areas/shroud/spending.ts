import { day } from '../../kernel/time.ts'
import { kind, type Reads, type Unit } from '../../records/index.ts'

// The spending is a record. Each call reserves its cost in the commit that admits the call. So parallel calls cannot spend more
// than sequential calls, over all engines and after a restart.

/** What one agent or one router key has spent. */
export interface Spending {
  /** The id of the agent or of the router key. */
  readonly id: string
  /** Number of the UTC day that `requests` and `micros` are of. */
  readonly day: number
  readonly requests: number
  /** Millionths of a dollar. */
  readonly micros: number
  /** The same of all days. */
  readonly totalMicros: number
  /** Running calls. An interrupted call keeps its reservation, because its cost is unknown. */
  readonly reserved: readonly Reservation[]
  /** Number of the UTC day on which a webhook was told that the budget is used up. */
  readonly toldOn?: number | undefined
}

interface Reservation {
  readonly call: string
  readonly day: number
  readonly micros: number
}

export const spendingKind = kind<Spending>('shroudSpending', { indexes: { day: { key: ({ day }) => [day] } } })

export interface Limits {
  readonly requestsPerDay?: number | undefined
  readonly microsPerDay?: number | undefined
  readonly microsInAll?: number | undefined
}

export type Exceeded = 'requests' | 'budget'

/** Whether any limit is set. Without a limit, the engine does not count. */
export function isLimited({ requestsPerDay, microsPerDay, microsInAll }: Limits): boolean {
  return requestsPerDay !== undefined || microsPerDay !== undefined || microsInAll !== undefined
}

export interface Call {
  readonly call: string
  /** The maximum cost of the call. */
  readonly micros: number
  readonly now: number
}

/** The spending with the reservation of this call, for the caller to stage. Or the limit that has no room for the call. */
export function withCall(unit: Reads, id: string, limits: Limits, { call, micros, now }: Call): Spending | Exceeded {
  const before = onDay(unit.get(spendingKind, id) ?? nothing(id), dayOf(now))
  const { requestsPerDay = Infinity, microsPerDay = Infinity, microsInAll = Infinity } = limits
  if (before.requests + 1 > requestsPerDay) return 'requests'
  const today = sumOf(before.reserved.filter((one) => one.day === before.day))
  if (before.micros + today + micros > microsPerDay) return 'budget'
  if (before.totalMicros + sumOf(before.reserved) + micros > microsInAll) return 'budget'
  const reserved = [...before.reserved, { call, day: before.day, micros }]
  return { ...before, requests: before.requests + 1, reserved }
}

/** Stages that the budget was found used up today. Answers whether that is new. */
export function noteExhausted(unit: Unit, id: string, now: number): boolean {
  const spending = unit.get(spendingKind, id) ?? nothing(id)
  if (spending.toldOn === dayOf(now)) return false
  unit.put(spendingKind, { ...spending, toldOn: dayOf(now) })
  return true
}

/** Stages what the call has cost in place of what it could have cost. */
export function settle(unit: Unit, id: string, call: string, micros: number): void {
  const before = unit.get(spendingKind, id)
  const own = before?.reserved.find((one) => one.call === call)
  if (!before || !own) return
  unit.put(spendingKind, {
    ...before,
    micros: before.micros + (own.day === before.day ? micros : 0),
    totalMicros: before.totalMicros + micros,
    reserved: before.reserved.filter((one) => one !== own),
  })
}

/** Stages the end of the record of a deleted agent or router key. */
export function dropSpending(unit: Unit, id: string): void {
  const spending = unit.get(spendingKind, id)
  if (spending) unit.delete(spendingKind, spending)
}

function nothing(id: string): Spending {
  return { id, day: 0, requests: 0, micros: 0, totalMicros: 0, reserved: [] }
}

/** Resets the counts on a new day. Calls interrupted two days ago are never settled. Their reservations count as spent. */
function onDay(spending: Spending, today: number): Spending {
  // A clock that was set back gives nothing back.
  if (spending.day >= today) return spending
  const lost = spending.reserved.filter((one) => one.day < today - 1)
  return {
    ...spending,
    day: today,
    requests: 0,
    micros: 0,
    totalMicros: spending.totalMicros + sumOf(lost),
    reserved: spending.reserved.filter((one) => one.day >= today - 1),
  }
}

function sumOf(reserved: readonly Reservation[]): number {
  return reserved.reduce((sum, { micros }) => sum + micros, 0)
}

/** The number of the UTC day. */
function dayOf(now: number): number {
  return Math.floor(now / day)
}
