import * as z from 'zod'
import { fields, operation } from '../../../operations/index.ts'
import { currentUser } from '../../auth/index.ts'
import { consentOf } from '../consents.ts'
import { oauthRefused, redirectRefused, unknownClient } from '../errors.ts'
import { requestFields, requestOf } from '../request.ts'

export const getConsent = operation({
  name: 'oauth.consent',
  summary: 'Read what an app asks for, to show it to the user who decides.',
  http: { method: 'GET', path: '/v1/oauth/authorize', status: 200, id: 'getOAuthConsent', tag: 'OAuth' },
  command: null,
  effect: 'read',
  access: { signedIn: ['user'] },
  audit: { action: 'oauth.consent_read', resource: 'platform_app', about: ({ client_id }) => ({ client_id }) },
  input: z.object({
    ...requestFields,
    response_type: fields.text(16).describe('Must be code.'),
    login_hint: fields.optional(fields.text(320)).describe('E-mail address of the user that the app expects.'),
  }),
  output: z
    .object({
      app_name: z.string(),
      app_slug: z.string(),
      app_logo_url: z.string().meta({ format: 'uri' }).nullable(),
      scopes: z.array(z.string()),
      redirect_uri: z.string().meta({ format: 'uri' }).describe('Empty for a link without one.'),
      already_consented: z.boolean(),
    })
    .meta({ id: 'OAuthConsentResponse' }),
  errors: [unknownClient, redirectRefused, oauthRefused],
  run: (context, { response_type, ...given }) => {
    const { app, scopes, redirectUri } = requestOf(context, given, response_type)
    const before = consentOf(context, app.id, currentUser(context).id)
    return {
      ...{ app_name: app.name, app_slug: app.slug, app_logo_url: app.logoUrl, scopes: [...scopes] },
      redirect_uri: redirectUri ?? '',
      already_consented: scopes.every((scope) => before?.scopes.includes(scope)),
    }
  },
})
