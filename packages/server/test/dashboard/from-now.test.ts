import { expect, it } from 'vitest'
import { fromNow } from '../../dashboard/components/from-now.ts'

const now = Date.parse('2026-01-01T00:00:00Z')
const after = (seconds: number) => fromNow(new Date(now + seconds * 1000).toISOString(), now)

it('says the nearest whole number of the largest unit', () => {
  expect(after(7 * 86_400 - 5)).toBe('in 7 days')
  expect(after(3_595)).toBe('in 1 hour')
  expect(after(-90 * 60)).toBe('1 hour ago')
  expect(after(-100 * 60)).toBe('2 hours ago')
  expect(after(-30)).toBe('just now')
  expect(after(30)).toBe('in a moment')
})
