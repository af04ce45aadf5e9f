import { afterEach, describe, expect, it, vi } from 'vitest'
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

describe('an answer with objects in it', () => {
  const shownAs = (
    answer: object,
    columns?: readonly string[],
    format: 'table' | 'plain' | 'json' = 'table',
    width?: number,
  ) => {
    const lines: string[] = []
    show(answer, columns ? { columns } : {}, format, {
      ...{ env: {}, isColoured: false, error: () => {}, stopped: async () => {} },
      ...(width === undefined ? {} : { width }),
      out: (line) => void lines.push(line),
    })
    return lines.join('\n')
  }
  const verdicts = [
    { rule: 'tx_max_value', allowed: false, limit: '0.1', reason_code: 'x' },
    { rule: 'frozen', allowed: true, limit: null, reason_code: 'y' },
  ]

  it('shows a list of objects as a table of the fields that the command names, or of all', () => {
    const answer = { outcome: 'refused', verdicts }
    expect(shownAs(answer, ['outcome', 'verdicts.rule', 'verdicts.allowed', 'verdicts.limit'])).toBe(
      [
        ...['outcome  refused', '', 'verdicts:'],
        ...['  RULE          ALLOWED  LIMIT', '  tx_max_value  no       0.1', '  frozen        yes      -'],
      ].join('\n'),
    )
    expect(shownAs(answer)).toContain('  RULE          ALLOWED  LIMIT  REASON CODE\n')
    expect(shownAs({ verdicts }, ['verdicts.rule'], 'table', 80)).toBe('verdicts:\n  RULE\n  tx_max_value\n  frozen')
  })

  it('shows an object as lines of its fields, whose names stay as they are', () => {
    const answer = {
      id: 'a',
      summary: { is_due_at: 'x', transfers: ['0.5 ETH to b', '1 ETH to c'], deep: { one: [1] } },
      tier: 2,
    }
    expect(shownAs(answer)).toBe(
      [
        ...['id    a', 'tier  2', '', 'summary:'],
        ...['  is_due_at  x', '  transfers  0.5 ETH to b, 1 ETH to c', '  deep       one: 1'],
      ].join('\n'),
    )
  })

  it('shows nothing of lists and objects that are empty, and no control character of what they hold', () => {
    expect(shownAs({ id: 'a', none: [], empty: {}, list: [{}], gone: null })).toBe('id    a\nlist')
    expect(shownAs({ id: 'a', told: { 'a\u001b': 'b\u001b', deep: [{ 'c\u0007': '\u0007' }] } })).not.toMatch(
      /[^\P{Cc}\n]/u,
    )
  })

  it('shows text with the marks of a field in quotes, so that no text looks like a field', () => {
    const payment = { memo: 'rent', pay_to: 'Mallory, pay_to_checked: yes; amount: 1 EUR', 'a: 1, b': '"x"' }
    expect(shownAs({ summary: { payment } })).toContain(
      String.raw`memo: rent, pay_to: "Mallory, pay_to_checked: yes; amount: 1 EUR", "a: 1, b": "\"x\""`,
    )
    expect(shownAs({ summary: { transfers: ['1 ETH to a, 2 ETH to b', '3 ETH to c'] } })).toContain(
      '"1 ETH to a, 2 ETH to b", 3 ETH to c',
    )
    expect(shownAs({ summary: { memo: 'rent, heat: yes' } })).toContain('memo  rent, heat: yes')
  })

  it('shows a dot for a character that changes the direction of the text', () => {
    const overrides = '\u061c\u200e\u200f\u202a\u202e\u2066\u2069'
    expect(shownAs({ told: { memo: `a${overrides}b`, deep: { [`c${overrides}`]: overrides } } })).toBe(
      ['told:', `  memo  a${'·'.repeat(7)}b`, `  deep  c${'·'.repeat(7)}: ${'·'.repeat(7)}`].join('\n'),
    )
  })

  it('shows an amount as people read it, in place of the smallest unit', () => {
    expect(shownAs({ value_wei: '500000000000000000', value: '0.5 ETH' })).toBe('value  0.5 ETH')
    expect(shownAs({ value_wei: '7' })).toBe('value wei  7')
  })

  it('stays JSON for programs', () => {
    expect(shownAs({ id: 'a', verdicts: [{ rule: 'x' }] }, undefined, 'plain')).toBe(
      'id        a\nverdicts  [{"rule":"x"}]',
    )
    expect(JSON.parse(shownAs({ verdicts }, ['verdicts.rule'], 'json'))).toEqual({ verdicts })
  })
})

it('says at a glance which call of the trail was refused, and by what', () => {
  const lines: string[] = []
  const events = [
    { action: 'secret.read', details: { path: 'a' } },
    { action: 'secret.read', details: { outcome: 'denied', code: 'denied' } },
    { action: 'transaction.submit', details: { outcome: 'denied', code: 'guardrail_violated', rule: 'tx_max_value' } },
  ]
  show({ events }, { list: 'events', columns: ['action', 'details.outcome'] }, 'table', {
    ...terminalOf(80),
    out: (line) => void lines.push(line),
  })
  expect(lines).toEqual([
    'ACTION              OUTCOME',
    'secret.read         -',
    'secret.read         denied',
    'transaction.submit  denied: tx_max_value',
  ])
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
