import * as z from 'zod'
import { fields, notAuthenticated, operation } from '../../../operations/index.ts'
import { currentUser } from '../../auth/index.ts'
import { factorsOf, passkeysOf } from '../../credentials/index.ts'
import { AssertionOptions, assertionOptions, newChallenge } from '../ceremonies.ts'
import { checkMethod, checkPurpose, Method, methodsOf, purposeField } from '../methods.ts'
import { passkeysUnavailable } from '../relying-party.ts'

export const beginReauth = operation({
  name: 'factors.beginReauth',
  summary: 'Begin to prove again who you are. The answer says which methods count for you.',
  http: { method: 'POST', path: '/v1/auth/reauth/begin', status: 200, id: 'reauthBegin', tag: 'Authentication' },
  command: { name: 'reauth begin', positionals: ['purpose'] },
  effect: 'write',
  access: { signedIn: ['user'] },
  audit: { action: 'auth.reauth_begin', resource: 'user', about: ({ purpose }) => ({ purpose }) },
  input: z.object({
    purpose: purposeField(),
    method: fields.optional(Method).describe('How you want to prove it. Default: the best method that you have.'),
  }),
  output: z.object({
    purpose: z.string(),
    method: Method,
    methods: z.array(Method),
    ...AssertionOptions.partial().shape,
  }),
  errors: [notAuthenticated, passkeysUnavailable],
  run: (context, { purpose, method: wanted }) => {
    const { unit } = context
    checkPurpose(context, purpose)
    const user = currentUser(context)
    const factors = factorsOf(unit, user)
    const method = checkMethod(factors, wanted)
    const methods = [...methodsOf(factors)]
    if (method !== 'passkey') return { purpose, method, methods }
    const challenge = newChallenge(context, { ceremony: 'reauth', user: user.id, data: { purpose } })
    return { purpose, method, methods, ...assertionOptions(context, challenge, passkeysOf(unit, user.id)) }
  },
})
