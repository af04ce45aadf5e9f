import { describe, expect, it } from 'vitest'
import { Budget, Cache } from './budget.ts'

const bytesOf = (text: string) => text.length

describe('caches that share a budget', () => {
  it('never weigh more than it, and drop first what was not used, in whichever of them', () => {
    const budget = new Budget(1_000)
    const dropped: string[] = []
    const keys = new Cache<string, string>(budget, { weigh: bytesOf, dropped: (value) => dropped.push(value) })
    const tokens = new Cache<number, string>(budget, { weigh: bytesOf })
    keys.set('used', 'u'.repeat(100))
    keys.set('unused', 'n'.repeat(100))
    for (let at = 0; at < 200; at++) {
      tokens.set(at, 't'.repeat(50))
      keys.get('used')
      expect(budget.bytes).toBeLessThanOrEqual(1_000)
    }
    expect(keys.get('used')).toBeDefined()
    expect(keys.get('unused')).toBeUndefined()
    expect(dropped).toEqual(['n'.repeat(100)])
    expect(tokens.get(0)).toBeUndefined()
    expect(tokens.get(199)).toBeDefined()
  })

  it('tell of a value that another takes the place of, and of one that is too large to be kept', () => {
    const budget = new Budget(1_000)
    const dropped: string[] = []
    const cache = new Cache<string, string>(budget, { weigh: bytesOf, dropped: (value) => dropped.push(value) })
    cache.set('key', 'one')
    cache.set('key', 'two')
    cache.set('large', 'x'.repeat(251))
    expect(dropped).toEqual(['one', 'x'.repeat(251)])
    expect([...cache.values()]).toEqual(['two'])
    expect(budget.bytes).toBe(3)
  })

  it('are empty once everything is forgotten', () => {
    const budget = new Budget(1_000)
    const dropped: string[] = []
    const cache = new Cache<string, string>(budget, { weigh: bytesOf, dropped: (value) => dropped.push(value) })
    cache.set('a', 'one')
    cache.set('b', 'two')
    budget.clear()
    expect([cache.get('a'), cache.get('b'), budget.bytes]).toEqual([undefined, undefined, 0])
    expect(dropped).toEqual(['one', 'two'])
  })
})
