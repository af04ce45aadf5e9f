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
