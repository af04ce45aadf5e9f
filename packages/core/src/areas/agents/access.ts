import * as z from 'zod'
import { uuidPattern } from '../../kernel/ids.ts'
import { type Caller, type Context, denied, isAdmin, type Resource, signedIn } from '../../operations/index.ts'
import { agentNotFound } from './errors.ts'
import { type Agent, agentKind } from './records.ts'

// Owners and admins manage every agent, members the agents that they created. An agent can see itself and change
// nothing, because it must not loosen its own limits.

/**
 * `see`: read an agent. `run`: manage the agent, its keys and its bindings. `lifecycle`: switch it off and delete it, which
 * is all that others may do with an agent that a platform app made for a user.
 */
export type AgentPermission = 'see' | 'run' | 'lifecycle'

/** An agent as a guarded resource. Callers who cannot see it get `agent_not_found`. */
export function agentAt(agentId: string): Resource<AgentPermission> {
  return {
    type: 'agent',
    about: { id: agentId },
    authorize: (context, permission) => {
      const agent = context.unit.require(agentKind, agentId, agentNotFound)
      if (runs(context.caller, agent)) {
        if (permission === 'run' && isLockedFor(context.caller, agent)) throw lockedAgent()
        return
      }
      if (!isItself(context.caller, agent)) throw agentNotFound()
      if (permission !== 'see')
        throw denied({ reason: 'An agent cannot change itself. A human must make this change.' })
    },
  }
}

/** The id of an agent, or `me` for the calling agent. */
export function agentOrMe() {
  return z.string('must be a string').regex(new RegExp(`${uuidPattern.source}|^me$`), 'must be a lowercase UUID, or me')
}

/** The agent as a guarded resource. */
export function agentNamed(agentId: string): Resource<AgentPermission> {
  return {
    type: 'agent',
    about: { agent_id: agentId },
    authorize: (context, permission) => agentAt(idOf(context, agentId)).authorize(context, permission),
  }
}

export function idOf(context: Context, agentId: string): string {
  return agentId === 'me' ? signedIn(context).id : agentId
}

export function runs(caller: Caller, agent: Agent): boolean {
  if (caller.kind !== 'user') return false
  if (caller.delegation) return caller.delegation.agentIds.includes(agent.id)
  const { createdBy } = agent
  return isAdmin(caller) || (createdBy.kind === 'user' && createdBy.id === caller.id)
}

/**
 * Returns whether a platform app made the agent for a user, and the caller is not that user. A new key of the agent would
 * open what only the user may open.
 */
export function isLockedFor(caller: Caller, { connection, createdBy }: Agent): boolean {
  if (connection === undefined || caller.kind !== 'user') return false
  return caller.delegation !== null || createdBy.id !== caller.id
}

export function lockedAgent() {
  return denied({ reason: 'A platform app made this agent for a user (platform_locked). Only that user can do this.' })
}

function isItself(caller: Caller, { id }: Agent): boolean {
  return caller.kind === 'agent' && caller.id === id
}

/** Returns whether the caller can see the agent. */
export function sees(caller: Caller, agent: Agent): boolean {
  return runs(caller, agent) || isItself(caller, agent)
}

/** Returns the agents that the caller can see, oldest first. */
export function visibleAgents({ unit, caller }: Context): readonly Agent[] {
  if (caller.kind === 'anonymous') return []
  if (isAdmin(caller)) return unit.list(agentKind, 'created')
  if (caller.kind === 'app') return []
  if (caller.kind === 'user')
    return unit.list(agentKind, 'creator', 'user', caller.id).filter((one) => runs(caller, one))
  const itself = unit.get(agentKind, caller.id)
  return itself ? [itself] : []
}
