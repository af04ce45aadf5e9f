import type { UnitContext } from '../../operations/index.ts'
import { type Kind, kind, type Unit } from '../../records/index.ts'
import { hasRoom, requireRoom } from './agent-quotas.ts'

/** What one agent created and may still be there, by the id of the agent. */
export interface AgentThings {
  readonly id: string
  readonly things: readonly string[]
}

/**
 * The ids of the things of a kind that an agent created, so that of many calls at once no more than the limit succeed. Those
 * that ended are only looked for when the list is full.
 *
 * @example
 * const agentShares = agentThings('agentShares', 'shares', (unit, id, now) => isLive(unit.get(shareKind, id), now))
 */
export function agentThings(
  name: string,
  what: 'shares' | 'policies',
  isThere: (unit: Unit, id: string, now: number) => boolean,
) {
  const things: Kind<AgentThings> = kind<AgentThings>(name, { idOf: 'agent', history: ['things'] })
  return {
    kind: things,
    /** Adds a thing of this agent. Throws if the agent has as many as the settings allow. */
    take: (context: Pick<UnitContext, 'unit' | 'settings'> & { readonly now: number }, agentId: string, id: string) => {
      const { unit, now } = context
      const known = unit.get(things, agentId)?.things ?? []
      const left = hasRoom(context, what, known.length) ? known : known.filter((one) => isThere(unit, one, now))
      requireRoom(context, what, left.length)
      unit.put(things, { id: agentId, things: [...left, id] })
    },
    /** Removes the list with its agent. */
    drop: (unit: Unit, agentId: string) => {
      const found = unit.get(things, agentId)
      if (found) unit.delete(things, found)
    },
  }
}
