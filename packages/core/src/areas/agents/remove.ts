import {
  type Actor,
  auditEvent,
  cascade,
  type Engine,
  type JobType,
  refusalOf,
  type UnitContext,
  unitContext,
} from '../../operations/index.ts'
import { leaveVaults } from '../vaults/index.ts'
import { dropIdentity } from './agent-keys-vault.ts'
import { type Agent, agentKind } from './records.ts'

/**
 * Stages the removal of an agent. From that commit on, its keys and tokens are void, and no policy can name it. Its id
 * is never used again. Returns the ids of the jobs that remove the rest.
 */
export function removeAgent(context: UnitContext, agent: Agent): readonly string[] {
  const { unit, now } = context
  unit.delete(agentKind, agent)
  dropIdentity(unit, agent.id, now)
  const jobs = [leaveVaults(context, agent), cascade(context, 'removed', 'agent', agent.id)]
  return jobs.filter((job) => job !== null)
}

type Removal = { org: string; agentIds: string[]; by: Actor }

/** Removes several agents, each in its own unit. Agents that are missing or must stay are skipped. */
export const removeAgentsJob: JobType<Removal> = {
  name: 'agents.remove',
  run: async (engine, removal) => {
    for (const agentId of removal.agentIds) await removeOne(engine, removal, agentId)
  },
}

async function removeOne(engine: Engine, { org, by }: Removal, agentId: string): Promise<void> {
  const jobs = await engine.records.transactIn(org, (unit) => {
    const agent = unit.get(agentKind, agentId)
    const context = unitContext(engine, unit)
    if (!agent || refusalOf(context, 'removed', 'agent', agentId)) return []
    unit.audit(auditEvent(by, { action: 'agent.delete', resource: { type: 'agent', id: agentId } }))
    return removeAgent(context, agent)
  })
  for (const job of jobs) await engine.jobs.run(job)
}

/** Removes the agents that platform apps made for a removed user. A new creator would get access to everything they can open. */
export async function removeLockedAgents(engine: Engine, org: string, userId: string): Promise<void> {
  const agentIds = await engine.records.transactIn(org, (unit) =>
    unit
      .list(agentKind, 'creator', 'user', userId)
      .filter(({ connection }) => connection !== undefined)
      .map(({ id }) => id),
  )
  await removeAgentsJob.run(engine, { org, agentIds, by: { type: 'system', id: '', ip: null } })
}
