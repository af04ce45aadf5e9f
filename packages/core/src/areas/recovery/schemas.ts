import * as z from 'zod'
import { rfc3339 } from '../../kernel/time.ts'
import { fields } from '../../operations/index.ts'
import { type RecoveryPolicy, type RecoveryRequest, recoveryTypes, statusOf } from './records.ts'

export const RecoveryTypeField = z.enum(recoveryTypes, `must be one of ${recoveryTypes.join(', ')}`)

export const RecoveryStatus = z.enum(['pending_approval', 'approved', 'rejected', 'expired', 'executed'])

export const RecoveryBody = z
  .object({
    request_id: fields.id(),
    status: RecoveryStatus,
    recovery_type: z.enum(recoveryTypes),
    user_id: fields.id(),
    reason: z.string(),
    executable_at: fields.shownTime().nullable(),
    created_at: fields.shownTime(),
  })
  .meta({ id: 'RecoveryRequest' })

export function recoveryBody(request: RecoveryRequest, now: number): z.infer<typeof RecoveryBody> {
  const { id, type, user, reason, executableAt, createdAt } = request
  return {
    ...{ request_id: id, status: statusOf(request, now), recovery_type: type, user_id: user, reason },
    executable_at: executableAt === null ? null : rfc3339(executableAt),
    created_at: rfc3339(createdAt),
  }
}

export const RecoveryPolicyBody = z
  .object({
    enabled: z.boolean(),
    require_admin_approval: z.boolean(),
    delay_hours: z.int(),
    allowed_types: z.array(z.enum(recoveryTypes)),
  })
  .meta({ id: 'RecoveryPolicy' })

export function policyBody(policy: RecoveryPolicy): z.infer<typeof RecoveryPolicyBody> {
  const { enabled, requireAdminApproval, delayHours, allowedTypes } = policy
  return {
    ...{ enabled, require_admin_approval: requireAdminApproval, delay_hours: delayHours },
    allowed_types: [...allowedTypes],
  }
}
