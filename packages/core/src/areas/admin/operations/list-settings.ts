import * as z from 'zod'
import { operation } from '../../../operations/index.ts'
import { settingKeys } from '../../settings/index.ts'
import { SettingBody, settingBody } from '../settings.ts'

export const listSettings = operation({
  name: 'admin.listSettings',
  summary: 'List the settings of the server that can be changed while it runs. For the operator.',
  http: { method: 'GET', path: '/v1/admin/settings', status: 200, id: 'adminListSettings', tag: 'Admin' },
  command: { name: 'admin settings', columns: ['key', 'value', 'source', 'default_value'] },
  effect: 'read',
  access: { signedIn: ['user'], operator: true },
  audit: { action: 'setting.list', resource: 'setting' },
  input: z.object({}),
  output: z.object({ settings: z.array(SettingBody) }),
  errors: [],
  run: (context) => ({ settings: settingKeys.map((key) => settingBody(context, key)) }),
})
