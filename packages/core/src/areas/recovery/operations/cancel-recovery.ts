import * as z from 'zod'
import { fields, isAdmin, operation, signedIn } from '../../../operations/index.ts'
import { recoveryNotFound, recoveryNotPending } from '../errors.ts'
import { recoveryRequestKind, statusOf } from '../records.ts'

export const cancelRecovery = operation({
  name: 'recovery.cancel',
  summary: 'Cancel your own recovery request, or reject one as an admin.',
  http: {
    method: 'DELETE',
    path: '/v1/auth/credential-recovery/requests/{id}',
    status: 204,
    id: 'cancelCredentialRecovery',
    tag: 'Credential Recovery',
  },
  effect: 'write',
  access: { signedIn: ['user'] },
  audit: { action: 'recovery.cancel', resource: 'recovery', about: ({ id }) => ({ id }) },
  input: z.object({ id: fields.id().describe('ID of the request.') }),
  output: z.undefined(),
  errors: [recoveryNotFound, recoveryNotPending],
  run: (context, { id }) => {
    const { unit, now } = context
    const caller = signedIn(context)
    const request = unit.require(recoveryRequestKind, id, recoveryNotFound)
    // A member does not learn that others have requests.
    if (request.user !== caller.id && !isAdmin(caller)) throw recoveryNotFound()
    const status = statusOf(request, now)
    if (status !== 'pending_approval' && status !== 'approved') throw recoveryNotPending({ status })
    unit.put(recoveryRequestKind, { ...request, state: 'rejected' })
    return undefined
  },
})
