import { day, minute } from '../../kernel/time.ts'
import { sumOf } from './amounts.ts'

// What one agent has signed lately, as a value. The window of money is exact: an amount counts from the millisecond of its
// signature and for 24 hours. Above `entriesMax` entries, those of the same five minutes become one with the time of the last.
// Then an amount can count up to five minutes longer, but never shorter. So in no 24 hours is more signed than the limit, and a
// window has at most 289 entries more than `entriesMax`.

/** What was moved at one time. */
export type Entry = readonly [at: number, units: string]

/** What one agent has signed lately. Places are named `evm/base`: the family and the network. */
export interface Ledger {
  /** The id of the agent. */
  readonly id: string
  readonly frozen: Frozen | null
  /** Native currency of the last 24 hours, by place, oldest first. */
  readonly moved: Readonly<Record<string, readonly Entry[]>>
  /** Millionths of a US dollar of the last 24 hours. Only what had a price. */
  readonly usd: readonly Entry[]
  /** One for each transaction of the last 24 hours. Absent: nothing counts them so. */
  readonly window?: readonly Entry[]
  /** Days since 1970 in UTC. What follows is of this day. */
  readonly day: number
  readonly transactions: Readonly<Record<string, number>>
  readonly overhead: Readonly<Record<string, string>>
  readonly tokenAccounts: number
  /** How many decisions were recorded. */
  readonly decisions: number
}

export interface Frozen {
  readonly at: number
  readonly by: string
  readonly reason: string
}

/** What one transaction takes of the budgets. Amounts are text, because reservations are stored. */
export interface Taken {
  readonly place: string
  readonly moved: string
  readonly usd: string
  readonly overhead: string
  readonly tokenAccounts: number
}

/**
 * What a transaction has taken of the budgets of its agent. Store it with the transaction, and give it back once.
 */
export type Reservation = Taken & {
  readonly agentId: string
  readonly at: number
  readonly recipients: Readonly<Record<string, string>>
  readonly state: 'held' | 'released' | 'settled'
}

const entriesMax = 32
const slotMs = 5 * minute

export function emptyLedger(id: string): Ledger {
  return {
    id,
    frozen: null,
    moved: {},
    usd: [],
    day: 0,
    transactions: {},
    overhead: {},
    tokenAccounts: 0,
    decisions: 0,
  }
}

/** When the next UTC day begins. */
export function nextDay(now: number): number {
  return (dayOf(now) + 1) * day
}

function dayOf(time: number): number {
  return Math.floor(time / day)
}

/** The sum of a window. An entry counts for exactly 24 hours. */
export function sumSince(entries: readonly Entry[], now: number): bigint {
  return sumOf(entries.filter(([at]) => at > now - day).map(([, units]) => BigInt(units)))
}

/** What was moved in 24 hours, in one place or in all places of a family. */
export function movedIn({ moved }: Ledger, now: number, within: string): bigint {
  return sumOf(named(moved, within).map((entries) => sumSince(entries, now)))
}

export function countToday(ledger: Ledger, now: number, within: string): number {
  return isToday(ledger, now) ? named(ledger.transactions, within).reduce((sum, one) => sum + one, 0) : 0
}

export function overheadToday(ledger: Ledger, now: number, within: string): bigint {
  return isToday(ledger, now) ? sumOf(named(ledger.overhead, within).map(BigInt)) : 0n
}

export function tokenAccountsToday(ledger: Ledger, now: number): number {
  return isToday(ledger, now) ? ledger.tokenAccounts : 0
}

/** The values of a place (`evm/base`), of a family (`evm`), or of everything (an empty text). */
function named<T>(values: Readonly<Record<string, T>>, within: string): T[] {
  const isWithin = (place: string) => within === '' || place === within || place.startsWith(`${within}/`)
  return Object.entries(values).flatMap(([place, value]) => (isWithin(place) ? [value] : []))
}

