import * as z from 'zod'
import { type Context, fields, operation } from '../../../operations/index.ts'
import { setAppWebhook } from '../../webhooks/index.ts'
import { appAt } from '../access.ts'
import { moveKeyEnd } from '../app-key.ts'
import { checkApp } from '../check-app.ts'
import { appNotFound } from '../errors.ts'
import { aboutApp } from '../events.ts'
import { type App, appKind } from '../records.ts'
import { AppBody, appBody, appFields } from '../schemas.ts'

const input = z.object({
  app_id: fields.id(),
  is_active: z
    .boolean('must be true or false')
    .optional()
    .describe('Whether the app works. When it is off, its key is refused.'),
  name: fields.optional(appFields.name),
  description: fields.clearable(appFields.description),
  redirect_uris: fields.clearable(appFields.redirect_uris),
  oidc_jwks_url: fields.clearable(appFields.oidc_jwks_url),
  oidc_issuer: fields.clearable(appFields.oidc_issuer),
  oidc_audience: fields.clearable(appFields.oidc_audience),
  logo_url: fields.clearable(appFields.logo_url),
  webhook_url: fields.clearable(appFields.webhook_url),
  billing_model: fields.optional(appFields.billing_model),
  auth_mode: fields.optional(appFields.auth_mode),
  max_connected_users: fields.clearable(appFields.max_connected_users),
  api_key_expires_at: fields.clearable(appFields.api_key_expires_at),
})

type Given = z.output<typeof input>

export const updateApp = operation({
  name: 'platform.updateApp',
  summary: 'Update the given fields of a platform app. Null clears a field. The slug never changes.',
  http: { method: 'PATCH', path: '/v1/platform/apps/{app_id}', status: 200, id: 'updatePlatformApp', tag: 'Platform' },
  command: { name: 'app update', flags: { api_key_expires_at: 'key-expires', is_active: 'active' } },
  effect: 'write',
  access: { permission: 'own', resource: ({ app_id }) => appAt(app_id), signedIn: ['user'] },
  audit: {
    action: 'platform.app_updated',
    resource: 'platform_app',
    about: ({ app_id, ...named }) => aboutApp(app_id, { fields: Object.keys(named).sort() }),
  },
  input,
  output: AppBody,
  errors: [appNotFound],
  run: (context, given) => {
    checkApp(context, given)
    const before = context.unit.require(appKind, given.app_id, appNotFound)
    const app = changed(context, before, given)
    if (app.keyExpiresAt !== before.keyExpiresAt) moveKeyEnd(context, app, app.keyExpiresAt)
    if (given.webhook_url !== undefined) setAppWebhook(context, { appId: app.id, url: given.webhook_url })
    context.unit.put(appKind, app)
    return appBody(context, app)
  },
})

/** Only what was named changes; null clears. */
function changed({ now }: Context, app: App, given: Given): App {
  const or = <T>(value: T | null | undefined, before: T, cleared: T): T =>
    value === undefined ? before : (value ?? cleared)
  return {
    ...app,
    isActive: given.is_active ?? app.isActive,
    name: given.name ?? app.name,
    description: or(given.description, app.description, ''),
    redirectUris: [...new Set(or(given.redirect_uris, app.redirectUris, []))],
    oidcJwksUrl: or<string | null>(given.oidc_jwks_url, app.oidcJwksUrl, null),
    oidcIssuer: or<string | null>(given.oidc_issuer, app.oidcIssuer, null),
    oidcAudience: or<string | null>(given.oidc_audience, app.oidcAudience, null),
    logoUrl: or<string | null>(given.logo_url, app.logoUrl, null),
    webhookUrl: or<string | null>(given.webhook_url, app.webhookUrl, null),
    billingModel: given.billing_model ?? app.billingModel,
    authMode: given.auth_mode ?? app.authMode,
    maxConnectedUsers: or<number | null>(given.max_connected_users, app.maxConnectedUsers, null),
    keyExpiresAt: or<number | null>(given.api_key_expires_at, app.keyExpiresAt, null),
    updatedAt: now,
  }
}
