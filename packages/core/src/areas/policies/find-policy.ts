import { type Context, fields, signedIn } from '../../operations/index.ts'
import { policyNotFound } from './errors.ts'
import { isFor, type Policy } from './policy.ts'
import { policyKind } from './records.ts'

export const policyPlace = { vault_id: fields.id(), policy_id: fields.id() }

/** The policy, if it is one of this vault: who governs one vault has no say in another. */
export function findPolicy(
  { unit }: Context,
  { vault_id, policy_id }: { vault_id: string; policy_id: string },
): Policy {
  const policy = unit.require(policyKind, policy_id, policyNotFound)
  if (policy.vaultId !== vault_id) throw policyNotFound()
  return policy
}

/** The allow that an agent made for the caller. All other policies are not for the caller to change, above all no deny. */
export function findOffer(context: Context, policyId: string): Policy {
  const policy = context.unit.require(policyKind, policyId, policyNotFound)
  const isOffer = policy.isPending !== undefined && policy.effect === 'allow'
  if (!isOffer || !isFor(policy, signedIn(context))) throw policyNotFound()
  return policy
}
