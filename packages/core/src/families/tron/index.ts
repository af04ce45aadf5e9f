import { bytesOfHex, concat, hex, utf8 } from '../../kernel/bytes.ts'
import type { Effects } from '../effects.ts'
import { BadTransaction, type ChainFactsNow, type Family, type ToSign, type TransactionRequest } from '../family.ts'
import { agreesWith, isGiven, numberBetween, onlyFields, recipientOf, textUpTo } from '../request.ts'
import { checkedSignature } from '../secp256k1.ts'
import { addressBytes, addressOf, addressOfBytes } from './addresses.ts'
import { type Prebuilt, readTronTransaction } from './prebuilt.ts'
import { type Contract, encodeRaw, idOf, type RawData, signedTransaction } from './raw.ts'
import { effectsOfContract } from './reading.ts'

export interface TronDraft {
  readonly from: string
  readonly contract: Contract
  readonly memo: Uint8Array
  readonly feeLimit: bigint
  readonly prebuilt: Prebuilt | null
}

export interface TronUnsigned extends ToSign {
  /** `raw_data`, encoded. */
  readonly bytes: Uint8Array
}

const feeLimitDefault = 100_000_000n
/** The limit of the main network. */
const feeLimitMax = 15_000_000_000n
const amountMax = 2n ** 63n - 1n
const lifetimeMs = 60_000n

/** Sun for each byte, unless the account has bandwidth left. The network counts 64 bytes for the result. */
const bandwidthPrice = 1_000n
const resultBytes = 64
/** What the first transfer to an address costs, and what a memo costs. */
const activation = 1_100_000n
const memoFee = 1_000_000n

/**
 * Tron: transfers of TRX and of TRC-20 tokens, and prebuilt transfers and calls of contracts.
 *
 * @example
 * const draft = tron.draft({ to: 'T…', value: 5_000_000n, fields: { token_mint: usdt, fee_limit_sun: 40_000_000 } }, network, from)
 * const unsigned = tron.build(draft, { ...nothingAsked, tip }, publicKey)
 */
export const tron: Family<TronDraft, TronUnsigned> = {
  name: 'tron',
  keyChain: 'tron',
  curve: 'secp256k1',
  address: addressOf,
  canonical: (address) => addressOfBytes(addressBytes(address, 'to')),

  draft: (request, _, from) => {
    onlyFields(request.fields, 'Tron', ['fee_limit_sun', 'memo', 'token_decimals', 'token_mint', 'tron_transaction'])
    if (isGiven(request.fields, 'tron_transaction')) return prebuiltDraft(request, from)
    const memo = utf8(textUpTo(request.fields, 'memo', 512) ?? '')
    const limit = numberBetween(request.fields, 'fee_limit_sun', 1n, feeLimitMax)
    const isToken = isGiven(request.fields, 'token_mint')
    if (limit !== null && !isToken) throw new BadTransaction('fee_limit_sun', 'is only for calls of contracts')
    const contract = isToken ? tokenTransfer(request, from) : transfer(request, from)
    return { from, contract, memo, feeLimit: isToken ? (limit ?? feeLimitDefault) : 0n, prebuilt: null }
  },

  effects: ({ contract }) => effectsOfContract(contract, null),

  lookups: ({ contract }) => (contract.type === 'TransferContract' ? [addressOfBytes(contract.to)] : []),

  build: (draft, facts, publicKey) => {
    if (addressOf(publicKey) !== draft.from) throw new Error('The public key is not of this address.')
    const raw = draft.prebuilt?.raw ?? completed(draft, facts)
    const bytes = draft.prebuilt?.bytes ?? encodeRaw(raw)
    const overhead = overheadOf(raw, bytes, facts)
    return { effects: effectsOfContract(raw.contract, overhead), toSign: [idOf(bytes)], bytes }
  },

  assemble: ({ bytes: raw, toSign }, [signature], publicKey) => {
    const digest = toSign[0] as Uint8Array
    const proof = checkedSignature(signature, digest, publicKey)
    const recovery = (signature as Uint8Array)[64] as number
    const bytes = signedTransaction(raw, concat(proof, Uint8Array.of(27 + recovery)))
    return { bytes, text: hex(bytes), id: hex(digest) }
  },
}

