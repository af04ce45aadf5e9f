import { defineError } from '../../kernel/errors.ts'

export const appNotFound = defineError(
  'platform_app_not_found',
  'not_found',
  'The platform app does not exist, or you do not run it.',
)

export const slugTaken = defineError(
  'slug_taken',
  'conflict',
  'Another platform app has this slug. Choose another one.',
)

export const templateNotFound = defineError(
  'platform_template_not_found',
  'not_found',
  'The app has no template with this ID.',
)

export const tooManyUsers = defineError<{ max: number }>(
  'platform_users_exceeded',
  'denied',
  ({ max }) => `The app has its ${max} connected users (max_connected_users). The app can raise the limit.`,
)

export const connectionNotFound = defineError(
  'platform_connection_not_found',
  'not_found',
  'The connection does not exist, has ended, or is not yours.',
)

export const templateInactive = defineError<{ field: string }>(
  'platform_template_unknown',
  'invalid',
  ({ field }) => `${field}: must name an active template of the app`,
)

export const templatesFull = defineError<{ max: number }>(
  'platform_templates_exceeded',
  'denied',
  ({ max }) => `An app can have at most ${max} templates. Delete one first.`,
)

export const noIdentityProvider = defineError(
  'platform_oidc_not_set',
  'invalid',
  'subject_token: needs an identity provider. Set oidc_jwks_url of the app first.',
)

export const subjectTokenRefused = defineError<{ reason: string }>(
  'subject_token_refused',
  'unauthenticated',
  ({ reason }) => `The subject token is refused. ${reason}`,
)

/** What a user of another organisation must do first. Clients read it under several names (§1.3.1). */
interface LinkRequired {
  readonly is_new: false
  readonly email: string
  readonly link_required: {
    readonly status: 'link_required'
    readonly reason: string
    readonly authorize_url: string
    readonly app_slug: string
    readonly consent_url: string
    readonly user_email: string
    readonly message: string
  }
}

export const linkRequired = defineError<LinkRequired>(
  'link_required',
  'conflict',
  ({ link_required: { message } }) => message,
)

export const subjectTaken = defineError(
  'external_subject_conflict',
  'conflict',
  'The user with this e-mail address is connected under another external_subject.',
)

export const alreadyBootstrapped = defineError(
  'platform_already_bootstrapped',
  'conflict',
  'The connection has its resources already. Send the Idempotency-Key of the first call to get its answer again.',
)

export const notBootstrapped = defineError(
  'platform_not_bootstrapped',
  'invalid',
  'The connection has no resources to claim yet. Bootstrap it first.',
)

export const claimNotFound = defineError('claim_not_found', 'not_found', 'The claim link does not exist.')

export const claimUsed = defineError('claim_used', 'conflict', 'The claim link was used. What it was for is claimed.')

export const claimExpired = defineError(
  'claim_expired',
  'gone',
  'The claim link has expired. Ask the app for a new one (reissue-claim).',
)

export const claimNeedsSignIn = defineError(
  'claim_needs_sign_in',
  'unauthenticated',
  'Sign in as the user that this was made for, and claim it then.',
)

export const grantNotFound = defineError(
  'platform_grant_not_found',
  'not_found',
  'The grant does not exist, or was revoked.',
)

export const grantsFull = defineError<{ max: number }>(
  'platform_grants_exceeded',
  'denied',
  ({ max }) => `A connection can have at most ${max} grants. Revoke one first.`,
)

export const spendPolicyNotFound = defineError(
  'spend_policy_not_found',
  'not_found',
  'The app has no spend policy with this ID.',
)

export const spendPoliciesFull = defineError<{ max: number }>(
  'spend_policies_exceeded',
  'denied',
  ({ max }) => `An app can have at most ${max} spend policies. Delete one first.`,
)

export const appHasNoWebhook = defineError(
  'platform_app_has_no_webhook',
  'invalid',
  'The app has no webhook. Set webhook_url first.',
)
