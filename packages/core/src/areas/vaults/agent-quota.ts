import type { UnitContext } from '../../operations/index.ts'
import { kind, type Unit } from '../../records/index.ts'
import { requireRoom } from '../orgs/index.ts'
import { type Vault, vaultKind } from './records.ts'

/** The number of vaults of one agent, by its id. A record, so that of many calls at once no more than the limit succeed. */
export const agentVaultsKind = kind<{ readonly id: string; readonly count: number }>('agentVaults', { idOf: 'agent' })

/** Counts one more vault of this agent. Throws if the agent has as many as the settings allow. */
export function takeVault(context: Pick<UnitContext, 'unit' | 'settings'>, agentId: string): void {
  const { unit } = context
  const count = countOf(unit, agentId)
  requireRoom(context, 'vaults', count)
  unit.put(agentVaultsKind, { id: agentId, count: count + 1 })
}

/** Counts one vault less, if an agent created it that is still there. */
export function giveVaultBack(unit: Unit, { createdBy: { kind, id } }: Vault): void {
  const counted = kind === 'agent' ? unit.get(agentVaultsKind, id) : null
  if (counted) unit.put(agentVaultsKind, { id, count: Math.max(0, counted.count - 1) })
}

/** Removes the count with its agent. */
export function dropCount(unit: Unit, agentId: string): void {
  const counted = unit.get(agentVaultsKind, agentId)
  if (counted) unit.delete(agentVaultsKind, counted)
}

/** Vaults of before the count are found once. */
function countOf(unit: Unit, agentId: string): number {
  return unit.get(agentVaultsKind, agentId)?.count ?? unit.list(vaultKind, 'creator', 'agent', agentId).length
}
