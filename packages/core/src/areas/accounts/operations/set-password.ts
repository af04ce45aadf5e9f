import * as z from 'zod'
import { invalidField } from '../../../kernel/errors.ts'
import { confirmField, confirmHeader, fields, notAuthenticated, operation } from '../../../operations/index.ts'
import { currentUser, stagePasswordChanged } from '../../auth/index.ts'
import { hashPassword, newPasswordField, passwordBytesMax, passwordProblem, userKind } from '../../orgs/index.ts'
import { passwordExists } from '../errors.ts'

export const setPassword = operation({
  name: 'accounts.setPassword',
  summary: 'Choose a password, if your account has none. Your sessions stay valid.',
  http: {
    method: 'POST',
    path: '/v1/auth/set-password',
    status: 200,
    id: 'setPassword',
    tag: 'Authentication',
    headers: confirmHeader,
  },
  command: { name: 'account set-password', flags: { auth_confirm: 'confirm' } },
  effect: 'write',
  access: { signedIn: ['user'] },
  // With a password, a stolen token would become a way in that lasts.
  confirms: { purpose: 'account.password' },
  audit: { action: 'user.password_set', resource: 'user' },
  input: z.object({
    password: newPasswordField(),
    password_confirm: fields.secretText(passwordBytesMax),
    auth_confirm: confirmField(),
  }),
  output: z.object({ message: z.string() }),
  errors: [notAuthenticated, passwordExists],
  run: (context, { password, password_confirm }) => {
    const { unit } = context
    if (password.reveal() !== password_confirm.reveal()) {
      throw invalidField('password_confirm', 'must be the same as password')
    }
    const problem = passwordProblem(password.reveal())
    if (problem) throw invalidField('password', problem)
    const user = currentUser(context)
    if (user.passwordHash !== null) throw passwordExists()
    const passwordHash = unit.waitFor(() => hashPassword(context, password.reveal()))
    unit.put(userKind, { ...user, passwordHash })
    stagePasswordChanged(context, user)
    return { message: 'Your password was set.' }
  },
})
