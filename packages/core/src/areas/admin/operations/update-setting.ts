import * as z from 'zod'
import { invalidField } from '../../../kernel/errors.ts'
import { fields, forTheTrail, operation, signedIn } from '../../../operations/index.ts'
import { declared, settingKind } from '../../settings/index.ts'
import { unknownSetting } from '../errors.ts'
import { knownKey, SettingBody, settingBody, settingRef } from '../settings.ts'

export const updateSetting = operation({
  name: 'admin.updateSetting',
  summary: 'Change a setting of the server at once. It wins over the environment. For the operator.',
  http: { method: 'PUT', path: '/v1/admin/settings/{key}', status: 200, id: 'adminUpdateSetting', tag: 'Admin' },
  command: { name: 'admin set', positionals: ['key', 'value'] },
  effect: 'write',
  access: { signedIn: ['user'], operator: true },
  audit: { action: 'setting.update', resource: 'setting', about: ({ key }) => ({ id: key }) },
  input: z.object({ ...settingRef, value: fields.plainText(4_096).describe('New value of the setting.') }),
  output: SettingBody,
  errors: [unknownSetting],
  run: (context, { key: given, value }) => {
    const key = knownKey(given)
    const read = declared[key].read.safeParse(value)
    if (!read.success) throw invalidField('value', read.error.issues[0]?.message ?? 'is invalid')
    const before = settingBody(context, key).value
    const { unit, now } = context
    unit.put(settingKind, { id: key, value, updatedBy: signedIn(context).id, updatedAt: now })
    forTheTrail(context, { before, after: value })
    return settingBody(context, key)
  },
})
