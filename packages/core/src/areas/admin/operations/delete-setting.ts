import * as z from 'zod'
import { forTheTrail, operation } from '../../../operations/index.ts'
import { settingKind } from '../../settings/index.ts'
import { unknownSetting } from '../errors.ts'
import { knownKey, settingBody, settingRef } from '../settings.ts'

export const deleteSetting = operation({
  name: 'admin.deleteSetting',
  summary: 'Remove the stored value of a setting, so that the environment counts again. For the operator.',
  http: { method: 'DELETE', path: '/v1/admin/settings/{key}', status: 204, id: 'adminDeleteSetting', tag: 'Admin' },
  command: { name: 'admin unset', positionals: ['key'] },
  effect: 'write',
  access: { signedIn: ['user'], operator: true },
  audit: { action: 'setting.delete', resource: 'setting', about: ({ key }) => ({ id: key }) },
  input: z.object(settingRef),
  output: z.undefined(),
  errors: [unknownSetting],
  run: (context, { key: given }) => {
    const key = knownKey(given)
    const { value: before, default_value: after } = settingBody(context, key)
    const stored = context.unit.get(settingKind, key)
    if (stored) context.unit.delete(settingKind, stored)
    forTheTrail(context, { before, after })
    return undefined
  },
})
