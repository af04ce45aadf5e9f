import * as z from 'zod'
import { fields, notAuthenticated, operation } from '../../../operations/index.ts'
import { currentUser } from '../../auth/index.ts'
import { recoveryOff, recoveryOpen } from '../errors.ts'
import { tellUser } from '../letters.ts'
import { delayMs, policyOf, type RecoveryRequest, recoveryRequestKind, statusOf } from '../records.ts'
import { RecoveryBody, RecoveryTypeField, recoveryBody } from '../schemas.ts'

const reasonCharactersMax = 500

export const requestRecovery = operation({
  name: 'recovery.request',
  summary: 'Ask for a reset of your authenticator app, your passkeys or your password.',
  http: {
    method: 'POST',
    path: '/v1/auth/credential-recovery/request',
    status: 201,
    id: 'requestCredentialRecovery',
    tag: 'Credential Recovery',
  },
  command: { positionals: ['recovery_type'] },
  effect: 'write',
  access: { signedIn: ['user'] },
  audit: {
    action: 'recovery.request',
    resource: 'recovery',
    about: ({ recovery_type }, made) => ({ id: made?.request_id, recovery_type }),
  },
  input: z.object({
    recovery_type: RecoveryTypeField.describe('What to reset.'),
    reason: fields.optional(fields.plainText(reasonCharactersMax)).describe('What the admin should know.'),
  }),
  output: RecoveryBody,
  errors: [notAuthenticated, recoveryOff, recoveryOpen],
  run: (context, { recovery_type: type, reason = '' }) => {
    const { unit, now, newId } = context
    const user = currentUser(context)
    const policy = policyOf(unit)
    if (!policy.enabled || !policy.allowedTypes.includes(type)) throw recoveryOff()
    const earlier = unit.list(recoveryRequestKind, 'user', user.id)
    const isOpen = (one: RecoveryRequest) => ['pending_approval', 'approved'].includes(statusOf(one, now))
    if (earlier.some((one) => one.type === type && isOpen(one))) throw recoveryOpen()
    // One request of a type at a time, so older ones of it tell nothing any more but what the trail tells.
    for (const one of earlier) if (one.type === type) unit.delete(recoveryRequestKind, one)
    const isApproved = !policy.requireAdminApproval
    const request: RecoveryRequest = {
      ...{ id: newId(), user: user.id, type, reason, createdAt: now, approvedBy: null, executedAt: null },
      state: isApproved ? 'approved' : 'pending_approval',
      executableAt: isApproved ? now + delayMs(policy) : null,
    }
    unit.put(recoveryRequestKind, request)
    tellUser(context, user, request)
    return recoveryBody(request, now)
  },
})
