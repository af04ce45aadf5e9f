import { bytesOfHex, hex } from '../kernel/bytes.ts'
import type { ChainFacts } from './chain.ts'

// User operations (ERC-4337, entry point 0.7): a bundler puts what an account signed on the chain, and a paymaster can pay its fees.
// The engine composes and signs operations itself. Nothing that crosses these ports changes what an operation does, and no key
// crosses them.

/** The entry point of ERC-4337, version 0.7. It has the same address on every chain. */
export const entryPoint = '0x0000000071727De22E5E9d8BAf0edAc6f37da032'

/** An operation of an account that exists. */
export interface UserOperation {
  readonly sender: string
  readonly nonce: bigint
  readonly callData: Uint8Array
  readonly gas: OperationGas
  readonly maxFee: bigint
  readonly priorityFee: bigint
  /** Null: the account pays the fees. */
  readonly paymaster: PaymasterPart | null
  readonly signature: Uint8Array
}

export interface OperationGas {
  readonly call: bigint
  readonly verification: bigint
  /** What the bundler spends before the operation runs. */
  readonly preVerification: bigint
  /** 0 without a paymaster. */
  readonly paymasterVerification: bigint
  readonly paymasterPostOp: bigint
}

export interface PaymasterPart {
  readonly address: string
  readonly data: Uint8Array
}

/** What a paymaster answers before the gas is known. */
export interface PaymasterStub extends PaymasterPart {
  /** Null: the bundler estimates it. */
  readonly verificationGas: bigint | null
  readonly postOpGas: bigint | null
  /** Whether the paymaster need not be asked again. */
  readonly isFinal: boolean
}

/**
 * Sends user operations of one chain. After `ChainUnavailable` the outcome is unknown, and the call can be repeated.
 * `ChainRejected` means that this bundler does not take the operation. It does not mean that the operation never happens.
 */
export interface Bundler {
  /** The gas for an operation. Its gas and its signature are placeholders. Throws `ChainRejected` if the operation would fail. */
  estimate(operation: UserOperation): Promise<OperationGas>
  /** Sends an operation and returns its hash. A known operation is not an error, so the call can be repeated. */
  send(operation: UserOperation): Promise<string>
  /** Where an operation is. Null: the bundler does not know it, or it waits. */
  receipt(hash: string): Promise<OperationReceipt | null>
  /** Absent: no paymaster is configured for the chain. */
  readonly paymaster?: Paymaster
}

export interface OperationReceipt {
  /** The transaction of the bundler that has the operation. */
  readonly transactionId: string
}

/** Pays the fees of operations (ERC-7677). Throws `ChainRejected` if it does not pay for this one. */
export interface Paymaster {
  stub(operation: UserOperation): Promise<PaymasterStub>
  /** What the paymaster signs. The operation is complete, without the signature of the account. */
  data(operation: UserOperation): Promise<PaymasterPart>
}

/** The configured bundlers. Null: none is configured for this chain. The same facts give the same bundler. */
export type Bundlers = (facts: ChainFacts) => Bundler | null

/** The setting with the URL of the bundler of a chain: `PAWL_BUNDLER_BASE_SEPOLIA`. */
export function bundlerSetting(chain: string): string {
  return `PAWL_BUNDLER_${placeOf(chain)}`
}

/** The setting with the URL of the paymaster of a chain: `PAWL_PAYMASTER_BASE_SEPOLIA`. */
export function paymasterSetting(chain: string): string {
  return `PAWL_PAYMASTER_${placeOf(chain)}`
}

function placeOf(chain: string): string {
  return chain.toUpperCase().replace(/[^A-Z0-9]/g, '_')
}

/** An operation as bundlers read it. */
export function operationJson(operation: UserOperation): Readonly<Record<string, string>> {
  const { sender, nonce, callData, gas, maxFee, priorityFee, paymaster, signature } = operation
  const quantity = (number: bigint) => `0x${number.toString(16)}`
  return {
    ...{ sender, nonce: quantity(nonce), callData: `0x${hex(callData)}`, callGasLimit: quantity(gas.call) },
    ...{ verificationGasLimit: quantity(gas.verification), preVerificationGas: quantity(gas.preVerification) },
    ...{ maxFeePerGas: quantity(maxFee), maxPriorityFeePerGas: quantity(priorityFee) },
    ...(paymaster && {
      paymaster: paymaster.address,
      paymasterData: `0x${hex(paymaster.data)}`,
      paymasterVerificationGasLimit: quantity(gas.paymasterVerification),
      paymasterPostOpGasLimit: quantity(gas.paymasterPostOp),
    }),
    signature: `0x${hex(signature)}`,
  }
}

/** Reads what `operationJson` wrote. */
export function operationIn(json: string): UserOperation {
  const read = JSON.parse(json) as Readonly<Record<string, string>>
  const bytes = (name: string) => bytesOfHex((read[name] ?? '0x').slice(2))
  const quantity = (name: string) => BigInt(read[name] ?? '0x0')
  return {
    sender: read.sender ?? '',
    nonce: quantity('nonce'),
    callData: bytes('callData'),
    gas: {
      call: quantity('callGasLimit'),
      verification: quantity('verificationGasLimit'),
      preVerification: quantity('preVerificationGas'),
      paymasterVerification: quantity('paymasterVerificationGasLimit'),
      paymasterPostOp: quantity('paymasterPostOpGasLimit'),
    },
    maxFee: quantity('maxFeePerGas'),
    priorityFee: quantity('maxPriorityFeePerGas'),
    paymaster: read.paymaster === undefined ? null : { address: read.paymaster, data: bytes('paymasterData') },
    signature: bytes('signature'),
  }
}
