import { keccak_256 } from '@noble/hashes/sha3.js'
import { bytesOfHex, concat, hex } from '../../kernel/bytes.ts'
import { entryPoint, type UserOperation } from '../../ports/bundler.ts'
import { addressBytes } from './address.ts'
import type { ContractCall } from './known-functions.ts'
import { addressWord, padded, selectorBytes, word } from './safe.ts'
import { readTypedData } from './typed-data.ts'

// User operations of a Safe: what its owner signs, what the entry point calls the operation, and how nodes read it. The addresses
// are the same on every chain.

/** The module `Safe4337Module`, version 0.3.0. The Safe must have it as a module and as its fallback handler. */
export const safeModule = '0x75cf11467937ce3F2f357CE24ffc3DBF8fD5c226'

/** Times of the chain in seconds. 0: no bound. */
interface Validity {
  readonly validUntil: number
}

const members = [
  ...['address safe', 'uint256 nonce', 'bytes initCode', 'bytes callData', 'uint128 verificationGasLimit'],
  ...['uint128 callGasLimit', 'uint256 preVerificationGas', 'uint128 maxPriorityFeePerGas', 'uint128 maxFeePerGas'],
  ...['bytes paymasterAndData', 'uint48 validAfter', 'uint48 validUntil', 'address entryPoint'],
].map((one) => {
  const [type = '', name = ''] = one.split(' ')
  return { name, type }
})

/** What the owner of a Safe signs (EIP-712). */
export function safeOperationDigest(operation: UserOperation, chainId: number, { validUntil }: Validity): Uint8Array {
  const { sender, nonce, callData, gas, maxFee, priorityFee } = operation
  const { digest } = readTypedData({
    types: { SafeOp: members },
    primaryType: 'SafeOp',
    domain: { chainId, verifyingContract: safeModule },
    message: {
      ...{ safe: sender, nonce: nonce.toString(), initCode: '0x', callData: `0x${hex(callData)}` },
      ...{ verificationGasLimit: gas.verification.toString(), callGasLimit: gas.call.toString() },
      ...{ preVerificationGas: gas.preVerification.toString() },
      ...{ maxPriorityFeePerGas: priorityFee.toString(), maxFeePerGas: maxFee.toString() },
      ...{ paymasterAndData: `0x${hex(paymasterAndData(operation))}`, validAfter: 0, validUntil, entryPoint },
    },
  })
  return digest
}

/** What the entry point and bundlers call an operation. The signature is no part of it. */
export function userOperationHash(operation: UserOperation, chainId: number): string {
  const { sender, nonce, callData, gas, maxFee, priorityFee } = operation
  const packed = concat(
    ...[addressWord(sender), word(nonce), keccak_256(new Uint8Array(0)), keccak_256(callData)],
    ...[half(gas.verification), half(gas.call), word(gas.preVerification), half(priorityFee), half(maxFee)],
    keccak_256(paymasterAndData(operation)),
  )
  return `0x${hex(keccak_256(concat(keccak_256(packed), addressWord(entryPoint), word(BigInt(chainId)))))}`
}

function paymasterAndData({ paymaster, gas }: UserOperation): Uint8Array {
  if (paymaster === null) return new Uint8Array(0)
  const { address, data } = paymaster
  return concat(addressBytes(address), half(gas.paymasterVerification), half(gas.paymasterPostOp), data)
}

/** 16 bytes. */
function half(number: bigint): Uint8Array {
  return bytesOfHex(number.toString(16).padStart(32, '0'))
}

/** The call of the module that makes the Safe do one ordinary call. The last word is 0: no delegatecall. */
export function executeUserOperationData({ to, value, data }: ContractCall): Uint8Array {
  return concat(
    selectorBytes('executeUserOp(address,uint256,bytes,uint8)'),
    ...[addressWord(to), word(value), word(128n), word(0n)],
    ...[word(BigInt(data.length)), padded(data)],
  )
}

/** The signature as the module reads it: from when and until when it holds, and the signatures of the owners. */
export function operationSignature({ validUntil }: Validity, signature: Uint8Array): Uint8Array {
  const [recovery = 0] = signature.subarray(64)
  const owner = concat(signature.subarray(0, 64), Uint8Array.of(27 + recovery))
  return concat(new Uint8Array(6), bytesOfHex(validUntil.toString(16).padStart(12, '0')), owner)
}

/** Until when the signature of an operation holds, in seconds. */
export function validUntilOf({ signature }: UserOperation): number {
  return Number(`0x${hex(signature.subarray(6, 12))}`)
}

/** Reads the next nonce of an account in the lane of a nonce. */
export function operationNonceData({ sender, nonce }: UserOperation): Uint8Array {
  return concat(selectorBytes('getNonce(address,uint192)'), addressWord(sender), word(nonce >> 64n))
}
