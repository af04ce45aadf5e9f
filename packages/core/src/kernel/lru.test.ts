import fc from 'fast-check'
import { expect, it } from 'vitest'
import { Lru } from './lru.ts'

it('never holds more than its limit, and always what was used last', () => {
  fc.assert(
    fc.property(fc.integer({ min: 2, max: 20 }), fc.array(fc.nat(40), { maxLength: 200 }), (max, keys) => {
      const lru = new Lru<number, string>({ max })
      for (const [at, key] of keys.entries()) {
        if (lru.get(key) === undefined) lru.set(key, `v${key}`)
        expect(lru.size).toBeLessThanOrEqual(max)
        const recent = keys.slice(Math.max(0, at - Math.floor(max / 2) + 1), at + 1)
        for (const one of recent) expect(lru.get(one)).toBe(`v${one}`)
      }
    }),
  )
})

it('does not take an entry that alone is too heavy, and forgets what it replaces', () => {
  const lru = new Lru<string, string>({ max: 10, weigh: (value) => value.length })
  lru.set('a', 'xx')
  lru.set('a', 'xxxxxxxxxxxx')
  expect(lru.get('a')).toBeUndefined()
})

it('forgets what it is told to, in either generation', () => {
  const lru = new Lru<number, string>({ max: 4 })
  for (const key of [1, 2, 3]) lru.set(key, 'v')
  for (const key of [1, 3]) lru.delete(key)
  expect([1, 2, 3].map((key) => lru.get(key))).toEqual([undefined, 'v', undefined])
  lru.clear()
  expect(lru.size).toBe(0)
})

it('tells of each entry that makes room, once, and of none that it still has', () => {
  const dropped: string[] = []
  const lru = new Lru<number, string>({ max: 4, dropped: (value) => void dropped.push(value) })
  for (const key of [1, 2, 3]) lru.set(key, `v${key}`)
  expect(lru.get(1)).toBe('v1')
  expect(dropped).toEqual([])
  for (const key of [4, 5]) lru.set(key, `v${key}`)
  expect(dropped).toEqual(['v2'])
})
