import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { showAmount } from '../../families/index.ts'
import { floorUnits } from './amounts.ts'
import {
  countToday,
  type Entry,
  emptyLedger,
  movedIn,
  overheadToday,
  sumSince,
  tokenAccountsToday,
  withEntry,
  withOverhead,
  withoutEntry,
  withoutTaken,
  withTaken,
} from './ledger.ts'

// Goal: a window forgets nothing before its 24 hours are over, and never grows without bound. Method: random payments are
// counted once more, one by one.

const minute = 60_000
const day = 1_440 * minute
const taken = { place: 'evm/base', moved: '5', usd: '7', overhead: '3', tokenAccounts: 2 }
const noon = Date.UTC(2026, 0, 1, 12)

/** Payments in the order in which engines made them, whose clocks differ by up to two minutes. */
const payments = (most: number) =>
  fc
    .array(fc.tuple(fc.nat({ max: 40 * minute }), fc.integer({ min: 1, max: 9 }), fc.nat({ max: 2 * minute })), {
      maxLength: most,
      size: 'max',
    })
    .map((steps) => {
      let time = noon
      return steps.map(([step, amount, behind]) => {
        time += step % 7 === 0 ? 0 : step
        return { at: time - behind, amount: BigInt(amount) }
      })
    })

const held = (paid: readonly { at: number; amount: bigint }[]) =>
  paid.reduce<readonly Entry[]>((entries, { at, amount }) => withEntry(entries, at, String(amount)), [])

const exact = (paid: readonly { at: number; amount: bigint }[], from: number) =>
  paid.reduce((sum, { at, amount }) => (at > from ? sum + amount : sum), 0n)

describe('a window of 24 hours', () => {
  it('is exact to the millisecond while it has few entries', () => {
    const property = fc.property(payments(30), fc.nat({ max: 2 * day }), (paid, later) => {
      const last = Math.max(noon, ...paid.map(({ at }) => at))
      expect(sumSince(held(paid), last + later)).toBe(exact(paid, last + later - day))
    })
    fc.assert(property)
  })

  it('with many entries never counts too little, and too much for five minutes at most', () => {
    const property = fc.property(payments(2_000), fc.nat({ max: 2 * day }), (paid, later) => {
      const now = Math.max(noon, ...paid.map(({ at }) => at)) + later
      const sum = sumSince(held(paid), now)
      expect(sum).toBeGreaterThanOrEqual(exact(paid, now - day))
      expect(sum).toBeLessThanOrEqual(exact(paid, now - day - 5 * minute))
    })
    fc.assert(property, { numRuns: 30 })
  })

  it('never has more than 289 entries beside the newest, however much is signed', () => {
    let entries: readonly Entry[] = []
    for (let at = noon; at < noon + 2 * day; at += 20_000) entries = withEntry(entries, at, '1')
    expect(entries.length).toBeLessThanOrEqual(290)
    expect(sumSince(entries, noon + 2 * day)).toBeGreaterThanOrEqual(4_319n)
  })

  it('loses exactly what is given back, also from entries that were merged', () => {
    const property = fc.property(payments(400), fc.nat(), (paid, nth) => {
      fc.pre(paid.length > 0)
      const one = paid[nth % paid.length] as (typeof paid)[number]
      const now = Math.max(...paid.map(({ at }) => at))
      const before = held(paid)
      const after = withoutEntry(before, now, String(one.amount), one.at)
      const expected = one.at > now - day ? one.amount : 0n
      expect(sumSince(before, now) - sumSince(after, now)).toBe(expected)
    })
    fc.assert(property, { numRuns: 60 })
  })
})

describe('a ledger', () => {
  it('takes everything of a transaction at once, and gives everything back', () => {
    const before = withTaken(emptyLedger('a'), noon, taken)
    const after = withTaken(before, noon + 1, { ...taken, place: 'evm/polygon' })
    expect(movedIn(after, noon + 1, 'evm')).toBe(10n)
    expect(movedIn(after, noon + 1, 'evm/base')).toBe(5n)
    expect(movedIn(after, noon + 1, 'solana')).toBe(0n)
    expect(countToday(after, noon + 1, '')).toBe(2)
    expect(overheadToday(after, noon + 1, 'evm')).toBe(6n)
    expect(tokenAccountsToday(after, noon + 1)).toBe(4)
    const back = withoutTaken(after, noon + 2, { ...taken, place: 'evm/polygon' }, noon + 1)
    expect(movedIn(back, noon + 2, 'evm')).toBe(5n)
    expect(countToday(back, noon + 2, 'evm/polygon')).toBe(0)
    expect(overheadToday(back, noon + 2, 'evm')).toBe(3n)
    expect(sumSince(back.usd, noon + 2)).toBe(7n)
  })

  it('counts transactions, fees and token accounts per UTC day, and money for 24 hours', () => {
    const ledger = withTaken(emptyLedger('a'), noon, taken)
    const midnight = Date.UTC(2026, 0, 2)
    expect(countToday(ledger, midnight - 1, '')).toBe(1)
    expect(countToday(ledger, midnight, '')).toBe(0)
    expect(overheadToday(ledger, midnight, '')).toBe(0n)
    expect(movedIn(ledger, midnight, 'evm')).toBe(5n)
    expect(movedIn(ledger, noon + day - 1, 'evm')).toBe(5n)
    expect(movedIn(ledger, noon + day, 'evm')).toBe(0n)
  })

  it('lets no engine with a slow clock count on for yesterday', () => {
    const midnight = Date.UTC(2026, 0, 2)
    const ledger = withTaken(emptyLedger('a'), midnight, taken)
    expect(countToday(ledger, midnight - 1, '')).toBe(1)
    expect(countToday(withTaken(ledger, midnight - 1, taken), midnight, '')).toBe(2)
  })

  it('gives the count of another day back to no day', () => {
    const midnight = Date.UTC(2026, 0, 2)
    const ledger = withTaken(withTaken(emptyLedger('a'), noon, taken), midnight, taken)
    const back = withoutTaken(ledger, midnight + 1, taken, noon)
    expect(countToday(back, midnight + 1, '')).toBe(1)
    expect(movedIn(back, midnight + 1, 'evm')).toBe(5n)
  })

  it('replaces the most that fees could cost by what they did cost', () => {
    const ledger = withTaken(emptyLedger('a'), noon, taken)
    expect(overheadToday(withOverhead(ledger, noon + 1, taken, noon, 1n), noon + 1, 'evm')).toBe(1n)
  })
})

describe('amounts (I10)', () => {
  it('are whole numbers: a limit is cut off at the smallest unit, and never rounded up', () => {
    expect(floorUnits('0.1', 18) + floorUnits('0.2', 18)).toBe(floorUnits('0.3', 18))
    expect(floorUnits('0.0000000000000000019', 18)).toBe(1n)
    expect(floorUnits('1.999', 2)).toBe(199n)
    expect(floorUnits('5', 0)).toBe(5n)
  })

  it('are shown as they were given', () => {
    const property = fc.property(fc.bigInt(0n, 2n ** 256n), fc.nat({ max: 36 }), (units, decimals) => {
      expect(floorUnits(showAmount(units, decimals), decimals)).toBe(units)
    })
    fc.assert(property)
    expect(showAmount(-1_500n, 3)).toBe('-1.5')
    expect(showAmount(0n, 18)).toBe('0')
  })
})
