import type { Settings } from '../../operations/index.ts'
import type { ChainFamily } from '../../ports/chain.ts'

/** Deposits of other families are not watched. */
const defaults: Readonly<Partial<Record<ChainFamily, number>>> = { evm: 12, bitcoin: 3 }

/** With so many blocks, its own included, a deposit is credited. */
export function confirmationsOf({ depositConfirmations }: Settings, family: ChainFamily): number {
  return depositConfirmations ?? defaults[family] ?? 12
}

/** So many blocks after its credit, a deposit is no longer followed. */
export const followedBlocks = 100
