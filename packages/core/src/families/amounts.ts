import { BadTransaction } from './family.ts'

// The one place where the amount of a request is read. Published clients write amounts in the major unit (ether), except
// where they write the base unit (wei). Amounts are whole numbers of the base unit from here on, never floats.

/** How the text of an amount was understood. */
export type AmountUnit = 'major' | 'base'

export interface Amount {
  /** In the base unit. */
  readonly base: bigint
  readonly unit: AmountUnit
}

export interface AmountKind {
  readonly decimals: number
  /** The field of the request. `amount` is always in the major unit, and whole numbers of `value_wei` in the base unit. */
  readonly field: 'value' | 'amount' | 'value_wei'
  /** Whether a whole number in `value` can mean the base unit. Only on EVM chains, for their native currency. */
  readonly isWholeBase: boolean
}

/** Whole numbers from here on are wei: as ether they would be more than any supply. */
const baseFrom = 10n ** 12n
/** From here on, a whole number could be both: dust in wei, or the supply of a chain in ether. */
const unclearFrom = 10n ** 9n
const largest = 2n ** 256n - 1n
const digitsMax = 78

/**
 * The amount in base units. Throws `BadTransaction` if the text is not an amount, or could be one in two units.
 *
 * @example
 * parseAmount('0.01', { decimals: 18, field: 'value', isWholeBase: true }) // 10^16 wei, major
 * parseAmount('1000000000000000', …) // 10^15 wei, base
 * parseAmount('1', …) // 10^18 wei, major
 */
export function parseAmount(given: unknown, { decimals, field, isWholeBase }: AmountKind): Amount {
  const text = textOf(given, field)
  if (text === '') return { base: 0n, unit: 'major' }
  if (/^0x[0-9a-fA-F]{1,64}$/.test(text)) return { base: BigInt(text), unit: 'base' }
  const [, whole, fraction] = /^(0|[1-9][0-9]*)(?:\.([0-9]+))?$/.exec(text) ?? []
  if (whole === undefined || whole.length > digitsMax) {
    throw new BadTransaction(field, 'must be an amount such as "0.5", without a sign or an exponent')
  }
  if (fraction !== undefined) return major(whole, fraction, decimals, field)
  if (field === 'value_wei') return inRange({ base: BigInt(whole), unit: 'base' }, field)
  if (field === 'amount' || !isWholeBase || BigInt(whole) < unclearFrom) return major(whole, '', decimals, field)
  if (BigInt(whole) < baseFrom) {
    throw new BadTransaction(
      field,
      'is ambiguous: write it with a decimal point (ether) or as 0x hexadecimal digits (wei)',
    )
  }
  return inRange({ base: BigInt(whole), unit: 'base' }, field)
}

/** The amount in the major unit, without needless zeros: `10n ** 16n` of 18 decimals is `0.01`. */
export function showAmount(base: bigint, decimals: number): string {
  const sign = base < 0n ? '-' : ''
  const digits = (base < 0n ? -base : base).toString().padStart(decimals + 1, '0')
  const whole = digits.slice(0, digits.length - decimals)
  const fraction = digits.slice(digits.length - decimals).replace(/0+$/, '')
  return `${sign}${whole}${fraction === '' ? '' : `.${fraction}`}`
}

/** Numbers of JSON too, as long as they are written without an exponent. */
function textOf(given: unknown, field: string): string {
  if (given === undefined || given === null) return ''
  if (typeof given === 'string') return given.trim()
  if (typeof given === 'number' && Number.isFinite(given)) return String(given)
  throw new BadTransaction(field, 'must be an amount as text')
}

function major(whole: string, fraction: string, decimals: number, field: string): Amount {
  if (fraction.length > decimals) {
    throw new BadTransaction(field, `must have at most ${decimals} digits after the decimal point`)
  }
  return inRange({ base: BigInt(`${whole}${fraction.padEnd(decimals, '0')}`), unit: 'major' }, field)
}

function inRange(amount: Amount, field: string): Amount {
  if (amount.base > largest) throw new BadTransaction(field, 'is too large')
  return amount
}
