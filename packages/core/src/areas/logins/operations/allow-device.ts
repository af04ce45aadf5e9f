import * as z from 'zod'
import { denied, notAuthenticated, operation } from '../../../operations/index.ts'
import {
  changeOneTime,
  passkeyNeeded,
  passkeyTokenField,
  passkeyTokenHeader,
  requireUnlocked,
} from '../../credentials/index.ts'
import { deviceCodeNotFound } from '../errors.ts'
import { decidable, requireOwnSignIn, userCodeField } from '../requests.ts'

export const allowDevice = operation({
  name: 'logins.allow',
  summary: 'Let the device with this code sign in as you. Do this only if you started the sign-in yourself.',
  http: {
    method: 'POST',
    path: '/v1/auth/device/approve',
    status: 200,
    id: 'deviceApprove',
    tag: 'Authentication',
    headers: passkeyTokenHeader,
  },
  command: null,
  effect: 'write',
  access: { signedIn: ['user'] },
  audit: { action: 'auth.device_allow', resource: 'token' },
  input: z.object({ user_code: userCodeField(), passkey_token: passkeyTokenField() }),
  output: z.object({}),
  limits: [{ per: 'credential', field: 'user_code', by: 'person' }],
  errors: [notAuthenticated, deviceCodeNotFound, denied, passkeyNeeded],
  run: (context, { user_code, passkey_token }) => {
    requireOwnSignIn(context)
    requireUnlocked(context, passkey_token)
    const { one, data, user } = decidable(context, user_code)
    changeOneTime(context, one, {
      org: context.unit.org,
      holder: { kind: 'user', id: user.id },
      data: { ...data, state: 'approved', epoch: user.epoch },
    })
    return {}
  },
})
