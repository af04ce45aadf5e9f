import * as z from 'zod'
import { CommitThenThrow, cascadeAndWait, fields, notAuthenticated, operation } from '../../../operations/index.ts'
import { keepAnOwner, lastOwner, passwordBytesMax, userKind } from '../../orgs/index.ts'
import { currentUser } from '../current-user.ts'
import { wrongOwnPassword } from '../errors.ts'
import { checkPassword } from '../password-check.ts'

const confirmation = 'DELETE MY ACCOUNT'

export const deleteMe = operation({
  name: 'auth.deleteMe',
  summary: 'Delete your own account, with its tokens, API keys and policies.',
  http: { method: 'DELETE', path: '/v1/auth/me', status: 204, id: 'deleteMe', tag: 'Authentication' },
  command: { name: 'account delete' },
  effect: 'write',
  access: { signedIn: ['user'] },
  audit: { action: 'user.delete', resource: 'user' },
  input: z.object({
    confirmation: z
      .literal(confirmation, `must be exactly ${confirmation}`)
      .describe(`Must be exactly ${confirmation}.`),
    current_password: fields
      .optional(fields.secretText(passwordBytesMax))
      .describe('Your password. Also read from X-Auth-Confirm. Default: not checked.'),
  }),
  output: z.undefined(),
  errors: [notAuthenticated, lastOwner],
  run: (context, { current_password }) => {
    const { unit } = context
    const user = currentUser(context)
    if (current_password && !checkPassword(context, user, current_password)) {
      return new CommitThenThrow(wrongOwnPassword())
    }
    if (user.role === 'owner') keepAnOwner(unit, user)
    // Every token, key and policy leads to this record, so from here on none of them counts.
    unit.delete(userKind, user)
    cascadeAndWait(context, 'removed', 'user', user.id)
    return undefined
  },
})
