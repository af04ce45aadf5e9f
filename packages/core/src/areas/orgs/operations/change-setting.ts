import * as z from 'zod'
import { fields, operation } from '../../../operations/index.ts'
import { settingNotFound } from '../errors.ts'
import { changeSetting, OrgSettingsBody } from '../settings.ts'

export const changeOrgSetting = operation({
  name: 'orgs.changeSetting',
  summary: 'Change one setting of your organisation.',
  http: {
    method: 'PUT',
    path: '/v1/org/settings/{key}',
    status: 200,
    id: 'updateOrgSetting',
    tag: 'Organization',
    aliases: [{ method: 'PATCH', path: '/v1/org/settings', status: 200 }],
  },
  command: { name: 'org set', positionals: ['key', 'value'] },
  effect: 'write',
  access: { signedIn: ['user'], admin: true },
  audit: { action: 'org.settings_change', resource: 'org', about: ({ key }) => ({ setting: key }) },
  input: z.object({
    key: fields.text(64, 1),
    value: z
      .union([fields.text(1_000), fields.count()], 'must be a string or a whole number')
      .describe('New value of the setting.'),
  }),
  output: z.object({ settings: OrgSettingsBody }),
  errors: [settingNotFound],
  run: ({ unit }, { key, value }) => ({ settings: changeSetting(unit, key, String(value)) }),
})
