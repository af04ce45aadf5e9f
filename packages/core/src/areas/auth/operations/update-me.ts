import * as z from 'zod'
import { fields, notAuthenticated, operation } from '../../../operations/index.ts'
import { displayNameField, userKind } from '../../orgs/index.ts'
import { currentUser } from '../current-user.ts'
import { ProfileBody, profileBody } from '../schemas.ts'

export const updateMe = operation({
  name: 'auth.updateMe',
  summary: 'Change your own profile.',
  http: { method: 'PATCH', path: '/v1/auth/me', status: 200, id: 'updateMe', tag: 'Authentication' },
  command: { name: 'account update' },
  effect: 'write',
  access: { signedIn: ['user'] },
  audit: { action: 'user.update', resource: 'user', about: (_, user) => ({ id: user?.id }) },
  input: z.object({
    display_name: fields.clearable(displayNameField()).describe('Name that other members see.'),
    marketing_emails: fields
      .optional(z.boolean('must be true or false'))
      .describe('Whether to receive marketing e-mail.'),
  }),
  output: ProfileBody,
  errors: [notAuthenticated],
  run: (context, { display_name, marketing_emails }) => {
    const user = currentUser(context)
    const changed = {
      ...user,
      displayName: display_name === undefined ? user.displayName : (display_name ?? ''),
      marketingEmails: marketing_emails ?? user.marketingEmails,
    }
    context.unit.put(userKind, changed)
    return profileBody(changed, context.unit)
  },
})
