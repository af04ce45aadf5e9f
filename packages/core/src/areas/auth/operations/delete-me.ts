import * as z from 'zod'
import {
  cascadeAndWait,
  confirmField,
  confirmHeader,
  hasSecondFactor,
  notAuthenticated,
  operation,
  policyGoverns,
} from '../../../operations/index.ts'
import { keepAnOwner, lastOwner, userKind } from '../../orgs/index.ts'
import { currentUser } from '../current-user.ts'

const confirmation = 'DELETE MY ACCOUNT'

export const deleteMe = operation({
  name: 'auth.deleteMe',
  summary: 'Delete your own account, with its tokens, API keys and policies.',
  http: {
    method: 'DELETE',
    path: '/v1/auth/me',
    status: 204,
    id: 'deleteMe',
    tag: 'Authentication',
    headers: confirmHeader,
  },
  command: { name: 'account delete', flags: { auth_confirm: 'confirm' } },
  effect: 'write',
  access: { signedIn: ['user'] },
  // The first contract has no header here, so clients that know only that one send none (§3.4).
  confirms: { purpose: 'account.delete', when: ({ factors }) => hasSecondFactor(factors) },
  audit: { action: 'user.delete', resource: 'user' },
  input: z.object({
    confirmation: z
      .literal(confirmation, `must be exactly ${confirmation}`)
      .describe(`Must be exactly ${confirmation}.`),
    auth_confirm: confirmField(),
  }),
  output: z.undefined(),
  errors: [notAuthenticated, lastOwner, policyGoverns],
  run: (context) => {
    const { unit } = context
    const user = currentUser(context)
    if (user.role === 'owner') keepAnOwner(unit, user)
    // Every token, key and policy leads to this record, so from here on none of them counts.
    unit.delete(userKind, user)
    cascadeAndWait(context, 'removed', 'user', user.id)
    return undefined
  },
})
