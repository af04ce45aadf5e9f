import * as z from 'zod'
import { invalidField } from '../../../kernel/errors.ts'
import { type Context, fields, operation, signedIn } from '../../../operations/index.ts'
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
  run: (context, { key, value }) => {
    if (key === 'dpop' && value === 'required') keepCallerIn(context)
    return { settings: changeSetting(context.unit, key, String(value)) }
  },
})

/** The credential of the caller would be the first that is refused. */
function keepCallerIn(context: Context): void {
  const { session } = signedIn(context)
  const staysIn = session === null || context.origin.scheme === 'cookie' || Boolean(session.proof)
  if (!staysIn) throw invalidField('value', 'needs a caller whose own token is bound to a key (DPoP)')
}
