import * as z from 'zod'
import { denied, fields, operation, signedIn } from '../../../operations/index.ts'
import { requestToDecide } from '../decide.ts'
import { recoveryNotFound, recoveryNotPending } from '../errors.ts'
import { tellUser } from '../letters.ts'
import { delayMs, policyOf, recoveryRequestKind } from '../records.ts'

export const approveRecovery = operation({
  name: 'recovery.approve',
  summary: 'Approve a recovery request of another user. The delay of the policy begins.',
  http: {
    method: 'POST',
    path: '/v1/auth/credential-recovery/requests/{id}/approve',
    status: 200,
    id: 'approveCredentialRecovery',
    tag: 'Credential Recovery',
  },
  effect: 'write',
  access: { signedIn: ['user'], admin: true },
  audit: { action: 'recovery.approve', resource: 'recovery', about: ({ id }) => ({ id }) },
  input: z.object({ id: fields.id().describe('ID of the request.') }),
  output: z.object({
    request_id: fields.id(),
    status: z.literal('approved'),
    recovery_code: z
      .string()
      .nullable()
      .meta({ description: 'Always null: execution gives the code, after the delay.' }),
  }),
  errors: [denied, recoveryNotFound, recoveryNotPending],
  run: (context, { id }) => {
    const { unit, now } = context
    const { request, user } = requestToDecide(context, id, 'pending_approval')
    const approvedBy = signedIn(context).id
    const approved = { ...request, state: 'approved' as const, approvedBy, executableAt: now + delayMs(policyOf(unit)) }
    unit.put(recoveryRequestKind, approved)
    tellUser(context, user, approved)
    return { request_id: id, status: 'approved' as const, recovery_code: null }
  },
})
