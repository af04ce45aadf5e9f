import * as z from 'zod'
import { invalidField } from '../../../kernel/errors.ts'
import { type Context, fields, operation } from '../../../operations/index.ts'
import { forgetFailures, stagePasswordChanged } from '../../auth/index.ts'
import { useLinkToken } from '../../credentials/index.ts'
import { hashPassword, newPasswordField, passwordProblem, type User, userKind } from '../../orgs/index.ts'
import { linkInvalid } from '../errors.ts'

export const resetPassword = operation({
  name: 'accounts.resetPassword',
  summary: 'Choose a new password with the token of a link. Ends all your sessions and their tokens.',
  http: { method: 'POST', path: '/v1/auth/reset-password', status: 200, id: 'resetPassword', tag: 'Authentication' },
  command: { name: 'account reset-password' },
  effect: 'write',
  access: 'public',
  audit: { action: 'user.password_reset', resource: 'user' },
  input: z.object({ token: fields.secretText(100), new_password: newPasswordField() }),
  output: z.object({ message: z.string() }),
  limits: [{ per: 'credential', field: 'token', by: 'person' }],
  errors: [linkInvalid],
  run: (context, { token, new_password }) => {
    const { unit } = context
    // Before the link is used, so that a refused password leaves it valid.
    const problem = passwordProblem(new_password.reveal())
    if (problem) throw invalidField('new_password', problem)
    const user = holderOf(context, token.reveal())
    const passwordHash = unit.waitFor(() => hashPassword(context, new_password.reveal()))
    // Only the mailbox has the link, so the address is verified.
    unit.put(userKind, { ...user, passwordHash, emailVerified: true, epoch: user.epoch + 1 })
    forgetFailures(unit, user.id)
    stagePasswordChanged(context, user)
    return { message: 'Your password was changed. Sign in with the new one.' }
  },
})

function holderOf(context: Context, token: string): User {
  const { unit } = context
  const link = useLinkToken(context, 'reset', token)
  if (!link?.org || !link.holder) throw linkInvalid()
  unit.enter(link.org)
  const user = unit.get(userKind, link.holder.id)
  if (user?.status !== 'active') throw linkInvalid()
  return user
}
