import { day, hour } from '../../kernel/time.ts'
import { kind, type Reads } from '../../records/index.ts'

export const recoveryTypes = ['mfa_reset', 'passkey_reset', 'password_reset'] as const
export type RecoveryType = (typeof recoveryTypes)[number]

/** The wish of one user to have a factor reset. */
export interface RecoveryRequest {
  readonly id: string
  readonly user: string
  readonly type: RecoveryType
  readonly reason: string
  readonly state: 'pending_approval' | 'approved' | 'rejected' | 'executed'
  readonly createdAt: number
  readonly approvedBy: string | null
  /** When it can be executed. Null: it is not approved. */
  readonly executableAt: number | null
  readonly executedAt: number | null
}

export const recoveryRequestKind = kind<RecoveryRequest>('recoveryRequest', {
  indexes: {
    created: { key: ({ createdAt }) => [createdAt] },
    user: { key: ({ user, createdAt }) => [user, createdAt] },
  },
  history: ['approvedBy'],
})

export interface RecoveryPolicy {
  readonly id: 'main'
  readonly enabled: boolean
  readonly requireAdminApproval: boolean
  readonly delayHours: number
  readonly allowedTypes: readonly RecoveryType[]
}

export const recoveryPolicyKind = kind<RecoveryPolicy>('recoveryPolicy')

const usual: RecoveryPolicy = {
  id: 'main',
  enabled: true,
  requireAdminApproval: true,
  delayHours: 72,
  allowedTypes: recoveryTypes,
}

export function policyOf(unit: Reads): RecoveryPolicy {
  return unit.get(recoveryPolicyKind, 'main') ?? usual
}

const openMs = 7 * day

/** The current state of a request. An open request expires, and then a new request is needed. */
export function statusOf({ state, createdAt, executableAt }: RecoveryRequest, now: number) {
  const endsAt = (executableAt ?? createdAt) + openMs
  const isOpen = state === 'pending_approval' || state === 'approved'
  return isOpen && now >= endsAt ? 'expired' : state
}

export function delayMs({ delayHours }: RecoveryPolicy): number {
  return delayHours * hour
}
