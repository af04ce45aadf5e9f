import * as z from 'zod'
import { invalidField } from '../../../kernel/errors.ts'
import { type Context, denied, fields, knownCaller, operation, tierLimitReached } from '../../../operations/index.ts'
import { issuerUnavailable } from '../../issuers/index.ts'
import { displayNameField, emailField, memberNotAgreed } from '../../orgs/index.ts'
import { runs } from '../access.ts'
import {
  appNotFound,
  linkRequired,
  noIdentityProvider,
  subjectTaken,
  subjectTokenRefused,
  tooManyUsers,
} from '../errors.ts'
import { aboutApp } from '../events.ts'
import { type App, appKind } from '../records.ts'
import { readSubjectToken } from '../subject-token.ts'
import { upsertUser as upsert } from '../upsert.ts'

const jwtType = 'urn:ietf:params:oauth:token-type:jwt'
const idTokenType = 'urn:ietf:params:oauth:token-type:id_token'
const tokenBytesMax = 16_384

const input = z.object({
  email: fields.optional(emailField()).describe('E-mail address of the user.'),
  external_subject: fields
    .optional(fields.plainText(512, 1))
    .describe('What the app calls the user, such as telegram:123456789. Default: sub of the subject token.'),
  subject_token: fields
    .optional(fields.secretText(tokenBytesMax))
    .describe('Token of the identity provider of the app (oidc_jwks_url) for the user.'),
  subject_token_type: fields.optional(z.enum([jwtType, idTokenType], `must be ${jwtType}`)),
  display_name: fields.optional(displayNameField()).describe('Name of a new user.'),
  app_id: fields.optional(fields.id()).describe('The app, when a person calls. Default: the only app.'),
  platform_app_id: fields.optional(fields.id()).describe('The same as app_id.'),
})

export const upsertUser = operation({
  name: 'platform.upsertUser',
  summary: 'Find or create a user of the app. A user of another organisation must agree first: the error says where.',
  http: {
    method: 'POST',
    path: '/v1/platform/users/upsert',
    status: 200,
    createdIf: 'is_new',
    id: 'upsertPlatformUser',
    tag: 'Platform',
  },
  command: { name: 'app upsert-user', flags: { external_subject: 'subject' } },
  effect: 'write',
  access: { signedIn: ['user', 'app'] },
  audit: {
    action: 'platform.user_provisioned',
    resource: 'platform_app',
    about: (_, made) => (made ? { ...aboutApp(made.app_id), connection_id: made.connection_id } : {}),
  },
  input,
  output: z.object({
    user_handle: fields.id(),
    is_new: z.boolean(),
    connection_id: fields.id(),
    email: z.string().describe('Empty, if the app gave none.'),
    app_id: fields.id(),
  }),
  errors: [
    tierLimitReached,
    appNotFound,
    noIdentityProvider,
    subjectTokenRefused,
    issuerUnavailable,
    linkRequired,
    subjectTaken,
    tooManyUsers,
    memberNotAgreed,
  ],
  run: (context, given) => {
    const app = appOf(context, given.app_id ?? given.platform_app_id)
    const proven = given.subject_token ? readSubjectToken(context, app, given.subject_token) : null
    const subject = proven?.subject ?? given.external_subject ?? null
    const email = proven?.email ?? given.email ?? null
    if (subject === null && email === null) {
      throw invalidField('email', 'is missing. Send email, external_subject or subject_token')
    }
    const { connection, isNew, ...found } = upsert(context, app, {
      subject,
      email,
      displayName: given.display_name ?? '',
    })
    return {
      user_handle: connection.userId,
      is_new: isNew,
      connection_id: connection.id,
      email: found.email,
      app_id: app.id,
    }
  },
})

/** The app that calls, or the one that an owner or admin of its organisation means. */
function appOf(context: Context, wanted: string | undefined): App {
  const { unit } = context
  const caller = knownCaller(context)
  if (caller.kind === 'app') {
    if (wanted !== undefined && wanted !== caller.id) throw appNotFound()
    return unit.require(appKind, caller.id, appNotFound)
  }
  const own = unit.list(appKind, 'org', caller.org).filter((app) => app.isActive && runs(context, app))
  const found = wanted === undefined ? (own.length === 1 ? own[0] : undefined) : own.find(({ id }) => id === wanted)
  if (found) return found
  if (wanted !== undefined) throw appNotFound()
  throw denied({ reason: 'Send the key of a platform app (plt_), or app_id of an app that you run.' })
}
