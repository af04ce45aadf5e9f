import { describe, expect, test } from 'vitest'
import { compiledOnce } from './compiled-once.ts'
import type { DecisionRequest } from './decide.ts'
import type { Policy } from './policy.ts'

// Goal: policies are compiled once, and a decision never rests on policies that are not those that were read.

function policy(given: Partial<Policy> = {}): Policy {
  return {
    id: 'policy',
    vaultId: 'vault',
    pattern: '**',
    principal: { kind: 'agent', id: 'ada' },
    permissions: ['read'],
    effect: 'allow',
    priority: 0,
    conditions: {},
    expiresAt: null,
    createdBy: { kind: 'user', id: 'owner' },
    createdAt: 0,
    ...given,
  }
}

const asked: DecisionRequest = {
  path: 'a',
  permission: 'read',
  principal: { kind: 'agent', id: 'ada' },
  now: 0,
  ip: null,
  environment: null,
  role: null,
  authMethod: null,
}

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
    expect(after.decide(asked).policy).toBe(list.find(({ effect }) => effect === 'deny') ?? list[0] ?? null)
  })
})
