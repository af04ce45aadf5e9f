import { frame, hex, utf8 } from '../kernel/bytes.ts'
import { second } from '../kernel/time.ts'
import { kind } from '../records/index.ts'
import type { Context } from './engine.ts'
import { rateLimited } from './errors.ts'
import type { QuotaLimit } from './limits.ts'
import type { AnyOperation } from './operation.ts'
import type { Quota, Window } from './rates.ts'
import { sweepTask } from './sweep.ts'

// The engine counts a call in the commit of the call. The count is shared by all engines on one store. So parallel calls get
// no more through than sequential calls.

/** The times of the latest calls that count for one key. */
interface Counted {
  readonly id: string
  readonly quota: string
  readonly key: string
  readonly times: readonly number[]
  /** From then on no window contains a time. */
  readonly endsAt: number
}

/** Global, because most keys belong to no organisation. An unknown e-mail address counts like a known one. */
export const quotaKind = kind<Counted>('quota', {
  scope: 'global',
  indexes: {
    ends: { key: ({ endsAt }) => [endsAt] },
    key: { unique: true, blind: true, key: ({ quota, key }) => [quota, key] },
  },
})

export const quotasTask = sweepTask('quotas.sweep', quotaKind)

/** The counts of the quotas that the operation declares, with this call. Throws `rate_limited` if one has no room. */
export function countsFor<I>(context: Context, { limits = [] }: Pick<AnyOperation, 'limits'>, input: I): Counted[] {
  if (!context.settings.rateLimits) return []
  return limits.flatMap((limit) => {
    const key = 'quota' in limit ? keyOf(limit, context, input) : null
    return 'quota' in limit && key !== null ? [withCall(context, limit.quota, key)] : []
  })
}

/** Stages the counts of a call that has succeeded. */
export function stageCounts({ unit }: Context, counts: readonly Counted[]): void {
  for (const count of counts) unit.put(quotaKind, count)
}

/** Counts one call, or throws `rate_limited`. For numbers that are known only to the handler. */
export function countCall(context: Context, quota: Quota, key: string): void {
  stageCounts(context, [withCall(context, quota, key)])
}

function withCall({ unit, now, newId }: Context, { name, windows }: Quota, key: string): Counted {
  const known = unit.find(quotaKind, 'key', name, key)
  const times = withOneMore(known?.times ?? [], windows, now)
  return { id: known?.id ?? newId(), quota: name, key, times, endsAt: now + longest(windows) }
}

function withOneMore(times: readonly number[], windows: readonly Window[], now: number): number[] {
  const waitMs = Math.max(...windows.map((window) => waitOf(times, window, now)))
  if (waitMs > 0) throw rateLimited({ retryAfterSeconds: Math.ceil(waitMs / second) })
  return [...times.filter((time) => time > now - longest(windows)), now]
}

/** How long until one more call fits. */
function waitOf(times: readonly number[], { max, periodMs }: Window, now: number): number {
  const recent = times.filter((time) => time > now - periodMs)
  return recent.length < max ? 0 : (recent.at(-max) ?? now) + periodMs - now
}

function longest(windows: readonly Window[]): number {
  return Math.max(...windows.map(({ periodMs }) => periodMs))
}

function keyOf<I>(limit: QuotaLimit<I>, context: Context, input: I): string | null {
  const { caller } = context
  if (limit.per === 'value') {
    const value = limit.of(input)
    return value === null ? null : placeOf(context, value)
  }
  if (caller.kind === 'anonymous') throw new TypeError('a public operation has a quota per value')
  return limit.per === 'org' ? caller.org : `${caller.kind} ${caller.id}`
}

/** Callers choose the values. They share 2^20 records, so that invented values fill no storage (G7). */
function placeOf({ crypto }: Context, value: string): string {
  return hex(crypto.sha256(frame(utf8(value)))).slice(0, 5)
}
