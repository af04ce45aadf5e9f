import { afterEach, expect, it, vi } from 'vitest'
import type { Terminal } from '../terminal.ts'
import { show } from './show.ts'

afterEach(() => vi.useRealTimers())

function shownAt(now: string, ends_at: string, width?: number): string {
  vi.useFakeTimers({ now: new Date(now) })
  const lines: string[] = []
  const terminal: Terminal = {
    env: {},
    isColoured: false,
    ...(width === undefined ? {} : { width }),
    out: (line) => void lines.push(line),
    error: () => {},
    stopped: async () => {},
  }
  show({ ends_at }, { columns: ['ends_at'] }, 'table', terminal)
  return lines.join('\n')
}

it.each([
  ['2026-06-01T00:00:00Z', 'just now'],
  ['2026-05-31T23:59:01Z', 'just now'],
  ['2026-05-31T23:59:00Z', '1 minute ago'],
  ['2026-05-31T22:00:01Z', '1 hour ago'],
  ['2026-05-29T00:00:00Z', '3 days ago'],
  ['2025-05-01T00:00:00Z', '1 year ago'],
  ['2026-06-01T02:59:59Z', 'in 2 hours'],
  ['2026-06-02T00:00:00Z', 'in 1 day'],
  ['2026-08-01T00:00:00Z', 'in 2 months'],
])('shows %s on a terminal as %s', (time, shown) => {
  expect(shownAt('2026-06-01T00:00:00Z', time, 80)).toBe(`ends  ${shown}`)
})

it('shows a time as it is where no one reads along', () => {
  expect(shownAt('2026-06-01T00:00:00Z', '2026-05-29T00:00:00Z')).toBe('ends  2026-05-29T00:00:00Z')
})
