import { secp256k1 } from '@noble/curves/secp256k1.js'
import { keccak_256 } from '@noble/hashes/sha3.js'
import { bytesOfHex, concat, hex, utf8 } from '../../kernel/bytes.ts'
import { numberBytes as quantity, rlp } from '../../kernel/rlp.ts'
import { ChainRejected } from '../chain.ts'

// The signed EVM transactions that the chain in memory accepts: legacy (EIP-155) and EIP-1559.

export interface EvmTransaction {
  /** `0x` and the Keccak-256 of the signed bytes. */
  readonly id: string
  readonly chainId: bigint
  readonly from: string
  /** Null creates a contract. */
  readonly to: string | null
  readonly value: bigint
  readonly nonce: bigint
  readonly data: Uint8Array
  readonly gasLimit: bigint
  /** Maximum fee per unit of gas, and the part of it for the block producer. */
  readonly feeMax: bigint
  readonly priority: bigint
}

type Item = Uint8Array | readonly Item[]

const dynamicFee = 2

/** Throws `ChainRejected` if the bytes are not a signed transaction of these types. */
export function decodeTransaction(signed: Uint8Array): EvmTransaction {
  return signed[0] === dynamicFee ? decodeDynamic(signed) : decodeLegacy(signed)
}

function decodeDynamic(signed: Uint8Array): EvmTransaction {
  const all = fieldsOf(signed.subarray(1), 12)
  const [chainId, nonce, priority, feeMax, gasLimit, to, value, data, , parity, r, s] = all
  const digest = keccak_256(concat(Uint8Array.of(dynamicFee), rlp(all.slice(0, 9))))
  const from = signer(digest, number(r), number(s), number(parity))
  const fees = { feeMax: number(feeMax), priority: number(priority) }
  return transaction(signed, { chainId: number(chainId), from, nonce, gasLimit, to, value, data, ...fees })
}

function decodeLegacy(signed: Uint8Array): EvmTransaction {
  const all = fieldsOf(signed, 9)
  const [nonce, price, gasLimit, to, value, data, v, r, s] = all
  // Before EIP-155 a signature was valid on every chain. Such transactions are refused.
  if (number(v) < 35n) throw new ChainRejected('wrong_chain', 'The transaction is not bound to a chain.')
  const chainId = (number(v) - 35n) / 2n
  const digest = keccak_256(rlp([...all.slice(0, 6), quantity(chainId), quantity(0n), quantity(0n)]))
  const from = signer(digest, number(r), number(s), (number(v) - 35n) % 2n)
  const fee = number(price)
  return transaction(signed, { chainId, from, nonce, gasLimit, to, value, data, feeMax: fee, priority: fee })
}

interface Raw extends Pick<EvmTransaction, 'chainId' | 'from' | 'feeMax' | 'priority'> {
  readonly [field: string]: Item | bigint | string | undefined
}

function transaction(signed: Uint8Array, { chainId, from, feeMax, priority, ...raw }: Raw): EvmTransaction {
  const [to, data] = [raw.to, raw.data]
  if (!(to instanceof Uint8Array && data instanceof Uint8Array)) throw malformed()
  if (to.length !== 0 && to.length !== 20) throw malformed()
  return {
    id: `0x${hex(keccak_256(signed))}`,
    chainId,
    from,
    to: to.length === 0 ? null : checksummed(to),
    value: number(raw.value),
    nonce: number(raw.nonce),
    data,
    gasLimit: number(raw.gasLimit),
    feeMax,
    priority,
  }
}

/** Signs an EIP-1559 transaction. */
export function signTransaction(wanted: Omit<EvmTransaction, 'id' | 'from'>, key: Uint8Array): Uint8Array {
  const { chainId, nonce, priority, feeMax, gasLimit, to, value, data } = wanted
  const numbers = [chainId, nonce, priority, feeMax, gasLimit].map(quantity)
  const fields: Item[] = [...numbers, to === null ? quantity(0n) : addressBytes(to), quantity(value), data, []]
  const digest = keccak_256(concat(Uint8Array.of(dynamicFee), rlp(fields)))
  const signature = secp256k1.sign(digest, key, { prehash: false, format: 'recovered' })
  const parts = [signature.subarray(0, 1), signature.subarray(1, 33), signature.subarray(33)]
  const proof = parts.map((part) => quantity(numberOf(part)))
  return concat(Uint8Array.of(dynamicFee), rlp([...fields, ...proof]))
}

/** The address of a private key, with its checksum (EIP-55). */
export function addressOf(key: Uint8Array): string {
  return checksummed(keccak_256(secp256k1.getPublicKey(key, false).subarray(1)).subarray(12))
}

function checksummed(address: Uint8Array): string {
  const plain = hex(address)
  const digits = hex(keccak_256(utf8(plain)))
  return `0x${[...plain].map((digit, at) => ((digits[at] as string) >= '8' ? digit.toUpperCase() : digit)).join('')}`
}

function addressBytes(address: string): Uint8Array {
  if (!/^0x[0-9a-f]{40}$/i.test(address)) throw new TypeError('an address is 0x and 40 hexadecimal digits')
  return bytesOfHex(address.slice(2))
}

function signer(digest: Uint8Array, r: bigint, s: bigint, parity: bigint): string {
  const half = secp256k1.Point.Fn.ORDER >> 1n
  if (s > half || parity > 1n) throw malformed()
  try {
    const proof = new secp256k1.Signature(r, s, Number(parity))
    const point = proof.recoverPublicKey(digest)
    return checksummed(keccak_256(point.toBytes(false).subarray(1)).subarray(12))
  } catch {
    throw malformed()
  }
}

function fieldsOf(bytes: Uint8Array, count: number): readonly Item[] {
  const [item, end] = decode(bytes, 0)
  if (end !== bytes.length || item instanceof Uint8Array || item.length !== count) throw malformed()
  return item
}

function decode(bytes: Uint8Array, start: number): [item: Item, end: number] {
  const first = bytes[start]
  if (first === undefined) throw malformed()
  if (first < 0x80) return [bytes.subarray(start, start + 1), start + 1]
  const [base, isList] = first < 0xc0 ? [0x80, false] : [0xc0, true]
  const short = first - base
  const from = short < 56 ? start + 1 : start + short - 54
  const length = short < 56 ? short : Number(numberOf(bytes.subarray(start + 1, from)))
  const end = from + length
  if (end > bytes.length) throw malformed()
  if (!isList) return [bytes.subarray(from, end), end]
  const items: Item[] = []
  for (let at = from; at < end; ) {
    const [item, next] = decode(bytes, at)
    if (next > end) throw malformed()
    items.push(item)
    at = next
  }
  return [items, end]
}

function number(item: Raw[string]): bigint {
  if (!(item instanceof Uint8Array) || item.length > 32 || item[0] === 0) throw malformed()
  return numberOf(item)
}

function numberOf(bytes: Uint8Array): bigint {
  return bytes.length === 0 ? 0n : BigInt(`0x${hex(bytes)}`)
}

function malformed(): ChainRejected {
  return new ChainRejected('malformed', 'This is not a signed transaction of a known type.')
}
