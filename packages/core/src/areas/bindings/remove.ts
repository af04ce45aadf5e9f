import type { Engine } from '../../operations/index.ts'
import { dropAll, type Unit } from '../../records/index.ts'
import { dropInline } from './credential.ts'
import { type Binding, bindingKind, bindingRateKind, executionKind } from './records.ts'

/** Stages the end of a binding and of the credential that was given for it. */
export function removeBinding(unit: Unit, binding: Binding, now: number): void {
  unit.delete(bindingKind, binding)
  const rate = unit.get(bindingRateKind, binding.id)
  if (rate) unit.delete(bindingRateKind, rate)
  dropInline(unit, binding.agentId, binding.name, now)
}

/** Takes away all bindings of an agent that is gone, and what is known of their calls. It may run again. */
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
