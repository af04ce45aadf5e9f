import { keccak_256 } from '@noble/hashes/sha3.js'
import { concat, hex } from '../../kernel/bytes.ts'
import { type Item, rlp } from '../../kernel/rlp.ts'
import type { Effects } from '../effects.ts'
import { BadTransaction, type ChainFactsNow, type SignedTransaction, type ToSign } from '../family.ts'
import { addressBytes } from './address.ts'
import type { EvmDraft, TransactionType } from './draft.ts'
import { effectsOfDraft } from './effects.ts'

/** A transaction that lacks nothing but its signature. */
export interface EvmUnsigned extends ToSign {
  readonly transaction: EvmTransaction
}

/** A draft in which the chain has decided everything. */
export interface EvmTransaction extends EvmDraft {
  readonly type: TransactionType
  readonly nonce: bigint
  readonly gasLimit: bigint
}

/** A node that lies about fees could spend the whole balance. A caller who means it can name more. */
export const automaticFeeMax = 10n ** 18n

/** The tip that is offered if neither the request nor the chain says one. */
const usualPriorityFee = 1_500_000_000n

/** Fills in what the chain knows. Throws `BadTransaction` if it is not known. */
export function buildTransaction(draft: EvmDraft, facts: ChainFactsNow): EvmUnsigned {
  const transaction = { ...draft, ...feesOf(draft, facts), nonce: nonceOf(draft, facts), gasLimit: gasOf(draft, facts) }
  const effects: Effects = effectsOfDraft(transaction)
  const isAutomatic = draft.maxFee === null && draft.gasPrice === null
  if (isAutomatic && (effects.overhead ?? 0n) > automaticFeeMax) {
    throw new BadTransaction('max_fee_per_gas', 'is missing. The node asks for fees of more than 1 in total')
  }
  const { nonce, maxFee, priorityFee } = transaction
  const chosen = { nonce, maxFee, priorityFee }
  return { transaction, effects, chosen, toSign: [keccak_256(encode(transaction, null))] }
}

function nonceOf({ nonce }: EvmDraft, { account }: ChainFactsNow): bigint {
  if (nonce !== null) return nonce
  if (account?.model === 'counter') return account.next
  throw new BadTransaction('nonce', 'is missing, and no node of the chain is configured that knows it')
}

/** The gas that a simulation used, and a fifth more, because the state can change before the block. */
function gasOf({ gasLimit, data }: EvmDraft, { fuel }: ChainFactsNow): bigint {
  if (gasLimit !== null) return gasLimit
  if (fuel !== null) return (fuel * 6n) / 5n
  const why = data.length > 0 ? 'for a call with data' : 'for this type of transaction'
  throw new BadTransaction('gas_limit', `is missing. It is required ${why} if no node estimates it`)
}

type Fees = Pick<EvmTransaction, 'type' | 'gasPrice' | 'maxFee' | 'priorityFee'>

export function feesOf(draft: EvmDraft, { fees }: Pick<ChainFactsNow, 'fees'>): Fees {
  const gas = fees?.model === 'gas' ? fees : null
  const type = draft.type ?? (gas !== null && gas.base === null ? 0 : 2)
  if (type === 0 || type === 1) {
    const gasPrice = draft.gasPrice ?? (gas && (gas.base ?? 0n) + gas.priority)
    if (gasPrice === null) throw new BadTransaction('gas_price', missingFee)
    return { type, gasPrice, maxFee: null, priorityFee: null }
  }
  const priorityFee = draft.priorityFee ?? gas?.priority ?? usualPriorityFee
  // Twice the base fee lasts for six full blocks.
  const maxFee = draft.maxFee ?? (gas && (gas.base ?? 0n) * 2n + priorityFee)
  if (maxFee === null) throw new BadTransaction('max_fee_per_gas', missingFee)
  return { type, gasPrice: null, maxFee, priorityFee: priorityFee > maxFee ? maxFee : priorityFee }
}

const missingFee = 'is missing, and no node of the chain is configured that knows the fees'

/** A signature of 65 bytes: r ‖ s ‖ recovery bit. */
export function assembleTransaction({ transaction }: EvmUnsigned, signature: Uint8Array): SignedTransaction {
  const bytes = encode(transaction, signature)
  return { bytes, text: `0x${hex(bytes)}`, id: `0x${hex(keccak_256(bytes))}` }
}

/** What is signed, and with a signature what is sent. */
function encode(transaction: EvmTransaction, signature: Uint8Array | null): Uint8Array {
  const { type } = transaction
  const chainId = chainIdOf(transaction)
  const fields = fieldsOf(transaction, chainId)
  const [r, s, recovery] = signature ? signatureParts(signature) : [0n, 0n, 0n]
  if (type === 0) {
    // EIP-155: the signature is for this chain only.
    return rlp(signature ? [...fields, chainId * 2n + 35n + recovery, r, s] : [...fields, chainId, 0n, 0n])
  }
  return concat(Uint8Array.of(type), rlp(signature ? [...fields, recovery, r, s] : fields))
}

function fieldsOf(transaction: EvmTransaction, chainId: bigint): Item[] {
  const { type, nonce, gasPrice, gasLimit, to, value, data, maxFee, priorityFee } = transaction
  const call = [gasLimit, addressBytes(to), value, data]
  const accessList = transaction.accessList.map(({ address, keys }) => [addressBytes(address), keys])
  if (type === 0) return [nonce, gasPrice ?? 0n, ...call]
  if (type === 1) return [chainId, nonce, gasPrice ?? 0n, ...call, accessList]
  const newer = [chainId, nonce, priorityFee ?? 0n, maxFee ?? 0n, ...call, accessList]
  if (type === 2) return newer
  if (type === 3) return [...newer, transaction.maxFeePerBlobGas ?? 0n, transaction.blobHashes]
  const authorizations = transaction.authorizations.map((one) => [
    ...[one.chainId, addressBytes(one.address), one.nonce],
    ...[one.yParity, one.r, one.s],
  ])
  return [...newer, authorizations]
}

function chainIdOf({ network }: EvmTransaction): bigint {
  if (network.chainId === null) throw new BadTransaction('chain', 'has no chain ID')
  return BigInt(network.chainId)
}

/** r and s without leading zeros, as RLP encodes numbers, and the recovery bit. */
function signatureParts(signature: Uint8Array): readonly [Uint8Array, Uint8Array, bigint] {
  const [recovery] = signature.subarray(64)
  if (signature.length !== 65 || (recovery !== 0 && recovery !== 1)) throw new TypeError('a signature has 65 bytes')
  return [withoutZeros(signature.subarray(0, 32)), withoutZeros(signature.subarray(32, 64)), BigInt(recovery)]
}

function withoutZeros(bytes: Uint8Array): Uint8Array {
  const first = bytes.findIndex((byte) => byte !== 0)
  return first === -1 ? bytes.subarray(32) : bytes.subarray(first)
}
