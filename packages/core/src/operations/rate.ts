import { minute, second } from '../kernel/time.ts'
import { rateLimited } from './errors.ts'

/**
 * Takes one of so many turns that a minute has: answers the times to keep in the record that counts them, so that
 * engines on one store count together and races are seen.
 *
 * @example
 * unit.put(rateKind, { id: 'main', times: takeTurn(rate?.times ?? [], 10, now) })
 */
export function takeTurn(times: readonly number[], perMinuteMax: number, now: number): number[] {
  const recent = times.filter((time) => time > now - minute)
  const [oldest = now] = recent
  if (recent.length >= perMinuteMax) {
    throw rateLimited({ retryAfterSeconds: Math.ceil((oldest + minute - now) / second) })
  }
  return [...recent, now]
}
