import * as z from 'zod'
import { invalidField } from '../../../kernel/errors.ts'
import { CommitThenThrow, type Context, fields, notAuthenticated, operation } from '../../../operations/index.ts'
import { apiKeyKind, keysOf } from '../../credentials/index.ts'
import {
  hashPassword,
  newPasswordField,
  passwordBytesMax,
  passwordProblem,
  type User,
  userKind,
} from '../../orgs/index.ts'
import { currentUser } from '../current-user.ts'
import { wrongOwnPassword } from '../errors.ts'
import { stagePasswordChanged } from '../password-changed.ts'
import { checkPassword } from '../password-check.ts'

export const changePassword = operation({
  name: 'auth.changePassword',
  summary:
    'Change your password. Ends all your sessions and their tokens. Your API keys stay valid, unless you end them.',
  http: {
    method: 'POST',
    path: '/v1/auth/change-password',
    status: 204,
    id: 'changePassword',
    tag: 'Authentication',
  },
  command: { name: 'account change-password' },
  effect: 'write',
  access: { signedIn: ['user'] },
  audit: {
    action: 'user.password_change',
    resource: 'user',
    about: ({ end_api_keys }) => ({ sessions: 'ended', api_keys: end_api_keys ? 'ended' : 'kept' }),
  },
  input: z.object({
    current_password: fields.secretText(passwordBytesMax),
    new_password: newPasswordField(),
    end_api_keys: fields
      .optional(z.boolean('must be true or false'))
      .describe('Whether to revoke your API keys too. Default: false.'),
  }),
  output: z.undefined(),
  errors: [notAuthenticated],
  run: (context, { current_password, new_password, end_api_keys }) => {
    const problem = passwordProblem(new_password.reveal())
    if (problem) throw invalidField('new_password', problem)
    const user = currentUser(context)
    if (!checkPassword(context, user, current_password)) {
      return new CommitThenThrow(wrongOwnPassword())
    }
    const passwordHash = context.unit.waitFor(() => hashPassword(context, new_password.reveal()))
    context.unit.put(userKind, { ...user, passwordHash, epoch: user.epoch + 1 })
    if (end_api_keys) endKeys(context, user)
    stagePasswordChanged(context, user)
    return undefined
  },
})

/** In the unit of the new password, so that no key outlives the old one. */
function endKeys({ unit }: Context, { id }: User): void {
  for (const key of keysOf(unit, { kind: 'user', id })) {
    if (key.isActive) unit.put(apiKeyKind, { ...key, isActive: false })
  }
}
