import * as z from 'zod'
import { invalidField } from '../../../kernel/errors.ts'
import { CommitThenThrow, fields, notAuthenticated, operation } from '../../../operations/index.ts'
import { hashPassword, newPasswordField, passwordBytesMax, passwordProblem, userKind } from '../../orgs/index.ts'
import { currentUser } from '../current-user.ts'
import { checkPassword } from '../password-check.ts'

export const changePassword = operation({
  name: 'auth.changePassword',
  summary: 'Change your password. All your tokens are revoked. Your API keys stay valid.',
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
  audit: { action: 'user.password_change', resource: 'user' },
  input: z.object({
    current_password: fields.secretText(passwordBytesMax),
    new_password: newPasswordField(),
  }),
  output: z.undefined(),
  errors: [notAuthenticated],
  run: (context, { current_password, new_password }) => {
    const problem = passwordProblem(new_password.reveal())
    if (problem) throw invalidField('new_password', problem)
    const user = currentUser(context)
    if (!checkPassword(context, user, current_password)) {
      return new CommitThenThrow(
        invalidField('current_password', 'is wrong, or was wrong too often. Try again in 15 minutes'),
      )
    }
    const passwordHash = context.unit.waitFor(() => hashPassword(context, new_password.reveal()))
    context.unit.put(userKind, { ...user, passwordHash, epoch: user.epoch + 1 })
    return undefined
  },
})
