import { bytesOfHex, equalBytes, hex } from '../../kernel/bytes.ts'
import { BadTransaction } from '../family.ts'
import { addressBytes } from './addresses.ts'
import { type Contract, decodeRaw, idOf, type RawData } from './raw.ts'

const field = 'tron_transaction'
const hexDigitsMax = 128 * 1024

type Json = Readonly<Record<string, unknown>>

export interface Prebuilt {
  readonly bytes: Uint8Array
  readonly raw: RawData
}

/**
 * Reads a transaction as the API of Tron gives it. Only `raw_data_hex` is signed. So the readable `raw_data` and `txID`, which a
 * person may have checked, must say exactly the same.
 */
export function readTronTransaction(value: unknown): Prebuilt {
  if (!isRecord(value)) throw refused('must be an object')
  const { raw_data, raw_data_hex, txID, signature } = value
  if (Array.isArray(signature) ? signature.length > 0 : signature !== undefined) throw refused('is already signed')
  const bytes = checkedHex(raw_data_hex)
  if (!bytes) throw refused('must have raw_data_hex, as hexadecimal digits')
  const raw = parsed(bytes)
  if (typeof txID !== 'string' || txID.toLowerCase() !== hex(idOf(bytes))) {
    throw refused('has a txID that is not of raw_data_hex')
  }
  if (!isRecord(raw_data) || !says(raw_data, raw)) throw refused('has raw_data and raw_data_hex that are not the same')
  return { bytes, raw }
}

function parsed(bytes: Uint8Array): RawData {
  try {
    return decodeRaw(bytes)
  } catch {
    throw refused('is not a transfer or a call of a contract, of one owner with the usual permission')
  }
}

/** Whether the readable form says what the bytes say, and nothing else. */
function says(json: Json, { contract, ...raw }: RawData): boolean {
  const {
    ref_block_bytes,
    ref_block_hash,
    expiration,
    timestamp,
    data,
    fee_limit,
    contract: contracts,
    ...others
  } = json
  return (
    Object.keys(others).length === 0 &&
    isHexOf(ref_block_bytes, raw.refBlockBytes) &&
    isHexOf(ref_block_hash, raw.refBlockHash) &&
    isNumber(expiration, raw.expiration) &&
    isNumber(timestamp, raw.timestamp) &&
    isNumber(fee_limit, raw.feeLimit) &&
    isHexOf(data, raw.memo) &&
    Array.isArray(contracts) &&
    contracts.length === 1 &&
    saysContract(contracts[0], contract)
  )
}

function saysContract(json: unknown, contract: Contract): boolean {
  if (!isRecord(json) || json.type !== contract.type || !isRecord(json.parameter)) return false
  const { type, parameter, ...others } = json
  const { value, type_url, ...more } = parameter as Json
  if (Object.keys({ ...others, ...more }).length > 0 || !isRecord(value)) return false
  if (type_url !== `type.googleapis.com/protocol.${contract.type}`) return false
  return contract.type === 'TransferContract' ? saysTransfer(value, contract) : saysCall(value, contract)
}

function saysTransfer(
  { owner_address, to_address, amount, ...others }: Json,
  contract: Contract & { readonly type: 'TransferContract' },
): boolean {
  return (
    Object.keys(others).length === 0 &&
    isAddress(owner_address, contract.owner) &&
    isAddress(to_address, contract.to) &&
    isNumber(amount, contract.amount)
  )
}

function saysCall(
  { owner_address, contract_address, call_value, data, call_token_value, token_id, ...others }: Json,
  contract: Contract & { readonly type: 'TriggerSmartContract' },
): boolean {
  return (
    Object.keys(others).length === 0 &&
    isAddress(owner_address, contract.owner) &&
    isAddress(contract_address, contract.contract) &&
    isNumber(call_value, contract.callValue) &&
    isNumber(call_token_value, 0n) &&
    isNumber(token_id, 0n) &&
    isHexOf(data, contract.data)
  )
}

/** Libraries leave zeros out. */
function isNumber(value: unknown, expected: bigint): boolean {
  if (value === undefined) return expected === 0n
  return typeof value === 'number' && Number.isSafeInteger(value) && BigInt(value) === expected
}

function isHexOf(value: unknown, expected: Uint8Array): boolean {
  if (value === undefined) return expected.length === 0
  const bytes = checkedHex(value)
  return bytes !== null && equalBytes(bytes, expected)
}

function isAddress(value: unknown, expected: Uint8Array): boolean {
  return equalBytes(addressBytes(value, field), expected)
}

function checkedHex(value: unknown): Uint8Array | null {
  if (typeof value !== 'string' || value.length > hexDigitsMax || !/^([0-9a-f]{2})*$/i.test(value)) return null
  return bytesOfHex(value)
}

function isRecord(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function refused(what: string): BadTransaction {
  return new BadTransaction(field, what)
}
