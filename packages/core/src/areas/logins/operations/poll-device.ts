import * as z from 'zod'
import { type Context, fields, operation } from '../../../operations/index.ts'
import { stageSuccess, tokenBody, userToken } from '../../auth/index.ts'
import { isBlocked, peekLinkToken, useLinkToken } from '../../credentials/index.ts'
import { type User, userKind } from '../../orgs/index.ts'
import { type DeviceRequest, purpose, requestOf } from '../requests.ts'

const grantType = 'urn:ietf:params:oauth:grant-type:device_code'

export const pollDevice = operation({
  name: 'logins.poll',
  summary:
    'Get the token of a device, once its user has allowed it. The answer is 200 in any case: a token or an error.',
  http: { method: 'POST', path: '/v1/auth/device/token', status: 200, id: 'deviceToken', tag: 'Authentication' },
  command: null,
  effect: 'write',
  access: 'public',
  // The event is in the trail of the user, so the operation stages it itself.
  audit: 'none',
  input: z.object({
    device_code: fields.secretText(100),
    grant_type: z.literal(grantType, `must be ${grantType}`),
  }),
  output: z
    .object({
      access_token: fields.shownSecret().optional(),
      token_type: z.literal('Bearer').optional(),
      expires_in: z.int().optional(),
      email: z.string().optional(),
      user_id: fields.id().optional(),
      org_id: fields.id().optional(),
      error: z.enum(['authorization_pending', 'expired_token', 'access_denied']).optional(),
    })
    .meta({ id: 'DeviceToken' }),
  reveals: ['access_token'],
  errors: [],
  run: (context, { device_code }) => {
    const code = device_code.reveal()
    const request = requestOf(peekLinkToken(context, purpose, code))
    if (!request) return { error: 'expired_token' as const }
    if (request.data.state === 'pending') return { error: 'authorization_pending' as const }
    if (request.data.state === 'denied') return { error: 'access_denied' as const }
    useLinkToken(context, purpose, code)
    const user = userOf(context, request)
    if (!user) return { error: 'access_denied' as const }
    stageSuccess(context, { kind: 'user', id: user.id }, 'device_code')
    const token = tokenBody(userToken(context, user, { isDevice: true }))
    return { ...token, email: user.email, user_id: user.id, org_id: context.unit.org ?? '' }
  },
})

/** The user who allowed it; null if the user left, or changed the password since. */
function userOf({ unit, now }: Context, { one: { org, holder }, data }: DeviceRequest): User | null {
  if (!org || !holder) return null
  unit.enter(org)
  const user = unit.get(userKind, holder.id)
  return user?.status === 'active' && !isBlocked(user, now) && user.epoch === data.epoch ? user : null
}
