import type { Clock } from '../clock.ts'

/** The clock of the machine. */
export const systemClock: Clock = { now: () => Date.now() }

/**
 * A clock that changes only when a test sets it.
 *
 * @example
 * const clock = manualClock('2026-01-01T00:00:00Z')
 * clock.advance(60_000)
 */
export function manualClock(
  start: string | number,
): Clock & { advance(milliseconds: number): void; set(time: string | number): void } {
  const at = (time: string | number) => (typeof time === 'number' ? time : Date.parse(time))
  let now = at(start)
  return {
    now: () => now,
    advance: (milliseconds) => {
      now += milliseconds
    },
    set: (time) => {
      now = at(time)
    },
  }
}
