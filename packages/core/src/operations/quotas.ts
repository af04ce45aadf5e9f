import { frame, hex, utf8 } from '../kernel/bytes.ts'
import { second } from '../kernel/time.ts'
import { kind } from '../records/index.ts'
import type { Context } from './engine.ts'
import { rateLimited } from './errors.ts'
import type { QuotaLimit } from './limits.ts'
import type { AnyOperation } from './operation.ts'
import type { Quota, Window } from './rates.ts'
import { sweepTask } from './sweep.ts'

// Calls are counted in the commit that they make, over all engines on one store. So of many calls at once no more succeed
// than of calls one after the other.

/** The times of the latest calls that count for one key. */
interface Counted {
  readonly id: string
  readonly quota: string
  readonly key: string
  readonly times: readonly number[]
  /** From then on no window contains a time. */
  readonly endsAt: number
}

/** Global, because most keys belong to no organisation: an address that nobody has costs as much as any other. */
export const quotaKind = kind<Counted>('quota', {
  scope: 'global',
  indexes: {
    ends: { key: ({ endsAt }) => [endsAt] },
    key: { unique: true, blind: true, key: ({ quota, key }) => [quota, key] },
  },
  history: ['key'],
})

export const quotasTask = sweepTask('quotas.sweep', quotaKind)

/** Counts the call for each quota that the operation declares, or throws `rate_limited`. */
export function countForQuotas<I>(context: Context, { limits = [] }: Pick<AnyOperation, 'limits'>, input: I): void {
  if (!context.settings.rateLimits) return
  for (const limit of limits) {
    if (!('quota' in limit)) continue
    const key = keyOf(limit, context, input)
    if (key !== null) countCall(context, limit.quota, key)
  }
}

/** Counts one call, or throws `rate_limited`. For numbers that are known only to the handler. */
export function countCall({ unit, now, newId }: Context, { name, windows }: Quota, key: string): void {
  const known = unit.find(quotaKind, 'key', name, key)
  const times = withOneMore(known?.times ?? [], windows, now)
  unit.put(quotaKind, { id: known?.id ?? newId(), quota: name, key, times, endsAt: now + longest(windows) })
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
