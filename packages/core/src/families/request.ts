import { fromBase64, utf8 } from '../kernel/bytes.ts'
import { BadTransaction, type TransactionRequest } from './family.ts'

// What several families do with a request. Null, an empty text and `0x` are the same as no field.

type Fields = TransactionRequest['fields']

/** The fields that belong to one or a few families. The pipeline reads the others, such as `simulate_first`. */
const fieldsOfFamilies = [
  'access_list',
  'authorization_list',
  'blob_versioned_hashes',
  'data',
  'destination_tag',
  'fee_limit_sun',
  'fee_rate_sat_per_vbyte',
  'gas_limit',
  'gas_price',
  'max_fee_per_blob_gas',
  'max_fee_per_gas',
  'max_priority_fee_per_gas',
  'memo',
  'nonce',
  'raw_transaction',
  'token_decimals',
  'token_mint',
  'tron_transaction',
  'ttl',
  'xrpl_tx_json',
] as const

export type FamilyField = (typeof fieldsOfFamilies)[number]

/** Published clients send these for every chain. They change nothing. */
const harmless: Readonly<Record<string, string>> = { gas_limit: '21000', token_decimals: '6' }

/** Refuses fields of other families, so that a caller never believes that Pawl used them. */
export function onlyFields(fields: Fields, family: string, allowed: readonly FamilyField[]): void {
  for (const name of fieldsOfFamilies) {
    if (allowed.includes(name) || !isGiven(fields, name) || String(fields[name]) === harmless[name]) continue
    throw new BadTransaction(name, `is not a field of transactions on ${family}`)
  }
}

export function isGiven(fields: Fields, name: FamilyField): boolean {
  const value = fields[name]
  return value !== undefined && value !== null && value !== '' && value !== '0x'
}

/** A whole number, as a number or as a text of digits. */
export function numberBetween(fields: Fields, name: FamilyField, min: bigint, max: bigint): bigint | null {
  if (!isGiven(fields, name)) return null
  const value = fields[name]
  const text = typeof value === 'string' || Number.isSafeInteger(value) ? String(value) : ''
  const number = /^(0|[1-9][0-9]{0,19})$/.test(text) ? BigInt(text) : null
  if (number !== null && number >= min && number <= max) return number
  throw new BadTransaction(name, `must be a whole number from ${min} to ${max}`)
}

export function textUpTo(fields: Fields, name: FamilyField, bytesMax: number): string | null {
  if (!isGiven(fields, name)) return null
  const value = fields[name]
  if (typeof value === 'string' && !/\p{Surrogate}/u.test(value) && utf8(value).length <= bytesMax) return value
  throw new BadTransaction(name, `must be a string of at most ${bytesMax} bytes`)
}

const prebuiltBytesMax = 64 * 1024

/** The bytes of a prebuilt transaction. */
export function rawTransaction(fields: Fields): Uint8Array | null {
  if (!isGiven(fields, 'raw_transaction')) return null
  const value = fields.raw_transaction
  const bytes = typeof value === 'string' && value.length <= 2 * prebuiltBytesMax ? fromBase64(value) : null
  if (bytes && bytes.length > 0 && bytes.length <= prebuiltBytesMax) return bytes
  throw new BadTransaction('raw_transaction', `must be base64 of at most ${prebuiltBytesMax} bytes`)
}

/** The recipient of a transaction that Pawl builds. */
export function recipientOf({ to }: TransactionRequest): string {
  if (to === null || to === '') throw new BadTransaction('to', 'must be an address')
  return to
}

/**
 * People and logs read `to` and `value` of the request, so they must not contradict the prebuilt transaction. Both can be
 * absent.
 */
export function agreesWith(
  { to, value }: { readonly to: string | null; readonly value: bigint },
  prebuilt: { readonly field: FamilyField; readonly recipients: readonly string[]; readonly native: bigint },
): void {
  if (to !== null && !prebuilt.recipients.includes(to)) {
    throw new BadTransaction('to', `is not a recipient in ${prebuilt.field}`)
  }
  if (value !== 0n && value !== prebuilt.native) {
    throw new BadTransaction('value', `is not the amount in ${prebuilt.field}`)
  }
}
