import { secp256k1 } from '@noble/curves/secp256k1.js'
import { bytesOfHex, concat, hex } from '../../kernel/bytes.ts'
import { addressBytes, addressOf } from './address.ts'
import { selector } from './known-functions.ts'
import { personalDigest } from './messages.ts'
import { readTypedData } from './typed-data.ts'

// Safe: a contract account with several owners. What the owners sign, and how the contract wants it called.

/** Versions of the contract with this form of transactions. Before 1.3.0, a signature holds on every chain. */
export const safeVersions = ['1.0.0', '1.1.0', '1.1.1', '1.2.0', '1.3.0', '1.4.0', '1.4.1', '1.5.0'] as const
export type SafeVersion = (typeof safeVersions)[number]

export interface Safe {
  readonly address: string
  readonly chainId: number
  readonly version: SafeVersion
}

/** A transaction of a Safe. The Safe refunds no gas, so the fields about that are zero. */
export interface SafeTransaction {
  readonly to: string
  readonly value: bigint
  readonly data: Uint8Array
  /** 0: a call. 1: a delegatecall, which runs foreign code as the Safe. */
  readonly operation: 0 | 1
  readonly nonce: bigint
}

const none = `0x${'0'.repeat(40)}`
const members = [
  ...['address to', 'uint256 value', 'bytes data', 'uint8 operation', 'uint256 safeTxGas', 'uint256 baseGas'],
  ...['uint256 gasPrice', 'address gasToken', 'address refundReceiver', 'uint256 nonce'],
].map((one) => {
  const [type = '', name = ''] = one.split(' ')
  return { name, type }
})

/** What the owners sign (EIP-712). */
export function safeTxHash({ address, chainId, version }: Safe, transaction: SafeTransaction): Uint8Array {
  const { to, value, data, operation, nonce } = transaction
  const hasChain = !/^1\.[0-2]\./.test(version)
  const { digest } = readTypedData({
    types: { SafeTx: members },
    primaryType: 'SafeTx',
    domain: { ...(hasChain && { chainId }), verifyingContract: address },
    message: {
      ...{ to, value: value.toString(), data: `0x${hex(data)}`, operation, nonce: nonce.toString() },
      ...{ safeTxGas: 0, baseGas: 0, gasPrice: 0, gasToken: none, refundReceiver: none },
    },
  })
  return digest
}

/** Who a signature of 65 bytes is of, as the Safe reads it. Null: the Safe does not accept such a signature. */
export type SafeSigner =
  /** The bytes prove it. */
  | { readonly proof: 'signature'; readonly address: string }
  /** The owner approved the hash on the chain, so only the chain can tell. */
  | { readonly proof: 'approved_hash'; readonly address: string }

/**
 * Reads a signature by its last byte. 27 and 28: over the hash. 31 and 32: over the message that `eth_sign` makes of the
 * hash. 1: the owner approved the hash on the chain. 0, a signature of a contract, is not supported.
 */
export function safeSigner(hash: Uint8Array, signature: Uint8Array): SafeSigner | null {
  const v = signature[64]
  if (signature.length !== 65 || v === undefined) return null
  if (v === 1) {
    const isPlain = signature.subarray(0, 12).every((byte) => byte === 0)
    return isPlain ? { proof: 'approved_hash', address: addressIn(signature.subarray(0, 32)) } : null
  }
  const isMessage = v === 31 || v === 32
  if (v !== 27 && v !== 28 && !isMessage) return null
  const address = recovered(isMessage ? personalDigest(hash) : hash, signature, isMessage ? v - 31 : v - 27)
  return address === null ? null : { proof: 'signature', address }
}

function recovered(digest: Uint8Array, signature: Uint8Array, bit: number): string | null {
  try {
    const parsed = secp256k1.Signature.fromBytes(signature.subarray(0, 64)).addRecoveryBit(bit)
    return addressOf(parsed.recoverPublicKey(digest).toBytes(false))
  } catch {
    // The numbers are no signature of any key.
    return null
  }
}

/** The address in the last 20 bytes of a word. */
function addressIn(word: Uint8Array): string {
  return `0x${hex(word.subarray(12))}`
}

export interface OwnerSignature {
  readonly owner: string
  readonly signature: Uint8Array
}

/** The signatures in the order that the contract wants: by address, as numbers. */
export function packedSignatures(signatures: readonly OwnerSignature[]): Uint8Array {
  const sorted = signatures.toSorted((a, b) => (a.owner.toLowerCase() < b.owner.toLowerCase() ? -1 : 1))
  return concat(...sorted.map(({ signature }) => signature))
}

/** The call of the Safe that carries out the transaction. Anyone can send it. */
export function execTransactionData(transaction: SafeTransaction, signatures: readonly OwnerSignature[]): Uint8Array {
  const { to, value, data, operation } = transaction
  const head = 10 * 32
  const packed = packedSignatures(signatures)
  return concat(
    selectorBytes('execTransaction(address,uint256,bytes,uint8,uint256,uint256,uint256,address,address,bytes)'),
    ...[addressWord(to), word(value), word(BigInt(head)), word(BigInt(operation))],
    // Gas, its price and its token, and who gets the refund.
    new Uint8Array(5 * 32),
    word(BigInt(head + 32 + padded(data).length)),
    ...[word(BigInt(data.length)), padded(data), word(BigInt(packed.length)), padded(packed)],
  )
}

/** Reads the nonce of the next transaction of the Safe. */
export function nonceCallData(): Uint8Array {
  return selectorBytes('nonce()')
}

/** Reads whether an owner has approved a hash on the chain. The result is not 0 then. */
export function approvedHashesData(owner: string, hash: Uint8Array): Uint8Array {
  return concat(selectorBytes('approvedHashes(address,bytes32)'), addressWord(owner), hash)
}

/** Reads how many owners must sign. */
export function thresholdCallData(): Uint8Array {
  return selectorBytes('getThreshold()')
}

/** Reads the owners. */
export function ownersCallData(): Uint8Array {
  return selectorBytes('getOwners()')
}

/** The addresses that `getOwners` returned, in lowercase. Null: the answer is no list of addresses. */
export function ownersIn(returned: Uint8Array): readonly string[] | null {
  const words = Array.from({ length: returned.length / 32 }, (_, at) => hex(returned.subarray(32 * at, 32 * at + 32)))
  const [offset = '', length = '', ...owners] = words
  const isList = BigInt(`0x0${offset}`) === 32n && BigInt(`0x0${length}`) === BigInt(owners.length)
  if (returned.length % 32 !== 0 || !isList || !owners.every((owner) => owner.startsWith('0'.repeat(24)))) return null
  return owners.map((owner) => `0x${owner.slice(24)}`)
}

export function selectorBytes(signature: string): Uint8Array {
  return bytesOfHex(selector(signature).slice(2))
}

export function word(number: bigint): Uint8Array {
  return bytesOfHex(number.toString(16).padStart(64, '0'))
}

export function addressWord(address: string): Uint8Array {
  return concat(new Uint8Array(12), addressBytes(address))
}

export function padded(bytes: Uint8Array): Uint8Array {
  return concat(bytes, new Uint8Array((32 - (bytes.length % 32)) % 32))
}
