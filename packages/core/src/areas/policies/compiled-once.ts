import { type CompiledPolicies, compilePolicies } from './decide.ts'
import type { Policy } from './policy.ts'

const compiled = new WeakMap<readonly Policy[], CompiledPolicies>()

/** The compiled form of a list as a unit read it. The engine remembers such a list until one of its policies changes. */
export function compiledOnce(policies: readonly Policy[]): CompiledPolicies {
  const known = compiled.get(policies)
  if (known) return known
  const made = compilePolicies(policies)
  compiled.set(policies, made)
  return made
}
