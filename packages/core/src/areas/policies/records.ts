import { kind } from '../../records/index.ts'
import type { Policy } from './policy.ts'

export const policyKind = kind<Policy>('policy', {
  indexes: {
    vault: { key: ({ vaultId, createdAt }) => [vaultId, createdAt] },
    principal: { versionedList: 3, key: ({ principal, vaultId }) => [principal.kind, principal.id, vaultId] },
  },
  history: ['createdBy'],
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
  },
  history: ['principal', 'createdBy'],
})
