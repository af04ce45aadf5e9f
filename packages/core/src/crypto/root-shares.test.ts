import { nobleCrypto, seededRandom, systemRandom } from '@pawl/core/ports/reference'
import * as fc from 'fast-check'
import * as others from 'shamir-secret-sharing'
import { describe, expect, it } from 'vitest'
import { tries } from '../../../../tools/test-run/index.ts'
import vectors from '../../../testkit/src/vectors/shamir-gf256.json' with { type: 'json' }
import { base32, concat } from '../kernel/bytes.ts'
import {
  fingerprint,
  joinRootShares,
  parseRootShare,
  type RootShare,
  sharesMax,
  shareText,
  splitRoot,
  wipeShare,
} from './root-shares.ts'
import { combine, inverse, multiply, type Point, split } from './shamir.ts'

// Goal: any m of n shares give the root key, fewer give nothing, and what a person types wrong is noticed. Method: the
// audited library `shamir-secret-sharing` as the other side of both directions, its vectors, and properties.

const crypto = nobleCrypto
const fromHex = (text: string) => new Uint8Array(Buffer.from(text, 'hex'))
const secret = fc.uint8Array({ minLength: 32, maxLength: 32 })
const shape = fc
  .tuple(fc.integer({ min: 2, max: sharesMax }), fc.integer({ min: 2, max: sharesMax }))
  .map(([a, b]) => ({ shares: Math.max(a, b), threshold: Math.min(a, b) }))

/** Some of a list, so many, in some order. */
function pick<T>(from: readonly T[], count: number, seed: number): T[] {
  const random = seededRandom(String(seed))
  const ranked = from.map((one) => ({ one, rank: Buffer.from(random.bytes(6)).readUIntBE(0, 6) }))
  return ranked.sort((a, b) => a.rank - b.rank).flatMap(({ one }, at) => (at < count ? [one] : []))
}

describe('the field', () => {
  it('I5: has no table, and is a field all the same: every number but zero has an inverse', () => {
    for (let a = 1; a < 256; a++) expect(multiply(a, inverse(a)), String(a)).toBe(1)
    for (let a = 0; a < 256; a++) expect([multiply(a, 0), multiply(0, a), multiply(a, 1)]).toEqual([0, 0, a])
  })

  it('multiplies as the standard of AES does', () => {
    expect([multiply(0x57, 0x83), multiply(0x57, 0x13), multiply(0x80, 2)]).toEqual([0xc1, 0xfe, 0x1b])
  })
})

describe('splitting and combining', () => {
  it('gives the secrets that the other implementation split', () => {
    for (const { threshold, secret, points } of vectors.tests) {
      const all = points.map(({ x, y }): Point => ({ x, y: fromHex(y) }))
      for (let seed = 0; seed < 20; seed++) expect(combine(pick(all, threshold, seed))).toEqual(fromHex(secret))
      expect(combine(all)).toEqual(fromHex(secret))
    }
  })

  it('is undone by the other implementation, and undoes what that one did', async () => {
    const property = fc.asyncProperty(secret, shape, fc.nat(), async (root, { shares, threshold }, seed) => {
      const ours = pick(split(root, shares, threshold, systemRandom), threshold, seed)
      expect(await others.combine(ours.map(({ x, y }) => concat(y, Uint8Array.of(x))))).toEqual(root)
      const theirs = pick(await others.split(root, shares, threshold), threshold, seed)
      expect(combine(theirs.map((share) => ({ x: share[32] ?? 0, y: share.subarray(0, 32) })))).toEqual(root)
    })
    await fc.assert(property, { numRuns: tries(60, 4) })
  })

  it('says nothing with one share too few: whatever the secret was, another point makes it any other', () => {
    const property = fc.property(secret, secret, shape, (root, other, { shares, threshold }) => {
      const few = split(root, shares, threshold, systemRandom).slice(0, threshold - 1)
      const missing = threshold
      // The point that would make these few shares of the other secret: there always is one.
      const atZero = [...few, { x: missing, y: new Uint8Array(32) }]
      const base = combine(atZero)
      const weight = combine([...few.map(({ x }) => ({ x, y: new Uint8Array(32) })), one(missing)])[0] ?? 0
      const y = base.map((byte, at) => multiply(byte ^ (other[at] ?? 0), inverse(weight)))
      expect(combine([...few, { x: missing, y }])).toEqual(other)
    })
    fc.assert(property, { numRuns: tries(60, 4) })
  })

  it('draws its polynomials from the randomness it is given, and leaves none of them in memory', () => {
    const drawn: Uint8Array[] = []
    const random = {
      bytes: (count: number) => {
        const bytes = systemRandom.bytes(count)
        drawn.push(bytes)
        return bytes
      },
    }
    split(new Uint8Array(32).fill(7), 5, 3, random)
    expect(drawn.map((bytes) => [bytes.length, bytes.every((byte) => byte === 0)])).toEqual([
      [32, true],
      [32, true],
    ])
  })
})

function one(x: number): Point {
  return { x, y: new Uint8Array(32).fill(1) }
}

function someShares({ shares = 5, threshold = 3, seed = 'shares' } = {}): RootShare[] {
  return splitRoot(seededRandom(seed).bytes(32), shares, threshold, seededRandom(`${seed} split`))
}

