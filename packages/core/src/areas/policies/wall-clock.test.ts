import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { tries } from '../../../../../tools/test-run/index.ts'
import { wallClock } from './wall-clock.ts'

// Goal: a clock shows what a clock on the wall of that place shows, also around the changes of summer time. Method: known
// changes, and the runtime's own UTC fields.

function shown(zone: string, at: string): string {
  const clock = wallClock(zone)
  if (!clock) throw new Error(`no zone ${zone}`)
  const { month, dayOfMonth, dayOfWeek, hour, minute, second } = clock(Date.parse(at))
  return `${month}-${dayOfMonth} ${hour}:${minute}:${second} day ${dayOfWeek}`
}

describe('a wall clock', () => {
  test.each([
    ['UTC', '2026-11-21T00:00:05Z', '11-21 0:0:5 day 6'],
    ['Europe/Vienna', '2026-03-29T00:59:59.999Z', '3-29 1:59:59 day 0'],
    ['Europe/Vienna', '2026-03-29T01:00:00Z', '3-29 3:0:0 day 0'],
    ['Europe/Vienna', '2026-10-25T00:59:59Z', '10-25 2:59:59 day 0'],
    ['Europe/Vienna', '2026-10-25T01:00:00Z', '10-25 2:0:0 day 0'],
    ['Asia/Kolkata', '2026-01-01T20:00:00Z', '1-2 1:30:0 day 5'],
    ['Asia/Kathmandu', '2026-01-01T00:00:00Z', '1-1 5:45:0 day 4'],
    ['Australia/Lord_Howe', '2026-04-04T14:59:00Z', '4-5 1:59:0 day 0'],
    ['Australia/Lord_Howe', '2026-04-04T15:00:00Z', '4-5 1:30:0 day 0'],
    ['America/New_York', '2027-01-01T04:59:59Z', '12-31 23:59:59 day 4'],
    ['Pacific/Kiritimati', '2026-12-31T10:00:00Z', '1-1 0:0:0 day 5'],
  ])('of %s at %s shows %s', (zone, at, expected) => {
    expect(shown(zone, at)).toBe(expected)
  })

  test('of UTC shows what the runtime shows, also when time goes back', () => {
    const clock = wallClock('UTC')
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: Date.parse('2199-01-01') }),
        fc.integer({ min: -90_000, max: 90_000 }),
        (now, step) => {
          for (const at of [now, now, Math.max(0, now + step)]) {
            const date = new Date(at)
            expect(clock?.(at)).toEqual({
              month: date.getUTCMonth() + 1,
              dayOfMonth: date.getUTCDate(),
              dayOfWeek: date.getUTCDay(),
              hour: date.getUTCHours(),
              minute: date.getUTCMinutes(),
              second: date.getUTCSeconds(),
            })
          }
        },
      ),
      { numRuns: tries(3_000, 4) },
    )
  })

  test('needs the name of a zone', () => {
    for (const zone of ['', 'Mars/Olympus', '+02:00', 'UTC ', 'Europe/Vienna\u0000', '../etc/passwd', 'x'.repeat(65)]) {
      expect(wallClock(zone), zone).toBeNull()
    }
  })
})
