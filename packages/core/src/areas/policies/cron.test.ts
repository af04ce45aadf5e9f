import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { tries } from '../../../../../tools/test-run/index.ts'
import { parseCron } from './cron.ts'
import type { WallTime } from './wall-clock.ts'

// Goal: an expression holds in exactly the seconds it names. Method: examples, and expressions made from the sets of
// numbers they stand for.

/** 2026-03-02, a Monday, at 09:30:15. */
const monday: WallTime = { month: 3, dayOfMonth: 2, dayOfWeek: 1, hour: 9, minute: 30, second: 15 }

function holds(text: string, time: Partial<WallTime> = {}): boolean {
  const cron = parseCron(text)
  if ('problem' in cron) throw new Error(`${text}: ${cron.problem}`)
  return cron.holds({ ...monday, ...time })
}

describe('a cron expression', () => {
  test.each([
    ['* * * * * *', {}, true],
    ['15 30 9 * * *', {}, true],
    ['15 30 9 * * *', { second: 16 }, false],
    ['* * 9-17 * * MON-FRI', {}, true],
    ['* * 9-17 * * mon-fri', { dayOfWeek: 6 }, false],
    ['* * 9-17 * * 1-5', { hour: 17, minute: 59, second: 59 }, true],
    ['* * 9-17 * * 1-5', { hour: 18 }, false],
    ['* */15 * * * *', {}, true],
    ['* */20 * * * *', {}, false],
    ['* 0-40/10,31 * * * *', { minute: 31 }, true],
    ['* 20/10 * * * *', { minute: 50 }, true],
    ['* 20/10 * * * *', { minute: 10 }, false],
    ['* * * 1,2,3 MAR ?', {}, true],
    ['* * * ? JAN-FEB 1', {}, false],
    ['* * * * * 7', { dayOfWeek: 0 }, true],
    ['* * * * * 5-7', { dayOfWeek: 0 }, true],
    ['* * * * * SUN', {}, false],
    ['  * * 9 * * * ', {}, true],
    [`${'* '.repeat(5)}*${' '.repeat(256 - 11)}`, {}, true],
  ])('%s at %j: %s', (text, time, expected) => {
    expect(holds(text, time)).toBe(expected)
  })

  test.each([
    ['* * * * *', 'must have six fields'],
    ['* * * * * * *', 'must have six fields'],
    ['', 'must have six fields'],
    ['@daily', 'must have six fields'],
    ['60 * * * * *', 'ranges or steps as its second'],
    ['* 60 * * * *', 'ranges or steps as its minute'],
    ['* * 24 * * *', 'ranges or steps as its hour'],
    ['* * * 0 * *', 'ranges or steps as its day of month'],
    ['* * * * 13 *', 'ranges or steps as its month'],
    ['* * * * * 8', 'ranges or steps as its day of week'],
    [' '.repeat(257), 'must be at most 256 characters long'],
    ['* * * * FOO-MAR *', 'ranges or steps as its month'],
    ['* * * * JAN-FOO *', 'ranges or steps as its month'],
    ['* * * * FOO *', 'ranges or steps as its month'],
    ['* * 17-9 * * *', 'ranges or steps as its hour'],
    ['*/0 * * * * *', 'ranges or steps as its second'],
    ['*-5 * * * * *', 'ranges or steps as its second'],
    ['1,,2 * * * * *', 'ranges or steps as its second'],
    ['-1 * * * * *', 'ranges or steps as its second'],
    ['1.5 * * * * *', 'ranges or steps as its second'],
    ['٣ * * * * *', 'ranges or steps as its second'],
    ['* ? * * * *', 'ranges or steps as its minute'],
    ['* * * L * *', 'ranges or steps as its day of month'],
    ['* * * 13 * FRI', 'must restrict the day of the month or the day of the week'],
    [`${'1,'.repeat(150)}1 * * * * *`, 'must be at most 256 characters long'],
  ])('is refused with a reason: %s', (text, problem) => {
    const cron = parseCron(text)
    expect('problem' in cron && cron.problem).toContain(problem)
  })

  test('holds exactly when every field has the number of the moment', () => {
    const item = (from: number, to: number) =>
      fc
        .tuple(
          fc.integer({ min: from, max: to }),
          fc.integer({ min: from, max: to }),
          fc.constantFrom(1, 1, 1, 2, 3, 15),
        )
        .map(([a, b, step]) => {
          const [low, high] = [Math.min(a, b), Math.max(a, b)]
          return {
            text: `${low}-${high}/${step}`,
            has: (value: number) => value >= low && value <= high && (value - low) % step === 0,
          }
        })
    const field = (from: number, to: number) =>
      fc.array(item(from, to), { minLength: 1, maxLength: 3 }).map((items) => ({
        text: items.map(({ text }) => text).join(','),
        has: (value: number) => items.some(({ has }) => has(value)),
      }))
    const moment = fc.record({
      second: fc.nat(59),
      minute: fc.nat(59),
      hour: fc.nat(23),
      month: fc.integer({ min: 1, max: 12 }),
    })
    const seen = { true: 0, false: 0 }
    fc.assert(
      fc.property(field(0, 59), field(0, 59), field(0, 23), field(1, 12), moment, (s, m, h, month, time) => {
        const expected = s.has(time.second) && m.has(time.minute) && h.has(time.hour) && month.has(time.month)
        seen[`${expected}`]++
        expect(holds(`${s.text} ${m.text} ${h.text} * ${month.text} ?`, time)).toBe(expected)
      }),
      { numRuns: tries(20_000) },
    )
    expect(seen.true).toBeGreaterThan(tries(100))
    expect(seen.false).toBeGreaterThan(tries(1_000))
  })
})
