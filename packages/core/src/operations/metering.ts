import type { Charge, Context, MeteredOperation } from './engine.ts'

/**
 * What this call takes of the tier, or null where nothing is limited: the event in the audit trail is then the count. On a
 * server without tiers, a call without a delegation costs no more than this check.
 */
export function chargeFor(context: Context, operation: MeteredOperation): Charge | null {
  const { caller, settings, areas } = context
  const isForApp = caller.kind === 'user' && caller.delegation !== null
  if (settings.tiers === null && !isForApp) return null
  return areas.meter?.charge(context, operation) ?? null
}
