import fc from 'fast-check'
import { expect, test } from 'vitest'
import { tries } from '../../../../tools/test-run/index.ts'
import { parseAmount, showAmount } from './amounts.ts'
import { BadTransaction } from './family.ts'

const ether = { decimals: 18, field: 'value', isWholeBase: true } as const
const bitcoin = { decimals: 8, field: 'value', isWholeBase: false } as const

test.each([
  ['0.01', 10n ** 16n, 'major'],
  ['1', 10n ** 18n, 'major'],
  ['999999999', 999_999_999n * 10n ** 18n, 'major'],
  ['1000000000000', 10n ** 12n, 'base'],
  ['1000000000000000', 10n ** 15n, 'base'],
  ['0x0', 0n, 'base'],
  ['0x2386f26fc10000', 10n ** 16n, 'base'],
  ['', 0n, 'major'],
  ['0', 0n, 'major'],
  [undefined, 0n, 'major'],
  [0.5, 5n * 10n ** 17n, 'major'],
] as const)('%s on an EVM chain is %s wei (web3.md 0.2)', (text, base, unit) => {
  expect(parseAmount(text, ether)).toEqual({ base, unit })
})

test('a whole number that could be ether or wei is refused (web3.md 0.2)', () => {
  for (const text of ['1000000000', '999999999999']) expect(() => parseAmount(text, ether)).toThrow(/ambiguous/)
})

test('whole numbers are the major unit where wei has no counterpart, and base units in value_wei', () => {
  expect(parseAmount('1000000000000', bitcoin)).toEqual({ base: 10n ** 20n, unit: 'major' })
  expect(parseAmount('1000000000', { ...ether, field: 'value_wei' })).toEqual({ base: 10n ** 9n, unit: 'base' })
  expect(parseAmount('1000000000', { ...ether, field: 'amount' })).toEqual({ base: 10n ** 27n, unit: 'major' })
})

test.each(
  [
    ...['1e-19', '-1', '+1', '0.1+0.2', ' ', 'NaN', 'Infinity', '1.', '.5', '01', '1_000', '1,5', '0x', '0xg', '１'],
    ...['0.0000000000000000001', `0x1${'0'.repeat(64)}`, `1${'0'.repeat(78)}`, `${2n ** 256n}`, '1e18', '0b1'],
  ].filter((text) => text.trim() !== ''),
)('%s is not an amount (I10)', (text) => {
  expect(() => parseAmount(text, ether)).toThrow(BadTransaction)
})

test('parse(show(base)) = base, for every number of decimals', () => {
  const law = fc.property(
    fc.bigInt({ min: 0n, max: 2n ** 256n - 1n }),
    fc.integer({ min: 1, max: 18 }),
    (base, decimals) => {
      const text = showAmount(base, decimals)
      const written = text.includes('.') ? text : `${text}.0`
      return parseAmount(written, { ...ether, decimals }).base === base
    },
  )
  fc.assert(law, { numRuns: tries(20_000) })
})

test('what is read is never off by a rounding: the text, scaled as digits, is the amount', () => {
  const digits = fc.stringMatching(/^(?:0|[1-9][0-9]{0,30})\.[0-9]{1,18}$/)
  const law = fc.property(digits, (text) => {
    const [whole = '', fraction = ''] = text.split('.')
    return (
      parseAmount(text, ether).base ===
      BigInt(whole) * 10n ** 18n + BigInt(fraction) * 10n ** BigInt(18 - fraction.length)
    )
  })
  fc.assert(law, { numRuns: tries(20_000) })
})

test('any text either is an amount of at least 0 or is refused by name', () => {
  const law = fc.property(fc.oneof(fc.string(), fc.double(), fc.bigInt().map(String)), (given) => {
    try {
      return parseAmount(given, ether).base >= 0n
    } catch (error) {
      return error instanceof BadTransaction && error.field === 'value'
    }
  })
  fc.assert(law, { numRuns: tries(20_000) })
})
