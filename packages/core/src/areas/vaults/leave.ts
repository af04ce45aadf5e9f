import type { Json } from '../../kernel/json.ts'
import type { JobType, Principal, UnitContext } from '../../operations/index.ts'
import { passOn } from '../orgs/index.ts'
import { type Vault, vaultKind } from './records.ts'
import { removeVaultsOf } from './remove.ts'

interface Leaving {
  readonly [field: string]: Json
  readonly org: string
  readonly agentId: string
  readonly createdBy: { readonly kind: Principal['kind']; readonly id: string }
  /** The connection of a platform app that made the agent for its creator. No other user gets its vaults. */
  readonly connection: string | null
}

/**
 * Stages a job that gives the vaults of a removed agent to the user who created it, or to an owner if that user is gone. With an
 * agent that a platform app made for that user, the vaults are removed instead. Returns the id of the job. Null: no vaults.
 */
export function leaveVaults(
  { unit, jobs }: Pick<UnitContext, 'unit' | 'jobs'>,
  agent: { readonly id: string; readonly createdBy: Principal; readonly connection?: string | undefined },
): string | null {
  const [vault] = unit.page(vaultKind, 'creator', { tuple: ['agent', agent.id], limit: 1 })
  if (!vault) return null
  const {
    id: agentId,
    createdBy: { kind, id },
    connection = null,
  } = agent
  return jobs.stage(unit, leaveVaultsJob, { org: unit.org ?? '', agentId, createdBy: { kind, id }, connection })
}

export const leaveVaultsJob: JobType<Leaving> = {
  name: 'vaults.leave',
  run: async (engine, { org, agentId, createdBy, connection }) => {
    const agent = { kind: 'agent', id: agentId } as const
    const as = (vault: Vault): Vault => ({ ...vault, madeByAgent: true, connection: connection ?? undefined })
    await passOn(engine, org, vaultKind, agent, { first: createdBy, isSole: connection !== null, as })
    if (connection !== null) await removeVaultsOf(engine, org, agent)
  },
}
