import type { JobType } from '../../../operations/index.ts'
import { dropAll, type Unit } from '../../../records/index.ts'
import { apiKeyKind } from '../../auth/index.ts'
import { dropBindings } from '../../bindings/index.ts'
import { directoryKind } from '../../orgs/index.ts'
import { policyKind } from '../../policies/index.ts'
import { type Agent, agentKind } from '../records.ts'
import { type Actor, agentEvent } from './agent-event.ts'
import { keysOf } from './agent-key.ts'
import { dropIdentity } from './agent-keys-vault.ts'

/**
 * Stages the end of an agent: from that commit on no key and no token of it is worth anything, and nobody can write a
 * policy for it any more. Its id is never given to another.
 */
export async function removeAgent(unit: Unit, agent: Agent): Promise<void> {
  unit.delete(agentKind, agent)
  const entry = await unit.get(directoryKind, agent.id)
  if (entry) unit.delete(directoryKind, entry)
  for (const key of await keysOf(unit, agent.id)) unit.delete(apiKeyKind, key)
}

type Removal = {
  org: string
  agentIds: string[]
  /** Who has the job remove the agents themselves; null when that has been done. */
  by: Actor | null
}

/**
 * Removes agents that are still there, and what is left of those that are not: the policies that name them, their
 * bindings and their private keys. Policies are many, so they go some at a time.
 */
export const removeAgentsJob: JobType<Removal> = {
  name: 'agents.remove',
  run: async (engine, { org, agentIds, by }) => {
    const { records } = engine
    for (const agentId of agentIds) {
      if (by) await records.transactIn(org, (unit) => removeInName(unit, agentId, by))
      await records.transactIn(org, (unit) => dropIdentity(unit, agentId, records.now()))
      await dropAll(records, org, policyKind, 'principal', 'agent', agentId)
      await dropBindings(engine, org, agentId)
    }
  },
}

async function removeInName(unit: Unit, agentId: string, by: Actor): Promise<void> {
  const agent = await unit.get(agentKind, agentId)
  if (!agent) return
  await removeAgent(unit, agent)
  unit.audit(agentEvent(by, 'agent.delete', { type: 'agent', id: agentId }))
}
