import { kind } from '../../records/index.ts'
import type { Policy } from './policy.ts'

/** Whether its trigger may be about changes of the organisation. The consensus area reads the trigger. */
function governs({ consensusTrigger }: Policy): boolean {
  return consensusTrigger !== undefined && /"action_(?:kind_)?in"/.test(JSON.stringify(consensusTrigger))
}

export const policyKind = kind<Policy>('policy', {
  indexes: {
    vault: { key: ({ vaultId, createdAt }) => [vaultId, createdAt] },
    governs: { versionedList: 1, key: (policy) => (governs(policy) ? [policy.vaultId] : null) },
    principal: { versionedList: 3, key: ({ principal, vaultId }) => [principal.kind, principal.id, vaultId] },
  },
  history: ['createdBy'],
  shape: 2,
  // Shape 2 has an index more.
  upcast: (old) => old as Policy,
  // Measured by bench/decide.ts.
  derivedBytes: 700,
})

/** What a policy was, until it was changed or deleted. */
export interface PastPolicy extends Policy {
  /** `<policy id>.<until>` */
  readonly id: string
  readonly policyId: string
  readonly until: number
}

export const pastPolicyKind = kind<PastPolicy>('pastPolicy', {
  indexes: {
    vault: { key: ({ vaultId, until }) => [vaultId, until] },
    until: { key: ({ until }) => [until] },
    policy: { key: ({ vaultId, policyId, until }) => [vaultId, policyId, until] },
  },
  history: ['id', 'policyId', 'principal', 'pattern', 'createdBy'],
})
