import { bytesOfHex, concat, utf8 } from '../../kernel/bytes.ts'
import type { BadTransaction } from '../family.ts'
import { accountOf } from './addresses.ts'
import { badField } from './bad-field.ts'

// Amounts: drops of XRP as a text of digits, or a decimal number of a currency with its issuer.

const dropsMax = 10n ** 17n

/** Null unless it is an amount of XRP. */
export function dropsOf(value: unknown): bigint | null {
  return typeof value === 'string' && /^(0|[1-9][0-9]{0,17})$/.test(value) && BigInt(value) <= dropsMax
    ? BigInt(value)
    : null
}

/** `currency.issuer` of an issued amount. */
export function tokenOf(value: unknown): string | null {
  if (typeof value !== 'object' || value === null) return null
  const { currency, issuer } = value as Record<string, unknown>
  return `${currency}.${issuer}`
}

export function amountBytes(value: unknown, name: string): Uint8Array {
  const drops = dropsOf(value)
  if (drops !== null) return int64(drops | (1n << 62n))
  if (typeof value !== 'object' || value === null) throw wrong(name)
  const { currency, issuer, value: number, ...others } = value as Record<string, unknown>
  if (Object.keys(others).length > 0) throw wrong(name)
  return concat(int64(issuedNumber(number, name)), currencyBytes(currency, name), accountOf(issuer, 'xrpl_tx_json'))
}

const issuedBit = 1n << 63n
const positiveBit = 1n << 62n
const mantissaMin = 10n ** 15n
const mantissaMax = 10n ** 16n - 1n

/** A decimal number as a mantissa of 16 digits and an exponent. */
function issuedNumber(value: unknown, name: string): bigint {
  const text = typeof value === 'string' && value.length <= 100 ? value : ''
  const [, sign, whole = '', fraction = '', power = '0'] =
    /^(-?)([0-9]+)(?:\.([0-9]+))?(?:[eE]([+-]?[0-9]{1,3}))?$/.exec(text) ?? []
  if (sign === undefined) throw wrong(name)
  let mantissa = BigInt(whole + fraction)
  let exponent = Number(power) - fraction.length
  if (mantissa === 0n) return issuedBit
  while (mantissa < mantissaMin) {
    mantissa *= 10n
    exponent--
  }
  while (mantissa > mantissaMax) {
    // A digit that is lost would be another amount.
    if (mantissa % 10n !== 0n) throw badField(name, 'must have at most 16 digits')
    mantissa /= 10n
    exponent++
  }
  if (exponent < -96 || exponent > 80) throw badField(name, 'must be a number that the ledger can hold')
  return issuedBit | (sign === '' ? positiveBit : 0n) | (BigInt(exponent + 97) << 54n) | mantissa
}

/** Three letters, or 40 hexadecimal digits. */
export function currencyBytes(currency: unknown, name: string): Uint8Array {
  const text = typeof currency === 'string' ? currency : ''
  if (/^[A-Za-z0-9?!@#$%^&*<>(){}[\]|]{3}$/.test(text) && text !== 'XRP') {
    return concat(new Uint8Array(12), utf8(text), new Uint8Array(5))
  }
  const isOther = /^[0-9A-Fa-f]{40}$/.test(text) && !/^0{24}/.test(text)
  if (!isOther) throw badField(name, 'must have a currency of three letters, or of 40 hexadecimal digits')
  return bytesOfHex(text)
}

function wrong(name: string): BadTransaction {
  return badField(name, 'must be drops as text, or a currency, an issuer and a value')
}

function int64(value: bigint): Uint8Array {
  return Uint8Array.from({ length: 8 }, (_, at) => Number((value >> BigInt(8 * (7 - at))) & 0xffn))
}
