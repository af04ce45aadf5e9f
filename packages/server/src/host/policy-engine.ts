import type { PolicyEngine } from '@pawl/core/ports'
import type { Config } from './config.ts'
import { defaultOf } from './modules.ts'

/** The policy engine that a configuration names; null when it names none. */
export async function policyEngineOf({ policyEngine }: Pick<Config, 'policyEngine'>): Promise<PolicyEngine | null> {
  if (policyEngine === null) return null
  return defaultOf('PAWL_POLICY_ENGINE', policyEngine, 'a policy engine', isPolicyEngine)
}

function isPolicyEngine(value: Partial<PolicyEngine>): value is PolicyEngine {
  return typeof value.evaluate === 'function'
}
