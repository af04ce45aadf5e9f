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

it('forgets what it is told to, in either generation', () => {
  const lru = new Lru<number, string>({ max: 4 })
  for (const key of [1, 2, 3]) lru.set(key, 'v')
  for (const key of [1, 3]) lru.delete(key)
  expect([1, 2, 3].map((key) => lru.get(key))).toEqual([undefined, 'v', undefined])
  lru.clear()
  expect(lru.size).toBe(0)
})
