import * as z from 'zod'
import { fields, forTheTrail, operation } from '../../../operations/index.ts'
import { strikeOut } from '../../billing/index.ts'
import { accountByEmail, emailField } from '../../orgs/index.ts'
import { tellOrg } from '../account.ts'
import { userNotFound } from '../errors.ts'

const action = 'usage.reset_org'

export const resetUserUsage = operation({
  name: 'admin.resetUserUsage',
  summary: 'Strike out the requests of this month for the organisation of a user. For the operator.',
  http: {
    method: 'POST',
    path: '/v1/admin/usage/reset-for-user',
    status: 200,
    id: 'adminResetUsageForUserByEmail',
    tag: 'Admin',
  },
  command: { name: 'admin reset-user-usage', positionals: ['email'] },
  effect: 'write',
  access: { signedIn: ['user'], operator: true },
  audit: { action, resource: 'usage', about: (_, result) => ({ id: result?.org_id }) },
  input: z.object({ email: emailField() }),
  output: z.object({
    deleted_events: z.int(),
    org_id: fields.id(),
    user_id: fields.id(),
    email: z.string(),
    display_name: z.string(),
  }),
  errors: [userNotFound],
  run: (context, { email }) => {
    const found = accountByEmail(context, email)
    if (!found?.user) throw userNotFound()
    const { org, user } = found
    const deleted = strikeOut(context, org)
    forTheTrail(context, { deleted_events: deleted })
    tellOrg(context, org, action, { deleted_events: deleted })
    const { id, displayName } = user
    return { deleted_events: deleted, org_id: org, user_id: id, email: user.email, display_name: displayName }
  },
})
