import type { Principal, UnitContext } from '../../operations/index.ts'
import { kind, type Unit } from '../../records/index.ts'
import { requireRoom } from '../orgs/index.ts'
import type { SecretEntry } from './records.ts'

/** The number of secrets that one agent created, by its id. */
export const agentSecretsKind = kind<{ readonly id: string; readonly count: number }>('agentSecrets', { idOf: 'agent' })

/** Counts one more secret of this agent. Throws if the agent has as many as the settings allow. */
export function takeSecret(context: Pick<UnitContext, 'unit' | 'settings'>, agentId: string): void {
  const { count = 0 } = context.unit.get(agentSecretsKind, agentId) ?? {}
  requireRoom(context, 'secrets', count)
  context.unit.put(agentSecretsKind, { id: agentId, count: count + 1 })
}

/** What the secret says of its creator once this principal has written its newest version. */
export function countedAfter(before: SecretEntry, writer: Principal): SecretEntry['counted'] {
  const agentId = creatorOf(before)
  return agentId === writer.id ? true : agentId
}

/** Counts one secret less, if an agent created it that is still there. A deleted secret counts until it is destroyed. */
export function giveSecretBack(unit: Unit, secret: SecretEntry): void {
  const agentId = creatorOf(secret)
  const counted = agentId === undefined ? null : unit.get(agentSecretsKind, agentId)
  if (counted) unit.put(agentSecretsKind, { ...counted, count: Math.max(0, counted.count - 1) })
}

function creatorOf({ counted, newest }: SecretEntry): string | undefined {
  return counted === true ? newest.createdBy.id : counted
}

/** Removes the count with its agent. */
export function dropCount(unit: Unit, agentId: string): void {
  const counted = unit.get(agentSecretsKind, agentId)
  if (counted) unit.delete(agentSecretsKind, counted)
}