describe('shares of a root key', () => {
  it('give it back, any of them as many as were asked for', () => {
    const property = fc.property(secret, shape, fc.nat(), (root, { shares, threshold }, seed) => {
      const made = splitRoot(root, shares, threshold, systemRandom)
      expect(joinRootShares(pick(made, threshold, seed))).toEqual(root)
      expect(() => joinRootShares(pick(made, threshold - 1, seed))).toThrow(RangeError)
    })
    fc.assert(property, { numRuns: tries(60, 4) })
  })

  it('are not joined with those of another set, nor one of them twice', () => {
    const [a, b, c] = someShares() as [RootShare, RootShare, RootShare]
    const [, , foreign] = someShares({ seed: 'other' }) as [RootShare, RootShare, RootShare]
    expect(() => joinRootShares([a, b, foreign])).toThrow('different shares of one set')
    expect(() => joinRootShares([a, b, b])).toThrow('different shares of one set')
    expect(() => joinRootShares([])).toThrow('different shares of one set')
    expect(joinRootShares([a, b, c])).toHaveLength(32)
  })

  it('are refused in numbers that make no sense', () => {
    const root = new Uint8Array(32)
    for (const [shares, threshold] of [
      [3, 1],
      [3, 4],
      [1, 1],
      [33, 3],
      [0, 0],
    ] as const)
      expect(() => splitRoot(root, shares, threshold, systemRandom), `${threshold} of ${shares}`).toThrow(RangeError)
    expect(() => splitRoot(new Uint8Array(31), 3, 2, systemRandom)).toThrow('32 bytes')
  })

  it('leave nothing in memory once they are wiped', () => {
    const [share] = someShares() as [RootShare]
    wipeShare(share)
    expect(share.data.every((byte) => byte === 0)).toBe(true)
  })
})

describe('the text of a share', () => {
  it('is read again as it was written, however it is typed', () => {
    for (const share of someShares({ shares: 32, threshold: 2 })) {
      const text = shareText(share, crypto)
      expect(text).toMatch(new RegExp(`^pawl-share-${share.index}(-[0-9a-hjkmnp-tv-z]{4}){18}$`))
      const typed = [
        text,
        text.toUpperCase(),
        text.replaceAll('-', ' '),
        ` ${text.replaceAll('-', '')}\r\n`,
        text.slice(text.indexOf('-', 11) + 1),
        text.slice(0, 16) + text.slice(16).replaceAll('0', 'O').replaceAll('1', 'l'),
      ]
      for (const one of typed) expect(parseRootShare(one, crypto), one).toEqual(share)
    }
  })

  it('never changes: these were written once', () => {
    const root = fromHex('000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f')
    const share: RootShare = { set: 'a1b2c3d4e5f6', threshold: 3, index: 2, data: root }
    const text =
      'pawl-share-2-06gv-5gym-wqv0-60g0-0410-6105-0r3g-g28a-1c60-t3gf-208h-44rm-2mb1-e60s-38dh-r78y-3yws-2asq'
    expect(shareText(share, crypto)).toBe(text)
  })

  it('does not take any one letter for another, two that were swapped, or one that is missing or too many', () => {
    const [share] = someShares() as [RootShare]
    const text = shareText(share, crypto).replaceAll('-', '')
    const start = 'pawlshare1'.length
    const letters = fc.constantFrom(...'0123456789abcdefghjkmnpqrstvwxyz')
    const place = fc.integer({ min: start, max: text.length - 1 })
    const wrong = fc.oneof(
      fc.tuple(place, letters).map(([at, letter]) => text.slice(0, at) + letter + text.slice(at + 1)),
      place.map((at) => text.slice(0, at) + (text[at + 1] ?? '') + text[at] + text.slice(at + 2)),
      place.map((at) => text.slice(0, at) + text.slice(at + 1)),
      fc.tuple(place, letters).map(([at, letter]) => text.slice(0, at) + letter + text.slice(at)),
    )
    fc.assert(
      fc.property(wrong, (typed) => {
        fc.pre(typed !== text)
        expect(parseRootShare(typed, crypto)).toBe('mistyped')
      }),
      { numRuns: tries(2_000, 4) },
    )
  })

  it('that is of another number than it says is mistyped', () => {
    const [share] = someShares() as [RootShare]
    const text = shareText(share, crypto)
    for (const name of ['pawl-share-2', 'pawl-share-11']) {
      expect(parseRootShare(text.replace('pawl-share-1', name), crypto)).toBe('mistyped')
    }
  })

  it('that is something else is no share', () => {
    for (const text of ['', 'hunter2', '-', 'u'.repeat(72), 'pawl', '1'.repeat(10_000)]) {
      expect(parseRootShare(text, crypto), text.slice(0, 20)).toBe('not_a_share')
    }
    expect(parseRootShare('1'.repeat(72), crypto)).toBe('mistyped')
  })

  it('of a later version says that it is newer', () => {
    const body = concat(Uint8Array.of(2), new Uint8Array(40))
    const text = base32(concat(body, crypto.sha256(body).subarray(0, 4)))
    expect(parseRootShare(text, crypto)).toBe('newer')
  })

  it('has a fingerprint of its own, which says nothing of its data', () => {
    const shares = someShares()
    const prints = shares.map((share) => fingerprint(share, crypto))
    expect(new Set(prints).size).toBe(shares.length)
    expect(prints[0]).toMatch(/^[0-9a-f]{64}$/)
    expect(shares[0]?.data.some((byte) => byte !== 0)).toBe(true)
  })
})
