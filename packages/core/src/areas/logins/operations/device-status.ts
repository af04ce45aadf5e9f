import * as z from 'zod'
import { rfc3339 } from '../../../kernel/time.ts'
import { type Context, fields, operation } from '../../../operations/index.ts'
import { userKind } from '../../orgs/index.ts'
import { deviceCodeNotFound } from '../errors.ts'
import { type DeviceRequest, findRequest, isFor, userCodeField } from '../requests.ts'

export const deviceStatus = operation({
  name: 'logins.status',
  summary: 'Get whether a device was allowed to sign in. A user who can allow it also sees who asks, and from where.',
  http: {
    method: 'GET',
    path: '/v1/auth/device/code/{user_code}',
    status: 200,
    id: 'deviceCodeStatus',
    tag: 'Authentication',
  },
  command: null,
  effect: 'read',
  access: 'public',
  audit: 'none',
  input: z.object({ user_code: userCodeField() }),
  output: z
    .object({
      user_code: z.string(),
      status: z.enum(['pending', 'approved', 'denied', 'expired']),
      expires_at: fields.shownTime(),
      client_id: z.string().optional(),
      requested_from: z.string().optional().meta({ description: 'IP address of the device. Empty: unknown.' }),
      requested_at: fields.shownTime().optional(),
    })
    .meta({ id: 'DeviceCodeStatus' }),
  limits: [{ per: 'credential', field: 'user_code', by: 'person' }],
  errors: [deviceCodeNotFound],
  run: (context, { user_code }) => {
    const request = findRequest(context, user_code)
    if (!request) throw deviceCodeNotFound()
    const { one, data } = request
    const status = one.expiresAt <= context.now ? ('expired' as const) : data.state
    return { user_code, status, expires_at: rfc3339(one.expiresAt), ...shownTo(context, request) }
  },
})

/** Who asks is a matter of the users who can allow it. */
function shownTo({ caller, unit }: Context, request: DeviceRequest) {
  const user = caller.kind === 'user' ? unit.reading(caller.org).get(userKind, caller.id) : null
  if (!user || !isFor(request, user)) return {}
  const { client, from, requestedAt } = request.data
  return { client_id: client, requested_from: from, requested_at: rfc3339(requestedAt) }
}
