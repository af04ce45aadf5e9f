import { sha256 } from '@noble/hashes/sha2.js'
import { equalBytes, fromUtf8, utf8 } from '../../kernel/bytes.ts'
import { type FieldValue, fieldsOf, message } from './protobuf.ts'

/** The part of a transaction that is signed: `raw_data` in the API of Tron. */
export interface RawData {
  readonly refBlockBytes: Uint8Array
  readonly refBlockHash: Uint8Array
  /** Milliseconds since 1970. */
  readonly expiration: bigint
  readonly timestamp: bigint
  readonly memo: Uint8Array
  readonly feeLimit: bigint
  readonly contract: Contract
}

/** The contracts that Pawl signs. Addresses have 21 bytes. */
export type Contract =
  | { readonly type: 'TransferContract'; readonly owner: Uint8Array; readonly to: Uint8Array; readonly amount: bigint }
  | {
      readonly type: 'TriggerSmartContract'
      readonly owner: Uint8Array
      readonly contract: Uint8Array
      readonly callValue: bigint
      readonly data: Uint8Array
    }

const numbers = { TransferContract: 1n, TriggerSmartContract: 31n } as const
const urlPrefix = 'type.googleapis.com/protocol.'

export function encodeRaw(raw: RawData): Uint8Array {
  const { type } = raw.contract
  const parameter = message([1, utf8(`${urlPrefix}${type}`)], [2, encodeContract(raw.contract)])
  return message(
    [1, raw.refBlockBytes],
    [4, raw.refBlockHash],
    [8, raw.expiration],
    [10, raw.memo],
    [11, message([1, numbers[type]], [2, parameter])],
    [14, raw.timestamp],
    [18, raw.feeLimit],
  )
}

/** The id of a transaction. Its signature does not change it. */
export function idOf(raw: Uint8Array): Uint8Array {
  return sha256(raw)
}

/** Throws a `RangeError` unless the bytes are exactly those that `encodeRaw` gives, so nothing in them stays unread. */
export function decodeRaw(bytes: Uint8Array): RawData {
  const fields = fieldsOf(bytes)
  const contract = fieldsOf(bytesAt(fields, 11))
  const parameter = fieldsOf(bytesAt(contract, 2))
  const raw = {
    refBlockBytes: bytesAt(fields, 1),
    refBlockHash: bytesAt(fields, 4),
    expiration: numberAt(fields, 8),
    timestamp: numberAt(fields, 14),
    memo: bytesAt(fields, 10),
    feeLimit: numberAt(fields, 18),
    contract: decodeContract(fromUtf8(bytesAt(parameter, 1)), fieldsOf(bytesAt(parameter, 2))),
  }
  if (!equalBytes(encodeRaw(raw), bytes)) throw new RangeError('unread')
  return raw
}

export function signedTransaction(raw: Uint8Array, signature: Uint8Array): Uint8Array {
  return message([1, raw], [2, signature])
}

function encodeContract(contract: Contract): Uint8Array {
  if (contract.type === 'TransferContract') return message([1, contract.owner], [2, contract.to], [3, contract.amount])
  return message([1, contract.owner], [2, contract.contract], [3, contract.callValue], [4, contract.data])
}

function decodeContract(url: string, fields: ReadonlyMap<number, FieldValue>): Contract {
  const owner = bytesAt(fields, 1)
  if (url === `${urlPrefix}TransferContract`) {
    return { type: 'TransferContract', owner, to: bytesAt(fields, 2), amount: numberAt(fields, 3) }
  }
  if (url !== `${urlPrefix}TriggerSmartContract`) throw new RangeError('contract')
  const [callValue, data] = [numberAt(fields, 3), bytesAt(fields, 4)]
  return { type: 'TriggerSmartContract', owner, contract: bytesAt(fields, 2), callValue, data }
}

function bytesAt(fields: ReadonlyMap<number, FieldValue>, number: number): Uint8Array {
  const value = fields.get(number) ?? new Uint8Array(0)
  if (typeof value === 'bigint') throw new RangeError('bytes')
  return value
}

/** Not negative: the chain has numbers of 63 bits. */
function numberAt(fields: ReadonlyMap<number, FieldValue>, number: number): bigint {
  const value = fields.get(number) ?? 0n
  if (typeof value !== 'bigint' || value >= 2n ** 63n) throw new RangeError('number')
  return value
}
