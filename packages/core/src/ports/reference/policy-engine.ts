import type { PolicyEngine, PolicyRequest, PolicyVerdict } from '../policy-engine.ts'

/**
 * Creates a policy engine from one rule.
 *
 * @example
 * const engine = policyRule(({ ip }) => (ip?.startsWith('10.') ? { allowed: true } : { allowed: false, reason: 'outside' }))
 */
export function policyRule(rule: (request: PolicyRequest) => PolicyVerdict): PolicyEngine {
  return { evaluate: (requests) => requests.map(rule) }
}
