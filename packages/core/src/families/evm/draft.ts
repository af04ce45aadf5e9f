import { concat } from '../../kernel/bytes.ts'
import { BadTransaction, type Network, type TransactionRequest } from '../family.ts'
import { hexBytes, hexField, textField, wholeNumber, wholeNumberOf } from '../fields.ts'
import { addressBytes, canonicalAddress } from './address.ts'
import type { ContractCall } from './known-functions.ts'

const transactionTypes = [0, 1, 2, 3, 4] as const
export type TransactionType = (typeof transactionTypes)[number]

/** A transaction of an EVM chain, as far as the request says it. Null: the chain decides. */
export interface EvmDraft extends ContractCall {
  readonly network: Network
  readonly from: string
  readonly type: TransactionType | null
  readonly nonce: bigint | null
  readonly gasLimit: bigint | null
  readonly gasPrice: bigint | null
  readonly maxFee: bigint | null
  readonly priorityFee: bigint | null
  readonly accessList: readonly AccessEntry[]
  readonly maxFeePerBlobGas: bigint | null
  readonly blobHashes: readonly Uint8Array[]
  readonly authorizations: readonly Authorization[]
}

interface AccessEntry {
  readonly address: string
  readonly keys: readonly Uint8Array[]
}

/** EIP-7702: the account of its signer runs the code of this address from then on. */
interface Authorization {
  readonly chainId: bigint
  readonly address: string
  readonly nonce: bigint
  readonly yParity: bigint
  readonly r: bigint
  readonly s: bigint
}

const wide = 2n ** 64n - 1n
/** The answers show the nonce, and the next one, as numbers of JSON. No account has sent so many transactions. */
const nonceMax = BigInt(Number.MAX_SAFE_INTEGER) - 1n
/** A plain transfer. */
const transferGas = 21_000n
const dataBytesMax = 131_072
const entriesMax = 1_000

/** Reads a request. Throws `BadTransaction`, which names the field. */
export function draftOf({ to, value, fields }: TransactionRequest, network: Network, from: string): EvmDraft {
  refuseOthers(fields)
  const call = callOf(to, value, fields)
  const type = typeOf(fields)
  const draft = {
    network,
    from,
    type,
    nonce: wholeNumber(fields, 'nonce', nonceMax),
    gasLimit: wholeNumber(fields, 'gas_limit', wide) ?? (call.data.length === 0 ? plainGas(type) : null),
    gasPrice: wholeNumber(fields, 'gas_price'),
    maxFee: wholeNumber(fields, 'max_fee_per_gas'),
    priorityFee: wholeNumber(fields, 'max_priority_fee_per_gas'),
    accessList: listOf(fields, 'access_list', accessEntry),
    maxFeePerBlobGas: wholeNumber(fields, 'max_fee_per_blob_gas'),
    blobHashes: listOf(fields, 'blob_versioned_hashes', (given) => hexBytes(given, 'blob_versioned_hashes', 32)),
    authorizations: listOf(fields, 'authorization_list', authorization),
    ...call,
  }
  checkFees(draft)
  checkType(draft)
  return draft
}

/** A smart contract can be the recipient, and lists cost gas, so only a plain transfer has a known price. */
function plainGas(type: TransactionType | null): bigint | null {
  return type === null || type === 0 || type === 2 ? transferGas : null
}

function refuseOthers(fields: TransactionRequest['fields']): void {
  for (const name of ['raw_transaction', 'tron_transaction', 'xrpl_tx_json']) {
    if (fields[name] !== undefined && fields[name] !== null) {
      throw new BadTransaction(name, 'is not for EVM chains. Send the fields of the transaction')
    }
  }
}

/** A token in `token_mint` means a transfer of this token to `to`. */
function callOf(to: string | null, value: bigint, fields: TransactionRequest['fields']): ContractCall {
  if (to === null) throw new BadTransaction('to', 'is missing. Pawl does not create contracts')
  const recipient = canonicalAddress(to, 'to')
  const data = hexField(fields, 'data') ?? new Uint8Array(0)
  if (data.length > dataBytesMax) throw new BadTransaction('data', `must have at most ${dataBytesMax} bytes`)
  const token = textField(fields, 'token_mint')
  if (token === null) return { to: recipient, value, data }
  if (data.length > 0) throw new BadTransaction('data', 'must be empty if token_mint is set')
  return { to: canonicalAddress(token, 'token_mint'), value: 0n, data: tokenTransfer(recipient, value) }
}

function tokenTransfer(to: string, amount: bigint): Uint8Array {
  const selector = Uint8Array.of(0xa9, 0x05, 0x9c, 0xbb)
  return concat(
    selector,
    new Uint8Array(12),
    addressBytes(to),
    hexBytes(`0x${amount.toString(16).padStart(64, '0')}`, 'value'),
  )
}

