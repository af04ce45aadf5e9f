import type { Unit } from '../../records/index.ts'
import { treasuryKind } from './records.ts'

/**
 * Stages that something of the treasury changes: its signers, proposals or votes. Of two such changes at once, one runs
 * again. So each sees what the other did, although a list that was read is not compared at the commit.
 */
export function inTurn(unit: Unit, treasuryId: string): void {
  const treasury = unit.get(treasuryKind, treasuryId)
  if (treasury) unit.put(treasuryKind, { ...treasury, changes: treasury.changes + 1 })
}
