import { sha256 } from '@noble/hashes/sha2.js'
import { bytesOfHex, concat, hex } from '../../kernel/bytes.ts'

// The bytes of a Bitcoin transaction with P2WPKH inputs (BIP-141, BIP-143, BIP-144).

export interface Plan {
  readonly version: number
  readonly lockTime: number
  readonly inputs: readonly PlanInput[]
  readonly outputs: readonly PlanOutput[]
}

export interface PlanInput {
  /** As explorers show it: hexadecimal, reversed. */
  readonly transactionId: string
  readonly index: number
  readonly value: bigint
  readonly sequence: number
}

export interface PlanOutput {
  readonly script: Uint8Array
  readonly value: bigint
}

/** The bytes without witnesses. Their double SHA-256 is the transaction id. */
export function withoutWitnesses(plan: Plan): Uint8Array {
  return concat(int32(plan.version), inputsOf(plan), outputsOf(plan), int32(plan.lockTime))
}

export function withWitnesses(plan: Plan, witnesses: readonly (readonly Uint8Array[])[]): Uint8Array {
  const stacks = witnesses.map((stack) => concat(compactSize(stack.length), ...stack.map(sized)))
  const marked = [int32(plan.version), Uint8Array.of(0, 1), inputsOf(plan), outputsOf(plan)]
  return concat(...marked, ...stacks, int32(plan.lockTime))
}

export function idOf(plan: Plan): string {
  return hex(doubleSha256(withoutWitnesses(plan)).reverse())
}

export const sighashAll = 1

/** What each input signs (BIP-143, `SIGHASH_ALL`). All of them spend outputs with the same script. */
export function digestsOf(plan: Plan, scriptCode: Uint8Array): Uint8Array[] {
  const previous = doubleSha256(concat(...plan.inputs.map(outpoint)))
  const sequences = doubleSha256(concat(...plan.inputs.map(({ sequence }) => int32(sequence))))
  const outputs = doubleSha256(concat(...plan.outputs.map(outputBytes)))
  return plan.inputs.map((input) => {
    const own = [outpoint(input), sized(scriptCode), int64(input.value), int32(input.sequence)]
    const end = [outputs, int32(plan.lockTime), int32(sighashAll)]
    return doubleSha256(concat(int32(plan.version), previous, sequences, ...own, ...end))
  })
}

/** A public key and a signature with 72 bytes, which is the longest with a low s. */
const witnessBytesMax = 1 + 1 + 72 + 1 + 33

/** In virtual bytes, with signatures of the greatest length. */
export function virtualSize(plan: Plan): bigint {
  return BigInt(Math.ceil(weightOf(plan) / 4))
}

export function weightOf(plan: Plan): number {
  return 4 * withoutWitnesses(plan).length + 2 + plan.inputs.length * witnessBytesMax
}

function inputsOf({ inputs }: Plan): Uint8Array {
  const encoded = inputs.map((input) => concat(outpoint(input), compactSize(0), int32(input.sequence)))
  return concat(compactSize(inputs.length), ...encoded)
}

function outputsOf({ outputs }: Plan): Uint8Array {
  return concat(compactSize(outputs.length), ...outputs.map(outputBytes))
}

function outputBytes({ script, value }: PlanOutput): Uint8Array {
  return concat(int64(value), sized(script))
}

function outpoint({ transactionId, index }: PlanInput): Uint8Array {
  return concat(bytesOfHex(transactionId).reverse(), int32(index))
}

function sized(bytes: Uint8Array): Uint8Array {
  return concat(compactSize(bytes.length), bytes)
}

function compactSize(size: number): Uint8Array {
  if (size < 0xfd) return Uint8Array.of(size)
  if (size <= 0xffff) return Uint8Array.of(0xfd, size & 0xff, size >> 8)
  return concat(Uint8Array.of(0xfe), int32(size))
}

/** Little endian. */
function int32(value: number): Uint8Array {
  return Uint8Array.of(value, value >>> 8, value >>> 16, value >>> 24)
}

function int64(value: bigint): Uint8Array {
  return Uint8Array.from({ length: 8 }, (_, at) => Number((value >> BigInt(8 * at)) & 0xffn))
}

function doubleSha256(bytes: Uint8Array): Uint8Array {
  return sha256(sha256(bytes))
}
