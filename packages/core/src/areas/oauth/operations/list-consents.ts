import * as z from 'zod'
import { rfc3339 } from '../../../kernel/time.ts'
import { fields, operation, signedIn } from '../../../operations/index.ts'
import { appKind } from '../../platform/index.ts'
import { consentKind } from '../records.ts'

export const listConsents = operation({
  name: 'oauth.consents',
  summary: 'List the apps that you allowed to know something about you.',
  http: { method: 'GET', path: '/v1/oauth/consents', status: 200, id: 'listOAuthConsents', tag: 'OAuth' },
  command: { name: 'oauth consents', columns: ['app_slug', 'app_name', 'scopes', 'created_at'] },
  effect: 'read',
  access: { signedIn: ['user'] },
  audit: { action: 'oauth.consent_list', resource: 'platform_app' },
  input: z.object({}),
  output: z.object({
    consents: z.array(
      z
        .object({
          app_id: fields.id(),
          app_name: z.string(),
          app_slug: z.string(),
          scopes: z.array(z.string()),
          connection_id: fields.id().nullable(),
          created_at: fields.shownTime(),
          updated_at: fields.shownTime(),
        })
        .meta({ id: 'OAuthConsent' }),
    ),
  }),
  errors: [],
  run: (context) => {
    const { unit } = context
    const { org, id } = signedIn(context)
    const own = unit.list(consentKind, 'user', org, id)
    const apps = unit.getAll(
      appKind,
      own.map(({ appId }) => appId),
    )
    const consents = own.flatMap(({ appId, scopes, connectionId, createdAt, updatedAt }, at) => {
      const app = apps[at]
      if (!app) return []
      const times = { created_at: rfc3339(createdAt), updated_at: rfc3339(updatedAt) }
      const told = { app_id: appId, app_name: app.name, app_slug: app.slug, scopes: [...scopes] }
      return [{ ...told, connection_id: connectionId, ...times }]
    })
    return { consents }
  },
})
