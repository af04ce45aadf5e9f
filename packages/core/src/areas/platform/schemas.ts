import * as z from 'zod'
import { limits } from '../../kernel/limits.ts'
import { rfc3339 } from '../../kernel/time.ts'
import { type Context, fields } from '../../operations/index.ts'
import { appWebhook } from '../webhooks/index.ts'
import { countsOf } from './counts.ts'
import { type App, authModes, billingModels } from './records.ts'
import { redirectProblem } from './redirect-uris.ts'

const urlCharactersMax = 2_048
const redirectUrisMax = 50

const url = () => fields.text(urlCharactersMax, 1).meta({ format: 'uri' })

export function slugField() {
  return fields
    .text(64, 3)
    .regex(/^[a-zA-Z0-9_-]+$/, 'must have only letters, digits, _ and -')
    .transform((given) => given.toLowerCase())
    .pipe(z.string())
    .describe('Name of the app in URLs, and its client_id for OAuth. It never changes. Lowercase letters.')
}

/** What can be said of an app when it is created, and changed later. */
export const appFields = {
  name: fields.name().describe('Name that users see.'),
  description: fields.text(limits.descriptionCharactersMax).describe('Purpose, in your own words.'),
  redirect_uris: z
    .array(
      z
        .string('must be a list of URLs')
        .max(urlCharactersMax, `must have at most ${urlCharactersMax} characters`)
        .superRefine((given, context) => {
          const problem = redirectProblem(given)
          if (problem !== null) context.addIssue(problem)
        }),
      'must be a list of URLs',
    )
    .max(redirectUrisMax, `must have at most ${redirectUrisMax} entries`)
    .describe('Where users may be sent after they sign in. HTTPS, or http://localhost with any port.'),
  oidc_jwks_url: url().describe('Key set of your identity provider. HTTPS, and no private address.'),
  oidc_issuer: url()
    .refine((given) => URL.canParse(given), 'must be a URL')
    .describe('Required issuer of subject tokens. Default: any issuer.'),
  oidc_audience: fields.text(512, 1).describe('Audience that subject tokens must have. Default: any.'),
  logo_url: url().describe('Logo that users see.'),
  webhook_url: url().describe('Where events of the app are sent. HTTPS.'),
  billing_model: z
    .enum(billingModels, `must be one of ${billingModels.join(', ')}`)
    .describe('Whose usage the calls of the app are. Default: platform_pays.'),
  auth_mode: z
    .enum(authModes, `must be one of ${authModes.join(', ')}`)
    .describe('Whether users sign in to claim: silent, user_signin or configurable per bootstrap. Default: silent.'),
  max_connected_users: fields.count(1_000_000_000).describe('Maximum number of connected users. Default: no limit.'),
  api_key_expires_at: fields.time().describe('When the key of the app expires. Default: never.'),
}

const appShape = {
  id: fields.id(),
  name: z.string(),
  slug: z.string(),
  description: z.string(),
  logo_url: z.string().nullable(),
  api_key_prefix: z.string(),
  oidc_jwks_url: z.string().nullable(),
  oidc_issuer: z.string().nullable(),
  oidc_audience: z.string().nullable(),
  redirect_uris: z.array(z.string()),
  webhook_url: z.string().nullable(),
  webhook_id: fields.id().nullable().describe('Names the webhook for its deliveries, their replay and a test.'),
  is_active: z.boolean(),
  billing_model: z.enum(billingModels),
  auth_mode: z.enum(authModes),
  max_connected_users: fields.count().nullable(),
  connected_users: fields.count(),
  api_key_expires_at: fields.shownTime().nullable(),
  api_key_rotated_at: fields.shownTime().nullable(),
  created_at: fields.shownTime(),
  updated_at: fields.shownTime(),
}

/** A platform app in responses. */
export const AppBody = z.object(appShape).meta({ id: 'PlatformApp' })

/** The same, with its key, which is shown once. */
export const AppCreatedBody = z
  .object({
    ...appShape,
    api_key: fields.shownSecret(),
    webhook_secret: fields.shownSecret().optional().describe('Secret of the webhook, if webhook_url is set.'),
  })
  .meta({ id: 'PlatformAppCreated' })

export type AppBody = z.infer<typeof AppBody>

export function appBody({ unit }: Pick<Context, 'unit'>, app: App): AppBody {
  return {
    id: app.id,
    name: app.name,
    slug: app.slug,
    description: app.description,
    logo_url: app.logoUrl,
    api_key_prefix: app.keyPrefix,
    oidc_jwks_url: app.oidcJwksUrl,
    oidc_issuer: app.oidcIssuer,
    oidc_audience: app.oidcAudience,
    redirect_uris: [...app.redirectUris],
    webhook_url: app.webhookUrl,
    webhook_id: appWebhook(unit, app.id)?.id ?? null,
    is_active: app.isActive,
    billing_model: app.billingModel,
    auth_mode: app.authMode,
    max_connected_users: app.maxConnectedUsers,
    connected_users: countsOf(unit, app.id).connections,
    api_key_expires_at: timeOf(app.keyExpiresAt),
    api_key_rotated_at: timeOf(app.keyRotatedAt),
    created_at: rfc3339(app.createdAt),
    updated_at: rfc3339(app.updatedAt),
  }
}

export function timeOf(time: number | null): string | null {
  return time === null ? null : rfc3339(time)
}

/** A new claim link. */
export const ClaimBody = z
  .object({
    claim_url: fields.shownSecret(),
    claim_token: fields.shownSecret(),
    expires_in: fields.count().describe('Seconds until the link expires.'),
    connection_id: fields.id(),
  })
  .meta({ id: 'PlatformClaim' })

export function claimTokenField() {
  return fields.text(128, 1).describe('Token of a claim link (ct_). It works once.')
}
