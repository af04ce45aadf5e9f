import type { Engine } from '../../operations/index.ts'
import { dropAll, type Unit } from '../../records/index.ts'
import { dropInline } from './credential.ts'
import { type Binding, bindingKind, executionKind } from './records.ts'

/** Stages the deletion of a binding and of its inline credential. */
export function removeBinding(unit: Unit, binding: Binding, now: number): void {
  unit.delete(bindingKind, binding)
  dropInline(unit, binding.agentId, binding.name, now)
}

/** Removes all bindings of a deleted agent and the records of their calls. It can run again. */
export async function dropBindings(
  { records }: Engine,
  { org, id: agentId }: { org: string; id: string },
): Promise<void> {
  const removeOne = (unit: Unit) => {
    const [binding] = unit.page(bindingKind, 'agent', { tuple: [agentId], limit: 1 })
    if (binding) removeBinding(unit, binding, records.now())
    return binding !== undefined
  }
  while (await records.transactIn(org, removeOne));
  await dropAll(records, org, executionKind, 'agent', agentId)
}
