import * as z from 'zod'
import { operation, signedIn } from '../../../operations/index.ts'
import { SecuritySettingsBody, settingsBody } from '../security-settings.ts'

export const getSecuritySettings = operation({
  name: 'factors.getSecuritySettings',
  summary: 'Get what you decided about your own security.',
  http: { method: 'GET', path: '/v1/auth/settings', status: 200, id: 'getSecuritySettings', tag: 'Authentication' },
  command: { name: 'account security' },
  effect: 'read',
  access: { signedIn: ['user'] },
  audit: 'none',
  input: z.object({}),
  output: SecuritySettingsBody,
  errors: [],
  run: (context) => settingsBody(context.unit, signedIn(context).id),
})
