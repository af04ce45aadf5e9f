import * as z from 'zod'
import { uuidPattern } from '../../../kernel/ids.ts'
import { fields, operation, signedIn } from '../../../operations/index.ts'
import { appKind } from '../../platform/index.ts'
import { consentOf } from '../consents.ts'
import { consentNotFound } from '../errors.ts'
import { consentKind } from '../records.ts'

export const revokeConsent = operation({
  name: 'oauth.revokeConsent',
  summary:
    'Take back what you allowed an app. Its tokens for you end at once. A connection stays until you disconnect.',
  http: {
    method: 'DELETE',
    path: '/v1/oauth/consents/{app_id}',
    status: 200,
    id: 'revokeOAuthConsent',
    tag: 'OAuth',
    aliases: [{ method: 'DELETE', path: '/v1/oauth/consent/{app_id}', status: 200 }],
  },
  command: { name: 'oauth revoke', positionals: ['app_id'] },
  effect: 'write',
  access: { signedIn: ['user'] },
  audit: {
    action: 'oauth.consent_revoke',
    resource: 'platform_app',
    about: ({ app_id }, answer) => ({ id: answer?.app_id ?? app_id }),
  },
  input: z.object({ app_id: fields.text(64, 1).describe('ID or slug of the app.') }),
  output: z.object({ revoked: z.literal(true), app_id: fields.id() }),
  errors: [consentNotFound],
  run: (context, { app_id: given }) => {
    const { unit } = context
    const app = uuidPattern.test(given) ? unit.get(appKind, given) : unit.find(appKind, 'slug', given.toLowerCase())
    const consent = app && consentOf(context, app.id, signedIn(context).id)
    if (!consent) throw consentNotFound()
    unit.delete(consentKind, consent)
    return { revoked: true as const, app_id: consent.appId }
  },
})
