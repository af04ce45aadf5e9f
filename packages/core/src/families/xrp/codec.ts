import { bytesOfHex, concat, utf8 } from '../../kernel/bytes.ts'
import { BadTransaction } from '../family.ts'
import { accountOf } from './addresses.ts'
import { amountBytes, currencyBytes } from './amounts.ts'
import { badField } from './bad-field.ts'
import { type Field, type FieldType, fields, transactionTypes, typeCodes } from './table.ts'

// The binary form of a transaction. https://xrpl.org/docs/references/protocol/binary-format

export type Json = Readonly<Record<string, unknown>>

const field = 'xrpl_tx_json'

export function serialize(transaction: Json): Uint8Array {
  const known = Object.entries(transaction).map(([name, value]) => {
    const found = fields.get(name)
    if (!found) throw badField(name, 'is not known')
    return { ...found, value }
  })
  known.sort((one, other) => typeCodes[one.type] - typeCodes[other.type] || one.number - other.number)
  return concat(...known.map(({ value, ...about }) => concat(header(about), encoders[about.type](value, about.name))))
}

export function isRecord(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

const objectEnd = Uint8Array.of(0xe1)
const arrayEnd = Uint8Array.of(0xf1)

const encoders: Readonly<Record<FieldType, (value: unknown, name: string) => Uint8Array>> = {
  UInt8: (value, name) => number(value, name, 1),
  UInt16: (value, name) => number(name === 'TransactionType' ? transactionTypes[String(value)] : value, name, 2),
  UInt32: (value, name) => number(value, name, 4),
  Hash128: (value, name) => hexBytes(value, name, 16),
  Hash256: (value, name) => hexBytes(value, name, 32),
  Amount: (value, name) => amountBytes(value, name),
  Blob: (value, name) => sized(hexBytes(value, name)),
  AccountID: (value) => sized(accountOf(value, field)),
  STObject: (value, name) => concat(members(value, name), objectEnd),
  STArray: (value, name) => concat(...list(value, name).map((one) => entry(one, name)), arrayEnd),
  PathSet: pathSet,
  Vector256: (value, name) => sized(concat(...list(value, name).map((one) => hexBytes(one, name, 32)))),
  Issue: issue,
}

function members(value: unknown, name: string): Uint8Array {
  if (!isRecord(value)) throw badField(name, 'must be an object')
  return serialize(value)
}

/** An entry of a list is an object with one member, which names its type: `{ Memo: { … } }`. */
function entry(value: unknown, name: string): Uint8Array {
  const [inner, ...others] = isRecord(value) ? Object.keys(value) : []
  if (inner === undefined || others.length > 0 || fields.get(inner)?.type !== 'STObject') {
    throw badField(name, 'must be a list of named objects')
  }
  return serialize(value as Json)
}

/** XRP, or a currency and its issuer. */
function issue(value: unknown, name: string): Uint8Array {
  if (!isRecord(value)) throw badField(name, 'must be an object')
  const { currency, issuer, ...others } = value
  if (Object.keys(others).length > 0) throw badField(name, 'must be a currency and its issuer')
  if (currency === 'XRP' && issuer === undefined) return new Uint8Array(20)
  return concat(currencyBytes(currency, name), accountOf(issuer, field))
}

const hopKinds = { account: 0x01, currency: 0x10, issuer: 0x20 } as const

function pathSet(value: unknown, name: string): Uint8Array {
  const paths = list(value, name).map((path) => concat(...list(path, name).map((hop) => hopBytes(hop, name))))
  if (paths.length === 0 || paths.some(({ length }) => length === 0)) throw badField(name, 'must contain paths')
  const joined = paths.flatMap((path, at) => (at === 0 ? [path] : [Uint8Array.of(0xff), path]))
  return concat(...joined, Uint8Array.of(0))
}

function hopBytes(hop: unknown, name: string): Uint8Array {
  if (!isRecord(hop)) throw badField(name, 'must contain steps')
  // Answers of nodes repeat the kind of a step as a number. The members say it already.
  const { account, currency, issuer, type, type_hex, ...others } = hop
  if (Object.keys(others).length > 0) throw badField(name, 'must contain steps')
  const parts = [
    account === undefined ? null : ([hopKinds.account, accountOf(account, field)] as const),
    currency === undefined ? null : ([hopKinds.currency, xrpOrCurrency(currency, name)] as const),
    issuer === undefined ? null : ([hopKinds.issuer, accountOf(issuer, field)] as const),
  ].filter((part) => part !== null)
  if (parts.length === 0) throw badField(name, 'must contain steps')
  return concat(Uint8Array.of(parts.reduce((sum, [kind]) => sum + kind, 0)), ...parts.map(([, bytes]) => bytes))
}

function xrpOrCurrency(currency: unknown, name: string): Uint8Array {
  return currency === 'XRP' ? new Uint8Array(20) : currencyBytes(currency, name)
}

function header({ type, number }: Field): Uint8Array {
  const code = typeCodes[type]
  if (code < 16 && number < 16) return Uint8Array.of((code << 4) | number)
  if (code < 16) return Uint8Array.of(code << 4, number)
  return number < 16 ? Uint8Array.of(number, code) : Uint8Array.of(0, code, number)
}

function number(value: unknown, name: string, length: number): Uint8Array {
  const isRight = typeof value === 'number' && Number.isInteger(value) && value >= 0 && value < 256 ** length
  if (!isRight) throw badField(name, `must be a whole number of ${length * 8} bits`)
  return Uint8Array.from({ length }, (_, at) => Math.floor(value / 256 ** (length - 1 - at)) % 256)
}

function hexBytes(value: unknown, name: string, length?: number): Uint8Array {
  const isRight = typeof value === 'string' && /^([0-9a-f]{2})*$/i.test(value)
  if (!isRight || (length !== undefined && value.length !== 2 * length)) {
    throw badField(name, `must be hexadecimal digits${length === undefined ? '' : ` of ${length} bytes`}`)
  }
  return bytesOfHex(value)
}

function list(value: unknown, name: string): readonly unknown[] {
  if (!Array.isArray(value)) throw badField(name, 'must be a list')
  return value
}

/** Bytes after their length. */
function sized(bytes: Uint8Array): Uint8Array {
  const { length } = bytes
  if (length <= 192) return concat(Uint8Array.of(length), bytes)
  if (length <= 12_480) {
    const rest = length - 193
    return concat(Uint8Array.of(193 + (rest >> 8), rest & 0xff), bytes)
  }
  throw new BadTransaction(field, 'is too large')
}

export const memoHex = (text: string) =>
  [...utf8(text)]
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join('')
    .toUpperCase()
