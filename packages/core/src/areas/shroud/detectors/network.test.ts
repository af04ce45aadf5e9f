import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { outsideOf } from './network.ts'

// Goal: the detector finds hosts outside of URLs in a time that is linear in the number of hosts and URLs. Method: ranges that count
// their reads.

const range = (start: number, length: number) => ({ start, end: start + length })

describe('the hosts outside of URLs', () => {
  it('are those that no URL contains', () => {
    const ranges = fc.array(
      fc.tuple(fc.nat(60), fc.integer({ min: 1, max: 20 })).map(([at, length]) => range(at, length)),
    )
    fc.assert(
      fc.property(ranges, ranges, (given, hosts) => {
        const urls = given.toSorted((a, b) => a.start - b.start)
        const outside = hosts.filter(({ start, end }) => !urls.some((url) => url.start <= start && end <= url.end))
        expect(outsideOf(urls, hosts)).toEqual(outside.toSorted((a, b) => a.start - b.start))
      }),
    )
  })

  it('are found with few steps for each URL and each host', () => {
    const count = 10_000
    let reads = 0
    const counted = (start: number, end: number) => ({
      get start() {
        reads++
        return start
      },
      get end() {
        reads++
        return end
      },
    })
    const urls = Array.from({ length: count }, (_, at) => counted(at * 10, at * 10 + 3))
    const hosts = Array.from({ length: count }, (_, at) => counted(at * 10 + 5, at * 10 + 8))
    expect(outsideOf(urls, hosts)).toHaveLength(count)
    expect(reads / count).toBeLessThan(10)
  })
})
