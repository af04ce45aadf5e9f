import type { Charge, Context, CountedSignature, MeteredOperation, UnitContext } from './engine.ts'
import type { Feature } from './tiers.ts'

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

/**
 * Throws `resource_limit_exceeded` if the tier of the organisation does not have the feature.
 *
 * @example
 * requireFeature(context, 'cmek')
 */
export function requireFeature(context: UnitContext, feature: Feature): void {
  if (context.settings.tiers !== null) context.areas.meter?.requireFeature(context, feature)
}

/** Counts a signature of an agent for its month. Throws `payment_required` if the tier has no room and nothing pays. */
export function countSignature(context: UnitContext, signature: CountedSignature): void {
  context.areas.meter?.countSignature(context, signature)
}
