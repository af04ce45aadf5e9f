import * as z from 'zod'
import { rfc3339 } from '../../../kernel/time.ts'
import { fields, operation, signedIn } from '../../../operations/index.ts'
import { type Device, devicesOf } from '../records.ts'

const DeviceBody = z
  .object({
    id: fields.id(),
    name: z.string(),
    platform: z.string(),
    attestation_verified: z.boolean(),
    last_used_at: fields.shownTime().nullable(),
    created_at: fields.shownTime(),
  })
  .meta({ id: 'Device' })

export const listDevices = operation({
  name: 'devices.list',
  summary: 'List your registered devices.',
  http: { method: 'GET', path: '/v1/auth/devices', status: 200, id: 'listDevices', tag: 'Authentication' },
  command: { columns: ['name', 'id', 'platform', 'last_used_at'] },
  effect: 'read',
  access: { signedIn: ['user'] },
  audit: { action: 'device.list', resource: 'device' },
  input: z.object({}),
  output: z.object({ devices: z.array(DeviceBody) }),
  errors: [],
  run: (context) => ({ devices: devicesOf(context.unit, signedIn(context).id).map(bodyOf) }),
})

function bodyOf({ id, name, platform, lastUsedAt, createdAt }: Device): z.infer<typeof DeviceBody> {
  return {
    ...{ id, name, platform, attestation_verified: false, created_at: rfc3339(createdAt) },
    last_used_at: lastUsedAt === null ? null : rfc3339(lastUsedAt),
  }
}
