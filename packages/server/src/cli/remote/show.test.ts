import { afterEach, expect, it, vi } from 'vitest'
import type { Terminal } from '../terminal.ts'
import { show } from './show.ts'
import { table } from './table.ts'

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

it('gives each field of an answer a label of its own, and shows a limit once', () => {
  const lines: string[] = []
  const answer = { frozen: true, frozen_at: '2026-05-29T00:00:00Z', tx_daily_limit: '5', tx_daily_limit_eth: '5' }
  show(answer, {}, 'table', {
    ...{ env: {}, isColoured: false, error: () => {}, stopped: async () => {} },
    out: (line) => void lines.push(line),
  })
  expect(lines).toEqual(['frozen          yes', 'frozen at       2026-05-29T00:00:00Z', 'tx daily limit  5'])
})

const terminalOf = (width: number): Terminal => ({
  env: {},
  isColoured: false,
  width,
  out: () => {},
  error: () => {},
  stopped: async () => {},
})
const id = '594f83b9-5239-475e-b802-a77e2634c85a'

it('aligns names in scripts whose letters take two columns', () => {
  const rows = ['plain', '東京', 'e\u0301te\u0301', '🔑 keys'].map((name) => [name, 'x'])
  const lines = table(['name', 'mark'], rows, terminalOf(80))
  expect(lines).toEqual(['NAME     MARK', 'plain    x', '東京     x', 'e\u0301te\u0301      x', '🔑 keys  x'])
})

it('shortens the ids of others where a table is too wide, and then shows each row in lines, with nothing cut', () => {
  const titles = ['name', 'id', 'actor id']
  expect(table(titles, [['bot', id, id]], terminalOf(120))[1]).toBe(`bot   ${id}  ${id}`)
  expect(table(titles, [['bot', id, id]], terminalOf(60))[1]).toBe(`bot   ${id}  594f83b9…`)
  expect(table(titles, [['bot', id, id]], terminalOf(50))).toEqual([
    'name      bot',
    `id        ${id}`,
    `actor id  ${id}`,
  ])
})
