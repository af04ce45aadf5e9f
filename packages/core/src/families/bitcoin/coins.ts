import type { ChainOutput } from '../../ports/chain.ts'
import { BadTransaction } from '../family.ts'
import { dustOf } from './addresses.ts'
import { type Plan, type PlanInput, type PlanOutput, virtualSize, weightOf } from './plan.ts'

/** The transaction can be replaced by one with a higher fee (BIP-125). */
const replaceable = 0xfffffffd

/** Nodes forward no heavier transaction. */
const weightMax = 400_000

export interface Wanted {
  readonly outputs: readonly PlanOutput[]
  /** Where the rest of the inputs goes. */
  readonly change: Uint8Array
  /** In satoshi per 1,000 virtual bytes. */
  readonly rate: bigint
}

/**
 * Chooses outputs to spend, the largest first, so that the transaction is small and the same outputs give the same
 * transaction. A rest that is too small for an output goes to the fee.
 */
export function planFrom(coins: readonly ChainOutput[], wanted: Wanted): Plan {
  const amount = wanted.outputs.reduce((sum, { value }) => sum + value, 0n)
  const inputs: PlanInput[] = []
  let total = 0n
  for (const { transactionId, index, value } of largestFirst(coins)) {
    inputs.push({ transactionId, index, value, sequence: replaceable })
    total += value
    const plan = settled(inputs, wanted, total - amount)
    if (!plan) continue
    if (weightOf(plan) > weightMax) break
    return plan
  }
  throw new BadTransaction('value', 'is more than the outputs of the address hold with the fee')
}

function settled(inputs: readonly PlanInput[], { outputs, change, rate }: Wanted, rest: bigint): Plan | null {
  const bare = { version: 2, lockTime: 0, inputs: [...inputs], outputs }
  if (rest < feeOf(bare, rate)) return null
  const back = { ...bare, outputs: [...outputs, { script: change, value: 0n }] }
  const value = rest - feeOf(back, rate)
  return value < dustOf(change) ? bare : { ...back, outputs: [...outputs, { script: change, value }] }
}

function feeOf(plan: Plan, rate: bigint): bigint {
  return (virtualSize(plan) * rate + 999n) / 1_000n
}

/** Each output once, also if the node lists one twice. */
function largestFirst(coins: readonly ChainOutput[]): ChainOutput[] {
  const unique = new Map(coins.map((coin) => [`${coin.transactionId}:${coin.index}`, coin]))
  const names = [...unique.keys()].sort()
  return names
    .map((name) => unique.get(name) as ChainOutput)
    .sort((one, other) => (one.value === other.value ? 0 : one.value > other.value ? -1 : 1))
}
