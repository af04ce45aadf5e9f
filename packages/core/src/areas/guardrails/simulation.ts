import type { UnitContext } from '../../operations/index.ts'
import type { Agent } from '../agents/index.ts'
import { simulatesFirst } from '../orgs/index.ts'
import { guardrailsOf } from './limits.ts'

/** Whether the agent or its organisation has each transaction simulated, also if the caller does not ask for that. */
export function requiresSimulation({ unit }: Pick<UnitContext, 'unit'>, { settings }: Agent): boolean {
  return guardrailsOf(settings).tx_require_simulation === true || simulatesFirst(unit)
}
