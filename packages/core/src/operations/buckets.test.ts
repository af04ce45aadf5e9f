import { describe, expect, test } from 'vitest'
import { parseAddress } from '../kernel/ip.ts'
import { clientOf, tokenBuckets } from './buckets.ts'
import { rateLimited } from './errors.ts'
import { type Rate, rates } from './rates.ts'

const address = (text: string) => parseAddress(text)

function rateLimit(rate: Rate) {
  const buckets = tokenBuckets(rate)
  return (from: ReturnType<typeof address>, now: number) => buckets.take(clientOf(from), now)
}

function allowed(take: () => void): boolean {
  try {
    take()
    return true
  } catch (error) {
    if (rateLimited.is(error)) return false
    throw error
  }
}

function howMany(limit: ReturnType<typeof rateLimit>, text: string, now: number, tries: number): number {
  return Array.from({ length: tries }, () => allowed(() => limit(address(text), now))).filter(Boolean).length
}

describe('a rate', () => {
  test('lets a burst through and then as many as come back (§2.3)', () => {
    const limit = rateLimit(rates.requests)
    expect(howMany(limit, '203.0.113.7', 0, 300)).toBe(200)
    expect(howMany(limit, '203.0.113.7', 500, 300)).toBe(50)
    expect(howMany(limit, '203.0.113.7', 60_000, 300)).toBe(200)
  })

  test('of credentials is 5 at once and one a second (§2.3)', () => {
    const limit = rateLimit(rates.failures)
    expect(howMany(limit, '203.0.113.7', 0, 20)).toBe(5)
    expect(howMany(limit, '203.0.113.7', 999, 20)).toBe(0)
    expect(howMany(limit, '203.0.113.7', 1_000, 20)).toBe(1)
  })

  test('says in whole seconds when to come back', () => {
    const limit = rateLimit({ perSecond: 0.1, burst: 1 })
    limit(address('203.0.113.7'), 0)
    expect(() => limit(address('203.0.113.7'), 2_500)).toThrow('Try again in 8 s')
  })

  test('is kept for each address by itself', () => {
    const limit = rateLimit({ perSecond: 1, burst: 1 })
    for (const text of ['203.0.113.7', '203.0.113.8', '2001:db8::1']) expect(howMany(limit, text, 0, 2), text).toBe(1)
  })

  test('is one for all addresses of an IPv6 network, which one host can have', () => {
    const limit = rateLimit({ perSecond: 1, burst: 1 })
    expect(howMany(limit, '2001:db8:1:1::1', 0, 1)).toBe(1)
    expect(howMany(limit, '2001:db8:1:1:ffff::9', 0, 1)).toBe(0)
    expect(howMany(limit, '2001:db8:1:2::1', 0, 1)).toBe(1)
  })

  test('holds for requests without an address too', () => {
    const limit = rateLimit({ perSecond: 1, burst: 2 })
    expect([0, 0, 0].filter((now) => allowed(() => limit(null, now)))).toHaveLength(2)
  })

  test('a clock that is set back refills nothing', () => {
    const limit = rateLimit({ perSecond: 1, burst: 1 })
    expect(howMany(limit, '203.0.113.7', 10_000, 1)).toBe(1)
    expect(howMany(limit, '203.0.113.7', 0, 1)).toBe(0)
    expect(howMany(limit, '203.0.113.7', 1_000, 1)).toBe(1)
  })

  test('G7: takes no longer when a million addresses came before: if it did, this would not end', () => {
    const limit = rateLimit(rates.failures)
    for (let word = 0; word < 1_000_000; word++) limit({ version: 6, words: [word, 7, 0, 1] }, word)
    expect(howMany(limit, '203.0.113.7', 1_000_000, 1)).toBe(1)
  })
})
