import * as z from 'zod'
import {
  type Context,
  fields,
  operation,
  requireFeature,
  signedIn,
  tierLimitReached,
} from '../../../operations/index.ts'
import { setAppWebhook } from '../../webhooks/index.ts'
import { issueAppKey } from '../app-key.ts'
import { checkApp } from '../check-app.ts'
import { slugTaken } from '../errors.ts'
import { type App, appKind } from '../records.ts'
import { AppCreatedBody, appBody, appFields, slugField } from '../schemas.ts'

const { name, ...rest } = appFields

const input = z.object({
  name,
  slug: slugField(),
  description: fields.optional(rest.description),
  redirect_uris: fields.optional(rest.redirect_uris),
  oidc_jwks_url: fields.optional(rest.oidc_jwks_url),
  oidc_issuer: fields.optional(rest.oidc_issuer),
  oidc_audience: fields.optional(rest.oidc_audience),
  logo_url: fields.optional(rest.logo_url),
  webhook_url: fields.optional(rest.webhook_url),
  billing_model: fields.optional(rest.billing_model),
  auth_mode: fields.optional(rest.auth_mode),
  max_connected_users: fields.optional(rest.max_connected_users),
  api_key_expires_at: fields.optional(rest.api_key_expires_at),
})

export const createApp = operation({
  name: 'platform.createApp',
  summary: 'Create a platform app. The answer shows its key (plt_), once.',
  http: { method: 'POST', path: '/v1/platform/apps', status: 201, id: 'createPlatformApp', tag: 'Platform' },
  command: {
    name: 'app create',
    positionals: ['name', 'slug'],
    flags: { api_key_expires_at: 'key-expires' },
    columns: ['id', 'slug', 'api_key'],
  },
  effect: 'write',
  // An app adds members to the organisation, which only its admins may do.
  access: { signedIn: ['user'], admin: true },
  audit: {
    action: 'platform.app_created',
    resource: 'platform_app',
    about: ({ slug }, app) => ({ id: app?.id, app_id: app?.id, slug }),
  },
  input,
  output: AppCreatedBody,
  reveals: ['api_key', 'webhook_secret'],
  errors: [slugTaken, tierLimitReached],
  run: (context, given) => {
    const { unit } = context
    checkApp(context, given)
    if (unit.find(appKind, 'slug', given.slug)) throw slugTaken()
    const { app, key } = newApp(context, given)
    unit.put(appKind, app)
    const secret = app.webhookUrl === null ? null : setAppWebhook(context, { appId: app.id, url: app.webhookUrl })
    return { ...appBody(context, app), api_key: key, webhook_secret: secret ?? undefined }
  },
})

function newApp(context: Context, given: z.output<typeof input>) {
  requireFeature(context, 'platform_apps')
  const { now, newId } = context
  const { org, id: createdBy } = signedIn(context)
  const id = newId()
  const { keyed, key } = issueAppKey(context, { id, org }, given.api_key_expires_at ?? null)
  const app: App = {
    id,
    org,
    name: given.name,
    slug: given.slug,
    description: given.description ?? '',
    logoUrl: given.logo_url ?? null,
    redirectUris: [...new Set(given.redirect_uris)],
    webhookUrl: given.webhook_url ?? null,
    oidcJwksUrl: given.oidc_jwks_url ?? null,
    oidcIssuer: given.oidc_issuer ?? null,
    oidcAudience: given.oidc_audience ?? null,
    authMode: given.auth_mode ?? 'silent',
    billingModel: given.billing_model ?? 'platform_pays',
    maxConnectedUsers: given.max_connected_users ?? null,
    isActive: true,
    keyRotatedAt: null,
    epoch: 0,
    createdBy,
    createdAt: now,
    updatedAt: now,
    ...keyed,
  }
  return { app, key }
}
