import * as z from 'zod'
import { Secret } from '../../../kernel/secret.ts'
import { day, hour, rfc3339, second } from '../../../kernel/time.ts'
import { type Context, denied, fields, operation, rateLimited } from '../../../operations/index.ts'
import { dropPasskeysOf, dropTotpOf, newLinkToken } from '../../credentials/index.ts'
import { type User, userKind } from '../../orgs/index.ts'
import { requestToDecide } from '../decide.ts'
import { recoveryNotFound, recoveryNotPending, recoveryTooEarly } from '../errors.ts'
import { type RecoveryType, recoveryRequestKind, recoveryTypes } from '../records.ts'

export const executeRecovery = operation({
  name: 'recovery.execute',
  summary: 'Execute an approved recovery request after its delay. All sessions of the user end.',
  http: {
    method: 'POST',
    path: '/v1/auth/credential-recovery/requests/{id}/execute',
    status: 200,
    id: 'executeCredentialRecovery',
    tag: 'Credential Recovery',
  },
  effect: 'write',
  access: { signedIn: ['user'], admin: true },
  audit: { action: 'recovery.execute', resource: 'recovery', about: ({ id }) => ({ id }) },
  input: z.object({ id: fields.id().describe('ID of the request.') }),
  output: z.object({
    request_id: fields.id(),
    status: z.literal('executed'),
    recovery_type: z.enum(recoveryTypes),
    recovery_code: fields
      .shownSecret()
      .optional()
      .meta({ description: 'Of a password_reset: the token for POST /v1/auth/reset-password, for the user.' }),
    executed_at: fields.shownTime(),
  }),
  reveals: ['recovery_code'],
  errors: [denied, recoveryNotFound, recoveryNotPending, recoveryTooEarly, rateLimited],
  run: (context, { id }) => {
    const { unit, now } = context
    const { request, user } = requestToDecide(context, id, 'approved')
    const at = request.executableAt ?? 0
    if (now < at) throw recoveryTooEarly({ at: rfc3339(at) })
    const code = reset[request.type](context, user)
    unit.put(userKind, { ...user, epoch: user.epoch + 1 })
    unit.put(recoveryRequestKind, { ...request, state: 'executed', executedAt: now })
    return {
      ...{ request_id: id, status: 'executed' as const, recovery_type: request.type, executed_at: rfc3339(now) },
      ...(code === null ? {} : { recovery_code: Secret.of(code) }),
    }
  },
})

/** Each answers a code for the user, or null. */
const reset: Readonly<Record<RecoveryType, (context: Context, user: User) => string | null>> = {
  mfa_reset: ({ unit }, { id }) => {
    dropTotpOf(unit, id)
    return null
  },
  passkey_reset: ({ unit }, { id }) => {
    dropPasskeysOf(unit, id)
    return null
  },
  // The link of a forgotten password, which the area `accounts` takes.
  password_reset: (context, { id, email }) => {
    const wanted = { purpose: 'reset', subject: email, lifeMs: day, everyMs: 0, holder: { kind: 'user', id } as const }
    const token = newLinkToken(context, { ...wanted, ...(context.unit.org && { org: context.unit.org }) })
    if (token === null) throw rateLimited({ retryAfterSeconds: hour / second })
    return token
  },
}
