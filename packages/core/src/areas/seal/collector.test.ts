import { memoryStorage, nobleCrypto, seededRandom, systemRandom } from '@pawl/core/ports/reference'
import * as fc from 'fast-check'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { parseRootShare, type RootShare, shareText, splitRoot } from '../../crypto/root-shares.ts'
import { minute } from '../../kernel/time.ts'
import { Collector } from './collector.ts'
import { openCeremony } from './index.ts'
import { setOf, shareSets } from './share-sets.ts'

// Goal: true shares add up, and whatever else anybody sends changes nothing. Method: histories of shares of all kinds,
// against a count of the different true ones.

const crypto = nobleCrypto
const root = new Uint8Array(32).fill(9)

function someSet({ shares = 5, threshold = 3, seed = 'set' } = {}) {
  const made = splitRoot(root, shares, threshold, seededRandom(seed))
  return { made, set: setOf(made, 0, crypto), texts: made.map((share) => shareText(share, crypto)) }
}

function attempt(collector: Collector, text: string, sets: Parameters<Collector['offer']>[1], now = 1) {
  try {
    return collector.offer(text, sets, now)
  } catch (error) {
    return (error as { data: { reason: string } }).data.reason
  }
}

/** A share of this very set and number, with its check sum right, that nobody ever gave out. */
function madeUp(share: RootShare): string {
  return shareText({ ...share, data: systemRandom.bytes(32) }, crypto)
}

afterEach(() => void vi.useRealTimers())

describe('collecting shares', () => {
  it('D16: adds up the different true ones, whatever else is sent in between', () => {
    const { made, set, texts } = someSet()
    const other = someSet({ seed: 'other' })
    const sent = fc.oneof(
      fc.nat({ max: 4 }).map((at) => ({ text: texts[at] ?? '', at })),
      fc.nat({ max: 4 }).map((at) => ({ text: madeUp(made[at] as RootShare), at: null })),
      fc.nat({ max: 4 }).map((at) => ({ text: other.texts[at] ?? '', at: null })),
      fc.constant({ text: (texts[0] ?? '').slice(0, -1), at: null }),
      fc.string().map((text) => ({ text, at: null })),
    )
    fc.assert(
      fc.property(fc.array(sent, { maxLength: 30 }), (history) => {
        const collector = new Collector(crypto)
        let seen = new Set<number>()
        for (const { text, at } of history) {
          const result = attempt(collector, text, [set])
          if (at === null) expect(result).toMatch(/not_a_share|mistyped|foreign/)
          else if (seen.has(at)) expect(result).toBe('repeated')
          else seen.add(at)
          const isDone = typeof result === 'object' && result.root !== null
          expect(isDone).toBe(seen.size === 3)
          if (isDone) expect(result.root).toEqual(root)
          if (isDone) seen = new Set()
          expect(collector.progress(1)).toBe(seen.size)
        }
        collector.wipe()
      }),
    )
  })

  it('takes the shares of the next set beside those of the current one, and never joins the two', () => {
    const [current, next] = [someSet(), someSet({ seed: 'next', threshold: 2 })]
    const collector = new Collector(crypto)
    const offer = (text = '') => collector.offer(text, [current.set, next.set], 1)
    expect(offer(current.texts[0]).root).toBe(null)
    expect(offer(next.texts[1]).root).toBe(null)
    expect(offer(current.texts[1]).root).toBe(null)
    expect(collector.progress(1)).toBe(2)
    expect(offer(next.texts[0])).toMatchObject({ root, set: { id: next.set.id }, indexes: [2, 1] })
    expect(offer(current.texts[4]).root).toEqual(root)
    collector.wipe()
  })

  it('forgets all after ten minutes without a share, asked or not, and not before', () => {
    const { set, texts } = someSet()
    const collector = new Collector(crypto)
    collector.offer(texts[0] ?? '', [set], 0)
    collector.offer(texts[1] ?? '', [set], 9 * minute)
    expect(collector.progress(18 * minute)).toBe(2)
    expect(collector.progress(19 * minute)).toBe(0)
    vi.useFakeTimers()
    collector.offer(texts[0] ?? '', [set], 0)
    vi.advanceTimersByTime(10 * minute - 1)
    expect(collector.progress(1)).toBe(1)
    vi.advanceTimersByTime(1)
    expect(collector.progress(1)).toBe(0)
  })

  it('says that there are no shares where there are none', () => {
    expect(attempt(new Collector(crypto), someSet().texts[0] ?? '', [])).toBe('no_shares')
  })
})

describe('a ceremony', () => {
  it('takes the old shares and the new until it is settled, and then the new alone', async () => {
    const storage = memoryStorage()
    const ceremony = openCeremony({ storage })
    expect(await ceremony.shape()).toBe(null)
    const first = await ceremony.prepare(root, 3, 2)
    await ceremony.settle(first.set)
    expect(await ceremony.shape()).toEqual({ set: first.set, shares: 3, threshold: 2 })
    const second = await ceremony.prepare(root, 5, 3)
    expect((await shareSets(storage)).map(({ id }) => id)).toEqual([first.set, second.set])
    expect(await ceremony.shape()).toEqual({ set: first.set, shares: 3, threshold: 2 })
    expect((await ceremony.offer(first.texts[0] ?? '')).root).toBe(null)
    expect((await ceremony.offer(first.texts[2] ?? '')).root).toEqual(root)
    await ceremony.settle(second.set)
    await expect(ceremony.offer(first.texts[0] ?? '')).rejects.toMatchObject({ code: 'share_refused' })
    await ceremony.settle(null)
    expect(await ceremony.shape()).toBe(null)
    expect(await storage.get([{ kind: 'rootShares', id: 'main' }])).toEqual([null])
  })

  it('that was cut off before the root was changed is simply begun again', async () => {
    const storage = memoryStorage()
    const ceremony = openCeremony({ storage })
    const { set } = await ceremony.prepare(root, 3, 2)
    await ceremony.settle(set)
    await ceremony.prepare(root, 4, 3)
    const again = await ceremony.prepare(root, 5, 3)
    expect((await shareSets(storage)).map(({ id }) => id)).toEqual([set, again.set])
  })

  it('leaves nothing in the store that gives any share away', async () => {
    const storage = memoryStorage()
    const { texts } = await openCeremony({ storage }).prepare(root, 3, 2)
    const [stored] = await storage.get([{ kind: 'rootShares', id: 'main' }])
    const image = Buffer.from(stored?.body ?? []).toString()
    for (const text of texts) {
      const share = parseRootShare(text, crypto) as RootShare
      expect(image).not.toContain(Buffer.from(share.data).toString('hex'))
      expect(image).not.toContain(text.slice(13))
    }
  })
})
