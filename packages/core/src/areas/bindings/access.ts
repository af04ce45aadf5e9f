import { fields } from '../../operations/index.ts'
import type { Unit } from '../../records/index.ts'
import { bindingNotFound } from './errors.ts'
import { type Binding, bindingKind } from './records.ts'

export const bindingRef = { agent_id: fields.id(), binding_id: fields.id() }

export function findBinding(unit: Unit, agentId: string, bindingId: string): Binding {
  const binding = unit.require(bindingKind, bindingId, bindingNotFound)
  if (binding.agentId !== agentId) throw bindingNotFound()
  return binding
}
