import { describe, expect, test } from 'vitest'
import { UsageError } from '../terminal.ts'
import { timeOf, valueFrom } from './values.ts'

const now = Date.parse('2026-01-31T12:00:00Z')

describe('a time', () => {
  test.each([
    ['2027-01-31', '2027-01-31T00:00:00Z'],
    ['2027-01-31T12:00:00+02:00', '2027-01-31T12:00:00+02:00'],
    ['12h', '2026-02-01T00:00:00.000Z'],
    ['30d', '2026-03-02T12:00:00.000Z'],
    ['2w', '2026-02-14T12:00:00.000Z'],
    ['1m', '2026-02-28T12:00:00.000Z'],
    ['1y', '2027-01-31T12:00:00.000Z'],
    ['-7d', '2026-01-24T12:00:00.000Z'],
    ['-1m', '2025-12-31T12:00:00.000Z'],
  ])('may be written as %s', (text, time) => expect(timeOf('--expires', text, now)).toBe(time))

  test.each(['', 'tomorrow', '30', 'd', '1.5d', '2027-13-01', '2027-01-31T12:00', '99999999d'])(
    'is not %j, and the text says which flag is meant',
    (text) => expect(() => timeOf('--expires', text, now)).toThrow(/^--expires must be a time/),
  )
})

describe('a value', () => {
  const field = { name: 'it', flag: 'it' }

  test('is what the field takes', () => {
    expect(valueFrom(field, '--it', ['text'], now)).toBe('text')
    expect(valueFrom({ ...field, type: 'number' }, '--it', ['-1.5'], now)).toBe(-1.5)
    expect(valueFrom({ ...field, type: 'boolean' }, '--it', ['false'], now)).toBe(false)
    expect(valueFrom({ ...field, type: 'json' }, '--it', ['{"a":1}'], now)).toEqual({ a: 1 })
    expect(valueFrom({ ...field, type: 'list' }, '--it', ['a, b', 'c'], now)).toEqual(['a', 'b', 'c'])
    expect(valueFrom({ ...field, type: 'list' }, '--it', ['["a,b"]', 'c'], now)).toEqual(['a,b', 'c'])
  })

  test('that is empty clears what can be cleared, and is a text anywhere else', () => {
    for (const type of ['number', 'time', 'list', 'json'] as const) {
      expect(valueFrom({ ...field, type, isClearable: true }, '--it', [''], now)).toBeNull()
    }
    expect(valueFrom(field, '--it', [''], now)).toBe('')
  })

  test('that does not fit is refused without being repeated', () => {
    const refused = [
      [{ ...field, type: 'number' as const }, ['hunter2']],
      [{ ...field, type: 'json' as const }, ['hunter2']],
      [{ ...field, choices: ['a', 'b'] }, ['hunter2']],
      [{ ...field, type: 'list' as const, choices: ['a', 'b'] }, ['a,hunter2']],
      [field, ['hunter2', 'hunter3']],
    ] as const
    for (const [one, given] of refused) {
      const attempt = () => valueFrom(one, '--it', given, now)
      expect(attempt).toThrow(UsageError)
      expect(attempt).toThrow(/^(?!.*hunter)--it /)
    }
  })
})
