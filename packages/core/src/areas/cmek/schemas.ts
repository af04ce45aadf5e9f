import * as z from 'zod'
import { rfc3339 } from '../../kernel/time.ts'
import { fields } from '../../operations/index.ts'
import { type CmekRotation, isInterrupted } from './records.ts'

/** A rotation in responses. */
export const CmekRotationBody = z
  .object({
    id: fields.id(),
    vault_id: fields.id(),
    old_fingerprint: z.string(),
    new_fingerprint: z.string(),
    status: z.enum(['running', 'completed', 'failed']),
    total_secrets: fields.count().describe('Number of values, with older versions of secrets.'),
    processed: fields.count(),
    error: z.string().optional(),
    started_at: fields.shownTime(),
    completed_at: fields.shownTime().optional(),
    created_at: fields.shownTime(),
  })
  .meta({ id: 'CmekRotationJob' })

export type CmekRotationBody = z.infer<typeof CmekRotationBody>

/** An interrupted rotation is shown as failed, so that clients stop to wait for it. */
export function cmekRotationBody(rotation: CmekRotation, now: number): CmekRotationBody {
  const interrupted = isInterrupted(rotation, now)
  const { error, completedAt } = rotation
  return {
    id: rotation.id,
    vault_id: rotation.vaultId,
    old_fingerprint: rotation.oldFingerprint,
    new_fingerprint: rotation.newFingerprint,
    status: interrupted ? 'failed' : rotation.status,
    total_secrets: rotation.total ?? 0,
    processed: rotation.processed,
    error: interrupted ? 'The server was stopped. Send the same two keys again to continue.' : (error ?? undefined),
    started_at: rfc3339(rotation.startedAt),
    completed_at: completedAt === null ? undefined : rfc3339(completedAt),
    created_at: rfc3339(rotation.startedAt),
  }
}
