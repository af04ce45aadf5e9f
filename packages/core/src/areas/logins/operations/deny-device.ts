import * as z from 'zod'
import { notAuthenticated, operation } from '../../../operations/index.ts'
import { changeOneTime } from '../../credentials/index.ts'
import { deviceCodeNotFound } from '../errors.ts'
import { decidable, userCodeField } from '../requests.ts'

export const denyDevice = operation({
  name: 'logins.deny',
  summary: 'Refuse the sign-in of the device with this code.',
  http: { method: 'POST', path: '/v1/auth/device/deny', status: 200, id: 'deviceDeny', tag: 'Authentication' },
  command: null,
  effect: 'write',
  access: { signedIn: ['user'] },
  audit: { action: 'auth.device_deny', resource: 'token' },
  input: z.object({ user_code: userCodeField() }),
  output: z.object({}),
  limits: [{ per: 'credential', field: 'user_code', by: 'person' }],
  errors: [notAuthenticated, deviceCodeNotFound],
  run: (context, { user_code }) => {
    const { one, data } = decidable(context, user_code)
    changeOneTime(context, one, { data: { ...data, state: 'denied' } })
    return {}
  },
})
