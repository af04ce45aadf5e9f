import * as z from 'zod'
import { notAuthenticated, operation } from '../../../operations/index.ts'
import { currentUser } from '../current-user.ts'
import { ProfileBody, profileBody } from '../schemas.ts'

export const getMe = operation({
  name: 'auth.me',
  summary: 'Get your own profile.',
  http: { method: 'GET', path: '/v1/auth/me', status: 200, id: 'getMe', tag: 'Authentication' },
  command: { name: 'account get' },
  effect: 'read',
  access: { signedIn: ['user'] },
  audit: 'none',
  input: z.object({}),
  output: ProfileBody,
  anyScope: true,
  errors: [notAuthenticated],
  run: (context) => {
    const user = currentUser(context)
    return profileBody(user, context.unit)
  },
})
