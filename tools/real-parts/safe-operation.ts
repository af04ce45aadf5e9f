import type { UserOperation } from '@pawl/core/ports'
import { concat, hashTypedData, toHex } from 'viem'
import { entryPoint07Address as entryPoint } from 'viem/account-abstraction'

// What the owner of a Safe signs of a user operation, computed by viem.

export const safeModule = '0x75cf11467937ce3F2f357CE24ffc3DBF8fD5c226'

const members = [
  ...['address safe', 'uint256 nonce', 'bytes initCode', 'bytes callData', 'uint128 verificationGasLimit'],
  ...['uint128 callGasLimit', 'uint256 preVerificationGas', 'uint128 maxPriorityFeePerGas', 'uint128 maxFeePerGas'],
  ...['bytes paymasterAndData', 'uint48 validAfter', 'uint48 validUntil', 'address entryPoint'],
].map((one) => ({ type: one.split(' ')[0] as string, name: one.split(' ')[1] as string }))

/**
 * The hash that the module checks the signatures of the owners against.
 *
 * @example
 * await owner.sign({ hash: safeOperationHash(operation, 8453, 0) })
 */
export function safeOperationHash(one: UserOperation, chainId: number, validUntil: number): `0x${string}` {
  const { gas, paymaster } = one
  const limits = [gas.paymasterVerification, gas.paymasterPostOp].map((limit) => toHex(limit, { size: 16 }))
  return hashTypedData({
    types: { SafeOp: members },
    primaryType: 'SafeOp',
    domain: { chainId, verifyingContract: safeModule },
    message: {
      ...{ safe: one.sender, nonce: one.nonce, initCode: '0x', callData: toHex(one.callData) },
      ...{ verificationGasLimit: gas.verification, callGasLimit: gas.call, preVerificationGas: gas.preVerification },
      ...{ maxPriorityFeePerGas: one.priorityFee, maxFeePerGas: one.maxFee },
      paymasterAndData: paymaster
        ? concat([paymaster.address as `0x${string}`, ...limits, toHex(paymaster.data)])
        : '0x',
      ...{ validAfter: 0, validUntil, entryPoint },
    },
  })
}