function transfer(request: TransactionRequest, from: string): Contract {
  const to = addressBytes(recipientOf(request), 'to')
  if (request.value <= 0n || request.value > amountMax)
    throw new BadTransaction('value', 'must be from 1 to 2^63 - 1 sun')
  if (addressOfBytes(to) === from) throw new BadTransaction('to', 'is the address that pays')
  return { type: 'TransferContract', owner: addressBytes(from, 'to'), to, amount: request.value }
}

const transferSelector = Uint8Array.of(0xa9, 0x05, 0x9c, 0xbb)

function tokenTransfer(request: TransactionRequest, from: string): Contract {
  const to = addressBytes(recipientOf(request), 'to')
  const contract = addressBytes(request.fields.token_mint, 'token_mint')
  if (request.value <= 0n || request.value >= 2n ** 256n)
    throw new BadTransaction('value', 'must be from 1 to 2^256 - 1')
  const amount = Uint8Array.from({ length: 32 }, (_, at) => Number((request.value >> BigInt(8 * (31 - at))) & 0xffn))
  const data = concat(transferSelector, new Uint8Array(12), to.subarray(1), amount)
  return { type: 'TriggerSmartContract', owner: addressBytes(from, 'to'), contract, callValue: 0n, data }
}

function prebuiltDraft(request: TransactionRequest, from: string): TronDraft {
  for (const name of ['fee_limit_sun', 'memo', 'token_mint'] as const) {
    if (isGiven(request.fields, name)) throw new BadTransaction(name, 'is decided by tron_transaction')
  }
  const prebuilt = readTronTransaction(request.fields.tron_transaction)
  const { contract, memo, feeLimit } = prebuilt.raw
  const { transfers, native, calls } = effectsOfPrebuilt(prebuilt)
  if (addressOfBytes(contract.owner) !== from) {
    throw new BadTransaction('tron_transaction', 'has an owner that is not the address that signs')
  }
  if (feeLimit > feeLimitMax)
    throw new BadTransaction('tron_transaction', `must have a fee_limit of at most ${feeLimitMax}`)
  const to = request.to ? addressOfBytes(addressBytes(request.to, 'to')) : null
  const recipients = [...transfers, ...calls].map((one) => one.to)
  agreesWith({ to, value: request.value }, { field: 'tron_transaction', recipients, native })
  return { from, contract, memo, feeLimit, prebuilt }
}

function effectsOfPrebuilt({ raw }: Prebuilt): Effects {
  try {
    return effectsOfContract(raw.contract, null)
  } catch {
    throw new BadTransaction('tron_transaction', 'has an address that is none')
  }
}

function completed({ contract, memo, feeLimit }: TronDraft, { tip }: ChainFactsNow): RawData {
  const id = tip && /^[0-9a-f]{64}$/i.test(tip.id) ? tip.id : null
  if (!tip || id === null) throw new BadTransaction('chain', 'has no node that knows the last block')
  const timestamp = BigInt(tip.at)
  return {
    refBlockBytes: bytesOfHex((tip.height & 0xffffn).toString(16).padStart(4, '0')),
    refBlockHash: bytesOfHex(id.slice(16, 32)),
    expiration: timestamp + lifetimeMs,
    timestamp,
    memo,
    feeLimit,
    contract,
  }
}

/** The most: as if the account had no bandwidth and no energy of its own. */
function overheadOf(raw: RawData, bytes: Uint8Array, { fees, existing }: ChainFactsNow): bigint {
  const price = fees?.model === 'size' ? fees.perKilobyte : 1_000n * bandwidthPrice
  const size = BigInt(signedTransaction(bytes, new Uint8Array(65)).length + resultBytes)
  const { contract } = raw
  const isNew = contract.type === 'TransferContract' && !existing?.includes(addressOfBytes(contract.to))
  const memo = raw.memo.length > 0 ? memoFee : 0n
  return (size * price + 999n) / 1_000n + raw.feeLimit + memo + (isNew ? activation : 0n)
}
