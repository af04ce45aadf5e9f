import * as z from 'zod'
import { confirmField, confirmHeader, fields, operation } from '../../../operations/index.ts'
import { needsProofToEnrol } from '../../auth/index.ts'
import { policyOf, recoveryPolicyKind } from '../records.ts'
import { policyBody, RecoveryPolicyBody, RecoveryTypeField } from '../schemas.ts'

const delayHoursMax = 24 * 30

export const updateRecoveryPolicy = operation({
  name: 'recovery.updatePolicy',
  summary: 'Change how your organisation recovers lost factors.',
  http: {
    method: 'PATCH',
    path: '/v1/org/credential-recovery-policy',
    status: 200,
    id: 'updateCredentialRecoveryPolicy',
    tag: 'Credential Recovery',
    headers: confirmHeader,
  },
  command: { name: 'recovery set-policy', flags: { auth_confirm: 'confirm' } },
  effect: 'write',
  access: { signedIn: ['user'], admin: true },
  // Without a delay and an approval, a stolen token could remove factors.
  confirms: { purpose: 'org.recovery_policy', when: needsProofToEnrol },
  audit: {
    action: 'recovery.policy_change',
    resource: 'org',
    about: ({ auth_confirm: _, ...changed }) => changed,
  },
  input: z.object({
    enabled: fields.optional(z.boolean('must be true or false')).describe('Whether members can ask for a recovery.'),
    require_admin_approval: fields
      .optional(z.boolean('must be true or false'))
      .describe('Whether an admin approves a request before its delay begins.'),
    delay_hours: fields
      .optional(fields.count(delayHoursMax))
      .describe('Hours between the approval and the execution. Default: 72.'),
    allowed_types: fields
      .optional(z.array(RecoveryTypeField).max(RecoveryTypeField.options.length))
      .describe('What can be recovered.'),
    auth_confirm: confirmField(),
  }),
  output: RecoveryPolicyBody,
  errors: [],
  run: ({ unit }, { enabled, require_admin_approval, delay_hours, allowed_types }) => {
    const before = policyOf(unit)
    const after = {
      id: before.id,
      enabled: enabled ?? before.enabled,
      requireAdminApproval: require_admin_approval ?? before.requireAdminApproval,
      delayHours: delay_hours ?? before.delayHours,
      allowedTypes: allowed_types ? [...new Set(allowed_types)] : before.allowedTypes,
    }
    unit.put(recoveryPolicyKind, after)
    return policyBody(after)
  },
})
