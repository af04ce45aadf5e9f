import { type CompiledPolicies, compilePolicies } from './decide.ts'
import type { Policy } from './policy.ts'

/**
 * The compiled form of a list of stored policies. It is kept with the first record of the list, for as long as the engine
 * remembers that record, and used while the list has the same records: a changed policy is another record.
 */
export function compiledOnce(policies: readonly Policy[]): CompiledPolicies {
  const [first] = policies
  const known = first && kept.get(first)
  if (known && isSame(known.policies, policies)) return known.compiled
  const compiled = compilePolicies(policies)
  if (first) kept.set(first, { policies, compiled })
  return compiled
}

const kept = new WeakMap<Policy, { readonly policies: readonly Policy[]; readonly compiled: CompiledPolicies }>()

function isSame(list: readonly Policy[], other: readonly Policy[]): boolean {
  return list.length === other.length && list.every((policy, at) => policy === other[at])
}
