import { expect, test } from 'vitest'
import { recent } from './recent.ts'

test('G7: does not grow with the number of names, and stays quick', () => {
  const map = recent<number, number>(1_000)
  const started = performance.now()
  let sizeMax = 0
  for (let name = 0; name < 1_000_000; name++) {
    map.set(name, name)
    sizeMax = Math.max(sizeMax, map.size)
  }
  expect(sizeMax).toBe(1_000)
  expect(performance.now() - started).toBeLessThan(3_000)
})

test('keeps what is in use, and forgets what is not', () => {
  const map = recent<string, number>(1_000)
  map.set('used', 1)
  map.set('idle', 2)
  for (let name = 0; name < 10_000; name++) {
    map.set(String(name), name)
    expect(map.get('used')).toBe(1)
  }
  expect(map.get('idle')).toBeUndefined()
})
