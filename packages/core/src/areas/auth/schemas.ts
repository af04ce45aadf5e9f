import * as z from 'zod'
import { rfc3339 } from '../../kernel/time.ts'
import { fields } from '../../operations/index.ts'
import type { Reads } from '../../records/index.ts'
import { type ApiKey, hasTotp } from '../credentials/index.ts'
import type { User } from '../orgs/index.ts'
import type { MintedToken } from './tokens.ts'

/** Exactly these three fields, because a published client refuses any other field. */
export const TokenBody = z
  .object({
    access_token: fields.shownSecret(),
    token_type: z.literal('Bearer'),
    expires_in: z.int(),
    refresh_token: z
      .string()
      .optional()
      .meta({ description: 'Not issued. Refresh a token by sending it as the bearer token.' }),
  })
  .meta({ id: 'Token' })

export type TokenBody = z.infer<typeof TokenBody>

export function tokenBody({ token, expiresIn }: MintedToken): TokenBody {
  return { access_token: token, token_type: 'Bearer', expires_in: expiresIn }
}

/** What the answer to a first factor says of the second one. */
export const secondStepFields = {
  mfa_required: z.boolean().optional().meta({ description: 'Whether a second step must follow.' }),
  mfa_token: fields.shownSecret().optional(),
  mfa_method: z.enum(['totp', 'passkey']).optional().meta({
    description: 'The second step: POST /v1/auth/mfa/verify, or POST /v1/auth/mfa/passkey/begin and complete.',
  }),
} as const

/** The answer to a first factor. With a second factor, it has an `mfa_token` in place of a token. */
export const SignInBody = TokenBody.extend(secondStepFields).meta({ id: 'SignIn' })

export type SignInBody = z.infer<typeof SignInBody>

/** A personal API key, without the key itself. */
export const ApiKeyBody = z
  .object({
    id: fields.id(),
    name: z.string(),
    key_prefix: z.string(),
    scopes: z.array(z.string()),
    is_active: z.boolean(),
    created_at: fields.shownTime(),
    expires_at: fields.shownTime().optional(),
    last_used_at: fields.shownTime().optional(),
  })
  .meta({ id: 'ApiKey' })

export type ApiKeyBody = z.infer<typeof ApiKeyBody>

export function apiKeyBody(key: ApiKey): ApiKeyBody {
  const { id, name, prefix, scopes, isActive, createdAt, expiresAt, lastUsedAt } = key
  return {
    id,
    name,
    key_prefix: prefix,
    scopes: [...scopes],
    is_active: isActive,
    created_at: rfc3339(createdAt),
    ...(expiresAt === null ? {} : { expires_at: rfc3339(expiresAt) }),
    ...(lastUsedAt === null ? {} : { last_used_at: rfc3339(lastUsedAt) }),
  }
}

/** The profile of the calling user. */
export const ProfileBody = z
  .object({
    id: fields.id(),
    email: z.string(),
    display_name: z.string(),
    auth_method: z.string(),
    role: z.enum(['owner', 'admin', 'member']),
    org_id: fields.id(),
    email_verified: z.boolean(),
    marketing_emails: z.boolean(),
    totp_enabled: z.boolean(),
    created_at: fields.shownTime(),
  })
  .meta({ id: 'UserProfile' })

export type ProfileBody = z.infer<typeof ProfileBody>

export function profileBody(user: User, unit: Reads): ProfileBody {
  return {
    id: user.id,
    email: user.email,
    display_name: user.displayName,
    auth_method: user.authMethod,
    role: user.role,
    org_id: unit.org ?? '',
    email_verified: user.emailVerified,
    marketing_emails: user.marketingEmails,
    totp_enabled: hasTotp(unit, user.id),
    created_at: rfc3339(user.createdAt),
  }
}
