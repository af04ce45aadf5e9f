import { minute } from '../../kernel/time.ts'
import { kind } from '../../records/index.ts'

/** One rotation of the customer-managed key of a vault. It contains fingerprints and no key. */
export interface CmekRotation {
  readonly id: string
  readonly vaultId: string
  readonly oldFingerprint: string
  readonly newFingerprint: string
  readonly status: 'running' | 'completed' | 'failed'
  /** Number of values to encrypt again. Null until the engine has counted them. */
  readonly total: number | null
  readonly processed: number
  readonly error: string | null
  /** Until then the engine that holds the keys works on it. After that it is interrupted. */
  readonly leasedUntil: number
  readonly startedAt: number
  readonly completedAt: number | null
}

export const cmekRotationKind = kind<CmekRotation>('cmekRotation', {
  indexes: { vault: { key: ({ vaultId, startedAt }) => [vaultId, startedAt] } },
})

/** An engine that works on a rotation extends the lease with each batch. */
export const leaseMs = minute

export function isInterrupted({ status, leasedUntil }: CmekRotation, now: number): boolean {
  return status === 'running' && leasedUntil <= now
}
