import * as z from 'zod'
import { fields, operation } from '../../../operations/index.ts'
import { deviceNotFound } from '../errors.ts'
import { ownDevice } from '../own-device.ts'
import { deviceKind } from '../records.ts'

export const revokeDevice = operation({
  name: 'devices.revoke',
  summary: 'Remove one of your devices, with its key and its push token.',
  http: {
    method: 'DELETE',
    path: '/v1/auth/devices/{device_id}',
    status: 204,
    id: 'revokeDevice',
    tag: 'Authentication',
  },
  effect: 'write',
  access: { signedIn: ['user'] },
  audit: { action: 'device.revoke', resource: 'device', about: ({ device_id }) => ({ id: device_id }) },
  input: z.object({ device_id: fields.id() }),
  output: z.undefined(),
  errors: [deviceNotFound],
  run: (context, { device_id }) => {
    context.unit.delete(deviceKind, ownDevice(context, device_id))
    return undefined
  },
})
