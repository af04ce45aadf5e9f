import * as z from 'zod'
import { uuidPattern } from '../../kernel/ids.ts'
import { type Context, fields, signedIn } from '../../operations/index.ts'
import type { Unit } from '../../records/index.ts'
import { agentAt } from '../agents/index.ts'
import { bindingNotFound } from './errors.ts'
import { type Binding, bindingKind } from './records.ts'

/** The id of an agent, or `me` for the calling agent. */
export function agentOrMe() {
  return z.string('must be a string').regex(new RegExp(`${uuidPattern.source}|^me$`), 'must be a lowercase UUID, or me')
}

/** The agent as a guarded resource. */
export function agentNamed(agentId: string): ReturnType<typeof agentAt> {
  return {
    ...agentAt(agentId),
    about: { agent_id: agentId },
    authorize: (context, permission) => agentAt(idOf(context, agentId)).authorize(context, permission),
  }
}

export function idOf(context: Context, agentId: string): string {
  return agentId === 'me' ? signedIn(context).id : agentId
}

export const bindingRef = { agent_id: fields.id(), binding_id: fields.id() }

export function findBinding(unit: Unit, agentId: string, bindingId: string): Binding {
  const binding = unit.require(bindingKind, bindingId, bindingNotFound)
  if (binding.agentId !== agentId) throw bindingNotFound()
  return binding
}
