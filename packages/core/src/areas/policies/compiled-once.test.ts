import { describe, expect, test } from 'vitest'
import { policy, request } from '../../../test/policies.ts'
import { compiledOnce } from './compiled-once.ts'

// Goal: policies are compiled once, and a decision never rests on policies that are not those that were read.

describe('policies', () => {
  const [first, second, third] = [policy({ id: '1' }), policy({ id: '2' }), policy({ id: '3' })]

  test('are compiled once, in whatever list the same records come', () => {
    expect(compiledOnce([first, second])).toBe(compiledOnce([first, second]))
  })

  test.each([
    ['one more', [first, second, third]],
    ['one less', [first]],
    ['another in the place of one', [first, third]],
    ['a changed one', [first, { ...second, effect: 'deny' as const }]],
    ['another first', [second, first]],
    ['none', []],
  ])('are compiled again with %s', (_, list) => {
    const before = compiledOnce([first, second])
    const after = compiledOnce(list)
    expect(after).not.toBe(before)
    expect(after.decide(request()).policy).toBe(list.find(({ effect }) => effect === 'deny') ?? list[0] ?? null)
  })
})
