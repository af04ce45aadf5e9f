import * as z from 'zod'
import { fields, operation } from '../../../operations/index.ts'
import { deviceNotFound } from '../errors.ts'
import { ownDevice } from '../own-device.ts'
import { deviceKind } from '../records.ts'

const tokenBytesMax = 4_096

export const setPushToken = operation({
  name: 'devices.setPushToken',
  summary: 'Store where a push service reaches one of your devices. The token is never shown.',
  http: {
    method: 'POST',
    path: '/v1/auth/devices/{device_id}/push-token',
    status: 204,
    id: 'registerPushToken',
    tag: 'Authentication',
  },
  command: null,
  effect: 'write',
  access: { signedIn: ['user'] },
  audit: {
    action: 'device.push_token',
    resource: 'device',
    about: ({ device_id, platform }) => ({ id: device_id, platform }),
  },
  input: z.object({
    device_id: fields.id(),
    token: fields.secretText(tokenBytesMax),
    platform: z.enum(['apns', 'fcm'], 'must be apns or fcm'),
  }),
  output: z.undefined(),
  errors: [deviceNotFound],
  run: (context, { device_id, token, platform }) => {
    const push = { token: token.reveal(), platform }
    context.unit.put(deviceKind, { ...ownDevice(context, device_id), push })
    return undefined
  },
})
