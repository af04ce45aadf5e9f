import * as z from 'zod'
import { uuidPattern } from '../../kernel/ids.ts'
import { type Caller, type Context, denied, isAdmin, type Resource, signedIn } from '../../operations/index.ts'
import { agentNotFound } from './errors.ts'
import { type Agent, agentKind } from './records.ts'

// Owners and admins manage every agent, members the agents that they created. An agent can see itself and change
// nothing, because it must not loosen its own limits.

/** `see`: read an agent. `run`: manage the agent, its keys and its bindings. */
export type AgentPermission = 'see' | 'run'

/** An agent as a guarded resource. Callers who cannot see it get `agent_not_found`. */
export function agentAt(agentId: string): Resource<AgentPermission> {
  return {
    type: 'agent',
    about: { id: agentId },
    authorize: (context, permission) => {
      const agent = context.unit.require(agentKind, agentId, agentNotFound)
      if (runs(context.caller, agent)) return
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
    ...agentAt(agentId),
    about: { agent_id: agentId },
    authorize: (context, permission) => agentAt(idOf(context, agentId)).authorize(context, permission),
  }
}

export function idOf(context: Context, agentId: string): string {
  return agentId === 'me' ? signedIn(context).id : agentId
}

export function runs(caller: Caller, { createdBy }: Agent): boolean {
  if (caller.kind !== 'user') return false
  return isAdmin(caller) || (createdBy.kind === 'user' && createdBy.id === caller.id)
}

function isItself(caller: Caller, { id }: Agent): boolean {
  return caller.kind === 'agent' && caller.id === id
}

/** Returns the agents that the caller can see, oldest first. */
export function visibleAgents({ unit, caller }: Context): readonly Agent[] {
  if (caller.kind === 'anonymous') return []
  if (isAdmin(caller)) return unit.list(agentKind, 'created')
  if (caller.kind === 'user') return unit.list(agentKind, 'creator', 'user', caller.id)
  const itself = unit.get(agentKind, caller.id)
  return itself ? [itself] : []
}