/** What the fields say. Fees of the older style alone mean the older type. */
function typeOf(fields: TransactionRequest['fields']): TransactionType | null {
  const wanted = wholeNumber(fields, 'tx_type')
  if (wanted !== null) {
    const type = transactionTypes.find((one) => BigInt(one) === wanted)
    if (type === undefined) throw new BadTransaction('tx_type', 'must be 0, 1, 2, 3 or 4')
    return type
  }
  const has = (name: string) => Array.isArray(fields[name]) && (fields[name] as unknown[]).length > 0
  if (has('authorization_list')) return 4
  if (has('blob_versioned_hashes')) return 3
  const isOlder = wholeNumber(fields, 'gas_price') !== null
  if (has('access_list')) return isOlder ? 1 : 2
  if (isOlder) return 0
  return wholeNumber(fields, 'max_fee_per_gas') === null ? null : 2
}

function checkFees({ gasPrice, maxFee, priorityFee, type }: EvmDraft): void {
  if (gasPrice !== null && (maxFee !== null || priorityFee !== null)) {
    throw new BadTransaction('gas_price', 'must not be set together with max_fee_per_gas or max_priority_fee_per_gas')
  }
  if (maxFee !== null && priorityFee !== null && priorityFee > maxFee) {
    throw new BadTransaction('max_priority_fee_per_gas', 'must not be more than max_fee_per_gas')
  }
  const isOlder = type === 0 || type === 1
  if (isOlder && (maxFee !== null || priorityFee !== null)) {
    throw new BadTransaction('max_fee_per_gas', `is not for transactions of type ${type}`)
  }
  if (type !== null && !isOlder && gasPrice !== null) {
    throw new BadTransaction('gas_price', `is not for transactions of type ${type}`)
  }
}

function checkType({ type, accessList, blobHashes, maxFeePerBlobGas, authorizations }: EvmDraft): void {
  const only = (name: string, isGiven: boolean, wanted: TransactionType) => {
    if (isGiven && type !== wanted) throw new BadTransaction(name, `is only for transactions of type ${wanted}`)
  }
  if (type === 0 && accessList.length > 0) throw new BadTransaction('access_list', 'is not for transactions of type 0')
  only('blob_versioned_hashes', blobHashes.length > 0, 3)
  only('max_fee_per_blob_gas', maxFeePerBlobGas !== null, 3)
  only('authorization_list', authorizations.length > 0, 4)
  if (type === 3 && blobHashes.length === 0) throw new BadTransaction('blob_versioned_hashes', 'must not be empty')
  if (type === 3 && maxFeePerBlobGas === null) throw new BadTransaction('max_fee_per_blob_gas', 'is missing')
  if (type === 3 && blobHashes.some(([version]) => version !== 1)) {
    throw new BadTransaction('blob_versioned_hashes', 'must begin with 0x01')
  }
  if (type === 4 && authorizations.length === 0) throw new BadTransaction('authorization_list', 'must not be empty')
}

function listOf<T>(fields: TransactionRequest['fields'], name: string, read: (given: unknown) => T): readonly T[] {
  const given = fields[name]
  if (given === undefined || given === null) return []
  if (!Array.isArray(given)) throw new BadTransaction(name, 'must be a list')
  if (given.length > entriesMax) throw new BadTransaction(name, `must have at most ${entriesMax} entries`)
  return given.map(read)
}

function accessEntry(given: unknown): AccessEntry {
  const { address, storage_keys, storageKeys } = objectOf(given, 'access_list')
  const keys = storage_keys ?? storageKeys ?? []
  if (!Array.isArray(keys)) throw new BadTransaction('access_list', 'must have lists of storage_keys')
  return {
    address: canonicalAddress(address, 'access_list'),
    keys: keys.map((key) => hexBytes(key, 'access_list', 32)),
  }
}

function authorization(given: unknown): Authorization {
  const field = 'authorization_list'
  const { chain_id, chainId, address, nonce, y_parity, yParity, r, s } = objectOf(given, field)
  const number = (value: unknown) => {
    const read = wholeNumberOf(value)
    if (read !== null) return read
    throw new BadTransaction(field, 'must have entries with chain_id, address, nonce, y_parity, r and s')
  }
  return {
    chainId: number(chain_id ?? chainId),
    address: canonicalAddress(address, field),
    nonce: number(nonce),
    yParity: number(y_parity ?? yParity),
    r: number(r),
    s: number(s),
  }
}

function objectOf(given: unknown, field: string): Readonly<Record<string, unknown>> {
  if (given === null || typeof given !== 'object') throw new BadTransaction(field, 'must be a list of objects')
  return given as Readonly<Record<string, unknown>>
}