/** The ledger with one more transaction. */
export function withTaken(before: Ledger, now: number, taken: Taken): Ledger {
  const ledger = today(before, now)
  const { place, tokenAccounts } = taken
  return {
    ...ledger,
    moved: { ...liveOnly(ledger.moved, now), [place]: withEntry(ledger.moved[place] ?? [], now, taken.moved) },
    usd: withEntry(ledger.usd, now, taken.usd),
    ...(ledger.window && { window: withEntry(ledger.window, now, '1') }),
    transactions: { ...ledger.transactions, [place]: (ledger.transactions[place] ?? 0) + 1 },
    overhead: changed(ledger.overhead, place, BigInt(taken.overhead)),
    tokenAccounts: ledger.tokenAccounts + tokenAccounts,
  }
}

/** The ledger without a transaction that was taken at `at`. What no window contains any more is gone already. */
export function withoutTaken(before: Ledger, now: number, taken: Taken, at: number): Ledger {
  const ledger = today(before, now)
  const { place } = taken
  const money = {
    ...ledger,
    moved: { ...ledger.moved, [place]: withoutEntry(ledger.moved[place] ?? [], now, taken.moved, at) },
    usd: withoutEntry(ledger.usd, now, taken.usd, at),
    ...(ledger.window && { window: withoutEntry(ledger.window, now, '1', at) }),
  }
  if (ledger.day !== dayOf(at)) return money
  return {
    ...money,
    transactions: { ...ledger.transactions, [place]: Math.max(0, (ledger.transactions[place] ?? 0) - 1) },
    overhead: changed(ledger.overhead, place, -BigInt(taken.overhead)),
    tokenAccounts: Math.max(0, ledger.tokenAccounts - taken.tokenAccounts),
  }
}

/** The ledger once it is known what fees and rent did cost. */
export function withOverhead(before: Ledger, now: number, taken: Taken, at: number, overhead: bigint): Ledger {
  const ledger = today(before, now)
  if (ledger.day !== dayOf(at)) return ledger
  return { ...ledger, overhead: changed(ledger.overhead, taken.place, overhead - BigInt(taken.overhead)) }
}

/** A window with one more amount. Entries stay in the order of time, also if the clocks of two engines differ. */
export function withEntry(entries: readonly Entry[], now: number, units: string): readonly Entry[] {
  const live = entries.filter(([at]) => at > now - day)
  if (BigInt(units) === 0n) return live
  const next = live.findIndex(([at]) => at > now)
  const place = next === -1 ? live.length : next
  return compacted([...live.slice(0, place), [now, units], ...live.slice(place)])
}

/**
 * A window without an amount. Its entry is the first that is not older: entries are merged into later ones only. So what an
 * entry lacks is taken from the next.
 */
export function withoutEntry(entries: readonly Entry[], now: number, units: string, takenAt: number): readonly Entry[] {
  if (takenAt <= now - day) return entries
  let left = BigInt(units)
  return entries.flatMap(([at, held]): Entry[] => {
    if (at < takenAt || left === 0n) return [[at, held]]
    const cut = left < BigInt(held) ? left : BigInt(held)
    left -= cut
    return BigInt(held) === cut ? [] : [[at, String(BigInt(held) - cut)]]
  })
}

function compacted(entries: readonly Entry[]): readonly Entry[] {
  if (entries.length <= entriesMax) return entries
  const slots = new Map<number, Entry>()
  for (const [at, units] of entries) {
    const slot = Math.floor(at / slotMs)
    slots.set(slot, [at, String(BigInt(slots.get(slot)?.[1] ?? '0') + BigInt(units))])
  }
  return [...slots.values()]
}

function liveOnly(moved: Ledger['moved'], now: number): Ledger['moved'] {
  const live = Object.entries(moved).map(
    ([place, entries]) => [place, entries.filter(([at]) => at > now - day)] as const,
  )
  return Object.fromEntries(live.filter(([, entries]) => entries.length > 0))
}

/** An engine whose clock is behind counts on for the day that has begun elsewhere. */
function isToday(ledger: Ledger, now: number): boolean {
  return ledger.day >= dayOf(now)
}

function today(ledger: Ledger, now: number): Ledger {
  if (isToday(ledger, now)) return ledger
  return { ...ledger, day: dayOf(now), transactions: {}, overhead: {}, tokenAccounts: 0 }
}

function changed(amounts: Ledger['overhead'], place: string, by: bigint): Ledger['overhead'] {
  const amount = BigInt(amounts[place] ?? '0') + by
  return { ...amounts, [place]: String(amount > 0n ? amount : 0n) }
}
