import * as z from 'zod'
import { operation } from '../../../operations/index.ts'
import { OrgSettingsBody, settingsOf } from '../settings.ts'

export const getSettings = operation({
  name: 'orgs.settings',
  summary: 'Get the settings of your organisation.',
  http: { method: 'GET', path: '/v1/org/settings', status: 200, id: 'getOrgSettings', tag: 'Organization' },
  command: { name: 'org settings' },
  effect: 'read',
  access: { signedIn: ['user'] },
  audit: { action: 'org.settings_read', resource: 'org' },
  input: z.object({}),
  output: z.object({ settings: OrgSettingsBody }),
  errors: [],
  run: ({ unit }) => ({ settings: settingsOf(unit) }),
})
