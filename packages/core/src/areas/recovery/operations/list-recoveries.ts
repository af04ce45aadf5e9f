import * as z from 'zod'
import { fields, operation } from '../../../operations/index.ts'
import { recoveryRequestKind } from '../records.ts'
import { RecoveryBody, RecoveryStatus, recoveryBody } from '../schemas.ts'

export const listRecoveries = operation({
  name: 'recovery.list',
  summary: 'List the recovery requests of your organisation.',
  http: {
    method: 'GET',
    path: '/v1/auth/credential-recovery/requests',
    status: 200,
    id: 'listCredentialRecoveryRequests',
    tag: 'Credential Recovery',
  },
  command: { columns: ['request_id', 'user_id', 'recovery_type', 'status', 'executable_at'] },
  effect: 'read',
  access: { signedIn: ['user'], admin: true },
  audit: { action: 'recovery.list', resource: 'recovery' },
  input: z.object({ status: fields.optional(RecoveryStatus).describe('Only requests in this state.') }),
  output: z.object({ requests: z.array(RecoveryBody) }),
  errors: [],
  run: ({ unit, now }, { status }) => {
    const all = unit.list(recoveryRequestKind, 'created').map((one) => recoveryBody(one, now))
    return { requests: status ? all.filter((one) => one.status === status) : all }
  },
})
