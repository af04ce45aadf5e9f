// Written by tools/gen-client-types.ts.

import type { Secret } from '../../kernel/secret.ts'
import type { CallOptions, JsonObject, NoInput } from '../types.ts'

/** Products that are built on this vault: their apps, templates, users and what users let them do. */
export interface PlatformClient {
  /**
   * Create a platform app. The answer shows its key (plt_), once.
   *
   * @throws `slug_taken`: Another platform app has this slug. Choose another one.
   * @throws `resource_limit_exceeded`: A limit of the tier or of the agent leaves no room for this. The message names
   * the limit.
   *
   * @example
   * const { api_key } = await client.platform.createApp({
   *   name: 'My DeFi Platform',
   *   slug: 'my-defi',
   *   redirect_uris: ['https://myapp.com/callback', 'http://localhost:3000/callback'],
   * })
   * api_key.reveal()
   */
  createApp(input: CreatePlatformAppInput, options?: CallOptions): Promise<PlatformAppCreated>

  /** List the platform apps of the organisation. */
  readonly listApps: {
    (input?: ListPlatformAppsInput, options?: CallOptions): Promise<ListPlatformAppsOutput>
    /** Everything there is, page after page; `limit` is how much of it comes at once. */
    each(
      input?: Omit<ListPlatformAppsInput, 'offset' | 'cursor'>,
      options?: CallOptions,
    ): AsyncGenerator<PlatformApp, void, undefined>
  }

  /**
   * Get a platform app.
   *
   * @throws `platform_app_not_found`: The platform app does not exist, or you do not run it.
   *
   * @example
   * await client.platform.getApp({ app_id })
   */
  getApp(input: GetPlatformAppInput, options?: CallOptions): Promise<PlatformApp>

  /**
   * Update the given fields of a platform app. Null clears a field. The slug never changes.
   *
   * @throws `platform_app_not_found`: The platform app does not exist, or you do not run it.
   *
   * @example
   * await client.platform.updateApp({ app_id, redirect_uris: ['http://localhost:3000/callback'] })
   */
  updateApp(input: UpdatePlatformAppInput, options?: CallOptions): Promise<PlatformApp>

  /**
   * Delete an app with its keys, templates and connections. What it made for users stays theirs.
   *
   * @throws `platform_app_not_found`: The platform app does not exist, or you do not run it.
   *
   * @example
   * await client.platform.deleteApp({ app_id })
   */
  deleteApp(input: DeletePlatformAppInput, options?: CallOptions): Promise<DeletePlatformAppOutput>

  /**
   * Give an app a new key. The old key and all its tokens stop working at once, or after overlap_seconds.
   *
   * @throws `platform_app_not_found`: The platform app does not exist, or you do not run it.
   *
   * @example
   * const { api_key } = await client.platform.rotateAppKey({ app_id })
   * api_key.reveal()
   */
  rotateAppKey(input: RotatePlatformAppKeyInput, options?: CallOptions): Promise<RotatePlatformAppKeyOutput>

  /**
   * Give the webhook of an app a new secret. The answer shows it once. The old one stops signing at once.
   *
   * @throws `platform_app_not_found`: The platform app does not exist, or you do not run it.
   * @throws `platform_app_has_no_webhook`: The app has no webhook. Set webhook_url first.
   *
   * @example
   * const { webhook_secret } = await client.platform.rotateWebhookSecret({ app_id })
   * webhook_secret.reveal()
   */
  rotateWebhookSecret(
    input: RotatePlatformWebhookSecretInput,
    options?: CallOptions,
  ): Promise<RotatePlatformWebhookSecretOutput>

  /**
   * Count the connections, bootstraps and grants of an app.
   *
   * @throws `platform_app_not_found`: The platform app does not exist, or you do not run it.
   *
   * @example
   * await client.platform.appStats({ app_id })
   */
  appStats(input: GetPlatformAppStatsInput, options?: CallOptions): Promise<GetPlatformAppStatsOutput>

  /**
   * List the users of an app, oldest first.
   *
   * @throws `platform_app_not_found`: The platform app does not exist, or you do not run it.
   *
   * @example
   * await client.platform.listUsers({ app_id })
   */
  readonly listUsers: {
    (input: ListPlatformUsersInput, options?: CallOptions): Promise<ListPlatformUsersOutput>
    /** Everything there is, page after page; `limit` is how much of it comes at once. */
    each(
      input: Omit<ListPlatformUsersInput, 'offset' | 'cursor'>,
      options?: CallOptions,
    ): AsyncGenerator<PlatformUser, void, undefined>
  }

  /**
   * List what happened to an app, its templates and its connections, newest first.
   *
   * @throws `platform_app_not_found`: The platform app does not exist, or you do not run it.
   *
   * @example
   * await client.platform.listEvents({ app_id })
   */
  readonly listEvents: {
    (input: ListPlatformEventsInput, options?: CallOptions): Promise<ListPlatformEventsOutput>
    /** Everything there is, page after page; `limit` is how much of it comes at once. */
    each(
      input: Omit<ListPlatformEventsInput, 'offset' | 'cursor'>,
      options?: CallOptions,
    ): AsyncGenerator<PlatformEvent, void, undefined>
  }

  /**
   * Create a template: what a bootstrap makes for each user of the app.
   *
   * @throws `platform_app_not_found`: The platform app does not exist, or you do not run it.
   * @throws `platform_templates_exceeded`
   *
   * @example
   * await client.platform.createTemplate({
   *   app_id,
   *   name: 'default-template',
   *   spec: { vault: { name: 'user-vault', description: 'Auto-provisioned vault' }, agents: [{ name: 'defi-bot', shroud_enabled: true, shroud_config: { pii_policy: 'redact' } }], policies: [{ principal_ref: 'agents.primary', vault_ref: 'vault', paths: ['api-keys/*', 'keys/*'] }] },
   * })
   */
  createTemplate(input: CreatePlatformTemplateInput, options?: CallOptions): Promise<PlatformTemplate>

  /**
   * List the templates of an app, oldest first.
   *
   * @throws `platform_app_not_found`: The platform app does not exist, or you do not run it.
   *
   * @example
   * await client.platform.listTemplates({ app_id })
   */
  readonly listTemplates: {
    (input: ListPlatformTemplatesInput, options?: CallOptions): Promise<ListPlatformTemplatesOutput>
    /** Everything there is, page after page; `limit` is how much of it comes at once. */
    each(
      input: Omit<ListPlatformTemplatesInput, 'offset' | 'cursor'>,
      options?: CallOptions,
    ): AsyncGenerator<PlatformTemplate, void, undefined>
  }

  /**
   * Get a template of an app.
   *
   * @throws `platform_app_not_found`: The platform app does not exist, or you do not run it.
   * @throws `platform_template_not_found`: The app has no template with this ID.
   *
   * @example
   * await client.platform.getTemplate({ app_id, template_id })
   */
  getTemplate(input: GetPlatformTemplateInput, options?: CallOptions): Promise<PlatformTemplate>

  /**
   * Update the given fields of a template. A new spec is a new version. What was made before stays as it is.
   *
   * @throws `platform_app_not_found`: The platform app does not exist, or you do not run it.
   * @throws `platform_template_not_found`: The app has no template with this ID.
   *
   * @example
   * await client.platform.updateTemplate({ app_id, template_id, is_active: false })
   */
  updateTemplate(input: UpdatePlatformTemplateInput, options?: CallOptions): Promise<PlatformTemplate>

  /**
   * Delete a template. What was made from it stays.
   *
   * @throws `platform_app_not_found`: The platform app does not exist, or you do not run it.
   * @throws `platform_template_not_found`: The app has no template with this ID.
   *
   * @example
   * await client.platform.deleteTemplate({ app_id, template_id })
   */
  deleteTemplate(input: DeletePlatformTemplateInput, options?: CallOptions): Promise<void>

  /**
   * Show what a bootstrap would make from a template: every default, and every placeholder replaced.
   *
   * @throws `platform_app_not_found`: The platform app does not exist, or you do not run it.
   * @throws `platform_template_not_found`: The app has no template with this ID.
   *
   * @example
   * await client.platform.previewTemplate({ app_id, template_id })
   */
  previewTemplate(input: PreviewPlatformTemplateInput, options?: CallOptions): Promise<PreviewPlatformTemplateOutput>

  /**
   * Find or create a user of the app. A user of another organisation must agree first: the error says where.
   *
   * @throws `resource_limit_exceeded`: A limit of the tier or of the agent leaves no room for this. The message names
   * the limit.
   * @throws `platform_app_not_found`: The platform app does not exist, or you do not run it.
   * @throws `platform_oidc_not_set`: subject_token: needs an identity provider. Set oidc_jwks_url of the app first.
   * @throws `subject_token_refused`
   * @throws `issuer_unavailable`: The issuer cannot be asked now, so nothing is known about its tokens.
   * @throws `link_required`
   * @throws `external_subject_conflict`: The user with this e-mail address is connected under another
   * external_subject.
   * @throws `platform_users_exceeded`
   * @throws `member_not_agreed`: A policy requires the agreement of several people for each new member. Ask an owner
   * or admin to add or invite this user.
   *
   * @example
   * await client.platform.upsertUser({
   *   email: 'user@example.com',
   *   external_subject: 'telegram:123456789',
   * })
   */
  upsertUser(input?: UpsertPlatformUserInput, options?: CallOptions): Promise<UpsertPlatformUserOutput>

  /**
   * Make the vault, agents and policies of a template for a user: all of it or nothing. The answer shows keys, once.
   *
   * @throws `platform_connection_not_found`: The connection does not exist, has ended, or is not yours.
   * @throws `platform_template_unknown`
   * @throws `platform_already_bootstrapped`: The connection has its resources already. Send the Idempotency-Key of
   * the first call to get its answer again.
   * @throws `resource_limit_exceeded`: A limit of the tier or of the agent leaves no room for this. The message names
   * the limit.
   * @throws `approval_required`: The server does this only when other people have approved. `approval_request_id` is
   * the approval that waits.
   * @throws `consensus_trigger_unreadable`: Nothing is done under a rule that the server does not understand.
   * @throws `too_many_pending_approvals`
   *
   * @example
   * const { claim_url } = await client.platform.bootstrap({ connection_id })
   * claim_url.reveal()
   */
  bootstrap(input: BootstrapPlatformUserInput, options?: CallOptions): Promise<BootstrapPlatformUserOutput>

  /**
   * Get a new claim link for a user. The link before stops working. Nothing is made again.
   *
   * @throws `platform_connection_not_found`: The connection does not exist, has ended, or is not yours.
   * @throws `platform_not_bootstrapped`: The connection has no resources to claim yet. Bootstrap it first.
   * @throws `claim_used`: The claim link was used. What it was for is claimed.
   *
   * @example
   * const { claim_url } = await client.platform.reissueClaim({ connection_id })
   * claim_url.reveal()
   */
  reissueClaim(input: ReissuePlatformClaimInput, options?: CallOptions): Promise<PlatformClaim>

  /**
   * Show what a claim link is for. Also for a link that was used or has expired.
   *
   * @throws `claim_not_found`: The claim link does not exist.
   * @throws `rate_limited`: Too many, too fast. `retryAfterSeconds` says when to try again.
   *
   * @example
   * await client.platform.previewClaim({ token: 'ct_WlEwT-fpHXzyXa__zHwAOxOa2wvNKr7I93F2bI_-rh0' })
   */
  previewClaim(input: PreviewPlatformClaimInput, options?: CallOptions): Promise<PreviewPlatformClaimOutput>

  /**
   * Claim what an app made. Works once. With auth_mode user_signin, the user must be signed in.
   *
   * @throws `claim_not_found`: The claim link does not exist.
   * @throws `claim_used`: The claim link was used. What it was for is claimed.
   * @throws `claim_expired`: The claim link has expired. Ask the app for a new one (reissue-claim).
   * @throws `claim_needs_sign_in`: Sign in as the user that this was made for, and claim it then.
   * @throws `rate_limited`: Too many, too fast. `retryAfterSeconds` says when to try again.
   *
   * @example
   * await client.platform.redeemClaim({ token: 'ct_WlEwT-fpHXzyXa__zHwAOxOa2wvNKr7I93F2bI_-rh0' })
   */
  redeemClaim(input: RedeemPlatformClaimInput, options?: CallOptions): Promise<RedeemPlatformClaimOutput>

  /** List the apps that you are connected to. */
  listConnectedApps(input?: NoInput, options?: CallOptions): Promise<ListConnectedAppsOutput>

  /**
   * Decide what an app may do for you. It never reads what it made for you.
   *
   * @throws `platform_connection_not_found`: The connection does not exist, has ended, or is not yours.
   *
   * @example
   * await client.platform.updateDelegation({
   *   connection_id,
   *   delegation_enabled: true,
   *   delegation_scopes: ['agents:read'],
   * })
   */
  updateDelegation(
    input: UpdateConnectionDelegationInput,
    options?: CallOptions,
  ): Promise<UpdateConnectionDelegationOutput>

  /**
   * Leave an app. Its grants and what you delegated end at once. What it made for you stays yours.
   *
   * @throws `platform_connection_not_found`: The connection does not exist, has ended, or is not yours.
   *
   * @example
   * await client.platform.disconnect({ connection_id })
   */
  disconnect(input: DisconnectAppInput, options?: CallOptions): Promise<void>

  /**
   * Grant a connected app access to your vaults and agents. You can revoke it at any time. A repeated grant changes
   * nothing.
   *
   * @throws `platform_connection_not_found`: The connection does not exist, has ended, or is not yours.
   * @throws `platform_grants_exceeded`
   *
   * @example
   * await client.platform.grant({ connection_id, vault_ids: [vault_id] })
   */
  grant(input: GrantPlatformResourcesInput, options?: CallOptions): Promise<GrantPlatformResourcesOutput>

  /**
   * List what a user granted to an app, for the user and for the app.
   *
   * @throws `platform_connection_not_found`: The connection does not exist, has ended, or is not yours.
   *
   * @example
   * await client.platform.listGrants({ connection_id })
   */
  readonly listGrants: {
    (input: ListPlatformGrantsInput, options?: CallOptions): Promise<ListPlatformGrantsOutput>
    /** Everything there is, page after page; `limit` is how much of it comes at once. */
    each(
      input: Omit<ListPlatformGrantsInput, 'offset' | 'cursor'>,
      options?: CallOptions,
    ): AsyncGenerator<PlatformGrant, void, undefined>
  }

  /**
   * Take back a grant. The next call of the app is refused.
   *
   * @throws `platform_connection_not_found`: The connection does not exist, has ended, or is not yours.
   * @throws `platform_grant_not_found`: The grant does not exist, or was revoked.
   *
   * @example
   * await client.platform.revokeGrant({ connection_id, grant_id })
   */
  revokeGrant(input: RevokePlatformGrantInput, options?: CallOptions): Promise<void>

  /**
   * List the vaults and agents of a connection by name: what the app made, and what its user granted.
   *
   * @throws `platform_connection_not_found`: The connection does not exist, has ended, or is not yours.
   *
   * @example
   * await client.platform.connectionResources({ connection_id })
   */
  connectionResources(
    input: ListConnectionResourcesInput,
    options?: CallOptions,
  ): Promise<ListConnectionResourcesOutput>

  /**
   * List what an app did for a user, newest first, and what it was refused.
   *
   * @throws `platform_connection_not_found`: The connection does not exist, has ended, or is not yours.
   *
   * @example
   * await client.platform.delegationLog({ connection_id })
   */
  readonly delegationLog: {
    (input: GetDelegationLogInput, options?: CallOptions): Promise<GetDelegationLogOutput>
    /** Everything there is, page after page; `limit` is how much of it comes at once. */
    each(
      input: Omit<GetDelegationLogInput, 'offset' | 'cursor'>,
      options?: CallOptions,
    ): AsyncGenerator<DelegationLogEntry, void, undefined>
  }

  /**
   * Limit what the wallets of all users of an app may spend, or of one user. The strictest policy wins.
   *
   * @throws `platform_app_not_found`: The platform app does not exist, or you do not run it.
   * @throws `spend_policies_exceeded`
   *
   * @example
   * await client.platform.createSpendPolicy({
   *   app_id,
   *   daily_limit_eth: '0.5',
   *   allowed_chains: ['ethereum'],
   * })
   */
  createSpendPolicy(input: CreateSpendPolicyInput, options?: CallOptions): Promise<SpendPolicy>

  /**
   * List the spend policies of an app, oldest first.
   *
   * @throws `platform_app_not_found`: The platform app does not exist, or you do not run it.
   *
   * @example
   * await client.platform.listSpendPolicies({ app_id })
   */
  readonly listSpendPolicies: {
    (input: ListSpendPoliciesInput, options?: CallOptions): Promise<ListSpendPoliciesOutput>
    /** Everything there is, page after page; `limit` is how much of it comes at once. */
    each(
      input: Omit<ListSpendPoliciesInput, 'offset' | 'cursor'>,
      options?: CallOptions,
    ): AsyncGenerator<SpendPolicy, void, undefined>
  }

  /**
   * Delete a spend policy of an app.
   *
   * @throws `platform_app_not_found`: The platform app does not exist, or you do not run it.
   * @throws `spend_policy_not_found`: The app has no spend policy with this ID.
   *
   * @example
   * await client.platform.deleteSpendPolicy({ app_id, policy_id })
   */
  deleteSpendPolicy(input: DeleteSpendPolicyInput, options?: CallOptions): Promise<void>

  /**
   * Set the spend policy of one user, in place of the one before. It never widens the policy of the app.
   *
   * @throws `platform_connection_not_found`: The connection does not exist, has ended, or is not yours.
   *
   * @example
   * await client.platform.setUserSpendPolicy({ connection_id, max_transactions_per_day: 10 })
   */
  setUserSpendPolicy(input: SetUserSpendPolicyInput, options?: CallOptions): Promise<SpendPolicy>

  /** Get what limits your wallets: the strictest of all policies of the apps that you are connected to. */
  ownSpendPolicy(input?: NoInput, options?: CallOptions): Promise<GetEffectiveSpendPolicyOutput>
}

/** Input of `platform.createApp`. */
export interface CreatePlatformAppInput {
  /** Name that users see. At most 255 characters. */
  readonly name: string
  /**
   * Name of the app in URLs, and its client_id for OAuth. It never changes. Lowercase letters. At most 64 characters.
   */
  readonly slug: string
  /** Purpose, in your own words. At most 4096 characters. */
  readonly description?: string | null | undefined
  /** Where users may be sent after they sign in. HTTPS, or http://localhost with any port. At most 50 entries. */
  readonly redirect_uris?: readonly string[] | null | undefined
  /** Key set of your identity provider. HTTPS, and no private address. */
  readonly oidc_jwks_url?: string | null | undefined
  /** Required issuer of subject tokens. Default: any issuer. */
  readonly oidc_issuer?: string | null | undefined
  /** Audience that subject tokens must have. Default: any. At most 512 characters. */
  readonly oidc_audience?: string | null | undefined
  /** Logo that users see. */
  readonly logo_url?: string | null | undefined
  /** Where events of the app are sent. HTTPS. */
  readonly webhook_url?: string | null | undefined
  /** Whose usage the calls of the app are. Default: platform_pays. */
  readonly billing_model?: 'platform_pays' | 'user_pays' | 'hybrid' | null | undefined
  /** Whether users sign in to claim: silent, user_signin or configurable per bootstrap. Default: silent. */
  readonly auth_mode?: 'silent' | 'user_signin' | 'configurable' | null | undefined
  /** Maximum number of connected users. Default: no limit. From 0 to 1000000000. */
  readonly max_connected_users?: number | null | undefined
  /** When the key of the app expires. Default: never. RFC 3339 time. */
  readonly api_key_expires_at?: string | null | undefined
}

export interface PlatformAppCreated {
  /** UUID. */
  readonly id: string
  readonly name: string
  readonly slug: string
  readonly description: string
  readonly logo_url: string | null
  readonly api_key_prefix: string
  readonly oidc_jwks_url: string | null
  readonly oidc_issuer: string | null
  readonly oidc_audience: string | null
  readonly redirect_uris: string[]
  readonly webhook_url: string | null
  /** Names the webhook for its deliveries, their replay and a test. UUID. */
  readonly webhook_id: string | null
  readonly is_active: boolean
  readonly billing_model: 'platform_pays' | 'user_pays' | 'hybrid'
  readonly auth_mode: 'silent' | 'user_signin' | 'configurable'
  readonly max_connected_users: number | null
  readonly connected_users: number
  /** RFC 3339 time. */
  readonly api_key_expires_at: string | null
  /** RFC 3339 time. */
  readonly api_key_rotated_at: string | null
  /** RFC 3339 time. */
  readonly created_at: string
  /** RFC 3339 time. */
  readonly updated_at: string
  readonly api_key: Secret<string>
  /** Secret of the webhook, if webhook_url is set. */
  readonly webhook_secret?: Secret<string> | undefined
}

/** Input of `platform.listApps`. */
export interface ListPlatformAppsInput {
  /** Maximum number of entries. Default: all. From 1 to 1000. */
  readonly limit?: number | null | undefined
  /** The next_cursor of the previous answer. Default: the beginning of the list. At most 1024 characters. */
  readonly cursor?: string | null | undefined
}

/** Output of `platform.listApps`. */
export interface ListPlatformAppsOutput {
  readonly apps: PlatformApp[]
  readonly next_cursor?: string | undefined
}

export interface PlatformApp {
  /** UUID. */
  readonly id: string
  readonly name: string
  readonly slug: string
  readonly description: string
  readonly logo_url: string | null
  readonly api_key_prefix: string
  readonly oidc_jwks_url: string | null
  readonly oidc_issuer: string | null
  readonly oidc_audience: string | null
  readonly redirect_uris: string[]
  readonly webhook_url: string | null
  /** Names the webhook for its deliveries, their replay and a test. UUID. */
  readonly webhook_id: string | null
  readonly is_active: boolean
  readonly billing_model: 'platform_pays' | 'user_pays' | 'hybrid'
  readonly auth_mode: 'silent' | 'user_signin' | 'configurable'
  readonly max_connected_users: number | null
  readonly connected_users: number
  /** RFC 3339 time. */
  readonly api_key_expires_at: string | null
  /** RFC 3339 time. */
  readonly api_key_rotated_at: string | null
  /** RFC 3339 time. */
  readonly created_at: string
  /** RFC 3339 time. */
  readonly updated_at: string
}

/** Input of `platform.getApp`. */
export interface GetPlatformAppInput {
  /** UUID. */
  readonly app_id: string
}

/** Input of `platform.updateApp`. */
export interface UpdatePlatformAppInput {
  /** UUID. */
  readonly app_id: string
  /** Whether the app works. When it is off, its key is refused. */
  readonly is_active?: boolean | undefined
  /** Name that users see. At most 255 characters. */
  readonly name?: string | null | undefined
  /** Purpose, in your own words. At most 4096 characters. */
  readonly description?: string | null | undefined
  /** Where users may be sent after they sign in. HTTPS, or http://localhost with any port. At most 50 entries. */
  readonly redirect_uris?: readonly string[] | null | undefined
  /** Key set of your identity provider. HTTPS, and no private address. */
  readonly oidc_jwks_url?: string | null | undefined
  /** Required issuer of subject tokens. Default: any issuer. */
  readonly oidc_issuer?: string | null | undefined
  /** Audience that subject tokens must have. Default: any. At most 512 characters. */
  readonly oidc_audience?: string | null | undefined
  /** Logo that users see. */
  readonly logo_url?: string | null | undefined
  /** Where events of the app are sent. HTTPS. */
  readonly webhook_url?: string | null | undefined
  /** Whose usage the calls of the app are. Default: platform_pays. */
  readonly billing_model?: 'platform_pays' | 'user_pays' | 'hybrid' | null | undefined
  /** Whether users sign in to claim: silent, user_signin or configurable per bootstrap. Default: silent. */
  readonly auth_mode?: 'silent' | 'user_signin' | 'configurable' | null | undefined
  /** Maximum number of connected users. Default: no limit. From 0 to 1000000000. */
  readonly max_connected_users?: number | null | undefined
  /** When the key of the app expires. Default: never. RFC 3339 time. */
  readonly api_key_expires_at?: string | null | undefined
}

/** Input of `platform.deleteApp`. */
export interface DeletePlatformAppInput {
  /** UUID. */
  readonly app_id: string
}

/** Output of `platform.deleteApp`. */
export interface DeletePlatformAppOutput {
  /** UUID. */
  readonly id: string
  readonly slug: string
  readonly former_slug: string
  readonly deleted: boolean
  readonly soft_delete: boolean
  /** RFC 3339 time. */
  readonly deleted_at: string
  readonly slug_released: boolean
}

/** Input of `platform.rotateAppKey`. */
export interface RotatePlatformAppKeyInput {
  /** UUID. */
  readonly app_id: string
  /** When the key of the app expires. Default: never. RFC 3339 time. */
  readonly api_key_expires_at?: string | null | undefined
  /** Seconds that the old key keeps working. Default: 0. From 0 to 86400. */
  readonly overlap_seconds?: number | null | undefined
}

/** Output of `platform.rotateAppKey`. */
export interface RotatePlatformAppKeyOutput {
  readonly api_key: Secret<string>
  readonly api_key_prefix: string
  /** RFC 3339 time. */
  readonly api_key_expires_at: string | null
}

/** Input of `platform.rotateWebhookSecret`. */
export interface RotatePlatformWebhookSecretInput {
  /** UUID. */
  readonly app_id: string
}

/** Output of `platform.rotateWebhookSecret`. */
export interface RotatePlatformWebhookSecretOutput {
  readonly webhook_secret: Secret<string>
}

/** Input of `platform.appStats`. */
export interface GetPlatformAppStatsInput {
  /** UUID. */
  readonly app_id: string
}

/** Output of `platform.appStats`. */
export interface GetPlatformAppStatsOutput {
  readonly total_connections: number
  readonly active_connections: number
  readonly claimed_connections: number
  readonly total_bootstraps: number
  readonly total_grants: number
}

/** Input of `platform.listUsers`. */
export interface ListPlatformUsersInput {
  /** UUID. */
  readonly app_id: string
  /** Maximum number of entries. Default: all. From 1 to 1000. */
  readonly limit?: number | null | undefined
  /** The next_cursor of the previous answer. Default: the beginning of the list. At most 1024 characters. */
  readonly cursor?: string | null | undefined
}

/** Output of `platform.listUsers`. */
export interface ListPlatformUsersOutput {
  readonly users: PlatformUser[]
  readonly next_cursor?: string | undefined
}

export interface PlatformUser {
  /** UUID. */
  readonly connection_id: string
  /** UUID. */
  readonly user_id: string
  readonly external_subject: string
  readonly email: string
  readonly status: 'pending' | 'active' | 'claimed' | 'disconnected'
  readonly vault_ids: string[]
  readonly agent_ids: string[]
  /** RFC 3339 time. */
  readonly created_at: string
  /** RFC 3339 time. */
  readonly claimed_at: string | null
}

/** Input of `platform.listEvents`. */
export interface ListPlatformEventsInput {
  /** UUID. */
  readonly app_id: string
  /** Maximum number of entries. Default: 50. From 1 to 500. */
  readonly limit?: number | null | undefined
  /** Number of entries to skip. Default: 0. */
  readonly offset?: number | null | undefined
}

/** Output of `platform.listEvents`. */
export interface ListPlatformEventsOutput {
  readonly events: PlatformEvent[]
  /** Number of events, counted up to 10000. */
  readonly total: number
}

export interface PlatformEvent {
  /** UUID. */
  readonly id: string
  readonly action: string
  readonly actor_id: string
  readonly actor_type: string
  readonly resource_type: string
  readonly resource_id: string
  readonly metadata: JsonObject
  /** RFC 3339 time. */
  readonly created_at: string
}

/** Input of `platform.createTemplate`. */
export interface CreatePlatformTemplateInput {
  /** UUID. */
  readonly app_id: string
  /** At most 255 characters. */
  readonly name: string
  /** Purpose, in your own words. At most 4096 characters. */
  readonly description?: string | null | undefined
  /** Vault, agents, policies and signing keys of each user. */
  readonly spec: JsonObject
}

export interface PlatformTemplate {
  /** UUID. */
  readonly id: string
  /** UUID. */
  readonly platform_app_id: string
  readonly name: string
  readonly description: string
  readonly version: number
  readonly spec: JsonObject
  readonly is_active: boolean
  /** RFC 3339 time. */
  readonly created_at: string
  /** RFC 3339 time. */
  readonly updated_at: string
}

/** Input of `platform.listTemplates`. */
export interface ListPlatformTemplatesInput {
  /** UUID. */
  readonly app_id: string
  /** Maximum number of entries. Default: all. From 1 to 1000. */
  readonly limit?: number | null | undefined
  /** The next_cursor of the previous answer. Default: the beginning of the list. At most 1024 characters. */
  readonly cursor?: string | null | undefined
}

/** Output of `platform.listTemplates`. */
export interface ListPlatformTemplatesOutput {
  readonly templates: PlatformTemplate[]
  readonly next_cursor?: string | undefined
}

/** Input of `platform.getTemplate`. */
export interface GetPlatformTemplateInput {
  /** UUID. */
  readonly app_id: string
  /** UUID. */
  readonly template_id: string
}

/** Input of `platform.updateTemplate`. */
export interface UpdatePlatformTemplateInput {
  /** UUID. */
  readonly app_id: string
  /** UUID. */
  readonly template_id: string
  /** Name of the template. At most 255 characters. */
  readonly name?: string | null | undefined
  /** Purpose, in your own words. At most 4096 characters. */
  readonly description?: string | null | undefined
  /** Vault, agents, policies and signing keys of each user. */
  readonly spec?: JsonObject | null | undefined
  /** Whether a bootstrap can use the template. */
  readonly is_active?: boolean | undefined
}

/** Input of `platform.deleteTemplate`. */
export interface DeletePlatformTemplateInput {
  /** UUID. */
  readonly app_id: string
  /** UUID. */
  readonly template_id: string
}

/** Input of `platform.previewTemplate`. */
export interface PreviewPlatformTemplateInput {
  /** UUID. */
  readonly app_id: string
  /** UUID. */
  readonly template_id: string
  /** What {{params.name}} stands for. */
  readonly parameters?: JsonObject | null | undefined
  /** What {{subject.email}} and the like stand for. */
  readonly subject?: PreviewPlatformTemplateSubject | null | undefined
}

export interface PreviewPlatformTemplateSubject {
  /** At most 512 characters. */
  readonly user_id?: string | null | undefined
  /** At most 512 characters. */
  readonly external_subject?: string | null | undefined
  /** At most 512 characters. */
  readonly wallet_address?: string | null | undefined
  /** At most 512 characters. */
  readonly email?: string | null | undefined
  /** At most 512 characters. */
  readonly display_name?: string | null | undefined
}

/** Output of `platform.previewTemplate`. */
export interface PreviewPlatformTemplateOutput {
  readonly resolved_spec: JsonObject
}

/** Input of `platform.upsertUser`. */
export interface UpsertPlatformUserInput {
  /** E-mail address of the user. E-mail address. */
  readonly email?: string | null | undefined
  /**
   * What the app calls the user, such as telegram:123456789. Default: sub of the subject token. At most 512
   * characters.
   */
  readonly external_subject?: string | null | undefined
  /** Token of the identity provider of the app (oidc_jwks_url) for the user. At most 16384 characters. */
  readonly subject_token?: string | Secret<string> | null | undefined
  readonly subject_token_type?:
    | 'urn:ietf:params:oauth:token-type:jwt'
    | 'urn:ietf:params:oauth:token-type:id_token'
    | null
    | undefined
  /** Name of a new user. At most 255 characters. */
  readonly display_name?: string | null | undefined
  /** The app, when a person calls. Default: the only app. UUID. */
  readonly app_id?: string | null | undefined
  /** The same as app_id. UUID. */
  readonly platform_app_id?: string | null | undefined
}

/** Output of `platform.upsertUser`. */
export interface UpsertPlatformUserOutput {
  /** UUID. */
  readonly user_handle: string
  readonly is_new: boolean
  /** UUID. */
  readonly connection_id: string
  /** Empty, if the app gave none. */
  readonly email: string
  /** UUID. */
  readonly app_id: string
}

/** Input of `platform.bootstrap`. */
export interface BootstrapPlatformUserInput {
  /** UUID. */
  readonly connection_id: string
  /** Default: the newest active template, or one vault and one agent. UUID. */
  readonly template_id?: string | null | undefined
  /** Name of the template, in place of its ID. At most 255 characters. */
  readonly template_name?: string | null | undefined
  /** What {{params.name}} in the template stands for. */
  readonly parameters?: JsonObject | null | undefined
  /** Where the user goes after the claim. At most 2048 characters. */
  readonly return_to?: string | null | undefined
  /** Whether this user signs in to claim. Only for apps with auth_mode configurable. Default: silent. */
  readonly auth_mode?: 'silent' | 'user_signin' | null | undefined
  /**
   * ID of an executed pending approval. Needed when a consensus_trigger governs this action. It is valid once, for
   * exactly the same request. UUID.
   */
  readonly approval_id?: string | null | undefined
}

/** Output of `platform.bootstrap`. */
export interface BootstrapPlatformUserOutput {
  readonly claim_url: Secret<string>
  readonly claim_token: Secret<string>
  /** Seconds until the link expires. */
  readonly expires_in: number
  /** UUID. */
  readonly connection_id: string
  readonly summary: BootstrapSummary
}

export interface BootstrapSummary {
  /** UUID. */
  readonly vault_id: string | null
  /** UUID. */
  readonly agent_id: string | null
  readonly agent_ids: string[]
  readonly policy_ids: string[]
  readonly signing_key_chains: string[]
  /** Key of the first agent. It is shown once. */
  readonly agent_api_key: Secret<string> | null
  /** The keys of all agents. They are shown once. */
  readonly agent_api_keys: BootstrapSummaryAgentApiKeys[]
  readonly agent_evm_address: string | null
  readonly signing_keys: BootstrapSummarySigningKeys[]
  readonly runtime_ids: string[]
  readonly automation_ids: string[]
}

export interface BootstrapSummaryAgentApiKeys {
  /** UUID. */
  readonly agent_id: string
  readonly api_key: Secret<string>
}

export interface BootstrapSummarySigningKeys {
  /** UUID. */
  readonly agent_id: string
  readonly chain: string
  readonly curve: string
  readonly public_key: string
  readonly address: string
}

/** Input of `platform.reissueClaim`. */
export interface ReissuePlatformClaimInput {
  /** UUID. */
  readonly connection_id: string
  /** Where the user goes after the claim. At most 2048 characters. */
  readonly return_to?: string | null | undefined
}

export interface PlatformClaim {
  readonly claim_url: Secret<string>
  readonly claim_token: Secret<string>
  /** Seconds until the link expires. */
  readonly expires_in: number
  /** UUID. */
  readonly connection_id: string
}

/** Input of `platform.previewClaim`. */
export interface PreviewPlatformClaimInput {
  /** Token of a claim link (ct_). It works once. At most 128 characters. */
  readonly token: string
}

/** Output of `platform.previewClaim`. */
export interface PreviewPlatformClaimOutput {
  readonly app_name: string
  readonly app_slug: string
  readonly app_logo_url: string | null
  readonly auth_mode: 'silent' | 'user_signin'
  readonly vault_ids: string[]
  readonly agent_ids: string[]
  readonly policy_count: number
  readonly status: 'pending' | 'active' | 'claimed' | 'disconnected'
  readonly already_claimed: boolean
  readonly expired: boolean
  readonly return_to: string | null
}

/** Input of `platform.redeemClaim`. */
export interface RedeemPlatformClaimInput {
  /** Token of a claim link (ct_). It works once. At most 128 characters. */
  readonly token: string
}

/** Output of `platform.redeemClaim`. */
export interface RedeemPlatformClaimOutput {
  readonly status: 'claimed'
  /** UUID. */
  readonly connection_id: string
  readonly vault_ids: string[]
  readonly agent_ids: string[]
  readonly return_to: string | null
  readonly dashboard_url: string
}

/** Output of `platform.listConnectedApps`. */
export interface ListConnectedAppsOutput {
  readonly apps: ConnectedApp[]
  /** The same as apps, for clients that read this name. */
  readonly connected_apps: ConnectedApp[]
}

export interface ConnectedApp {
  /** UUID. */
  readonly connection_id: string
  readonly app_name: string
  readonly app_slug: string
  readonly app_logo_url: string | null
  readonly status: 'pending' | 'active' | 'claimed' | 'disconnected'
  readonly vault_ids: string[]
  readonly agent_ids: string[]
  /** RFC 3339 time. */
  readonly created_at: string
  /** RFC 3339 time. */
  readonly claimed_at: string | null
  readonly delegation_enabled: boolean
  readonly delegation_scopes: string[]
}

/** Input of `platform.updateDelegation`. */
export interface UpdateConnectionDelegationInput {
  /** UUID. */
  readonly connection_id: string
  /** Whether the app may act for you with X-Platform-Connection. Default: false. */
  readonly delegation_enabled?: boolean | undefined
  /**
   * What it may do: vaults:read, vaults:write, agents:read, agents:write, secrets:read, secrets:write. Default:
   * nothing. At most 6 entries.
   */
  readonly delegation_scopes?:
    | readonly ('vaults:read' | 'vaults:write' | 'agents:read' | 'agents:write' | 'secrets:read' | 'secrets:write')[]
    | null
    | undefined
}

/** Output of `platform.updateDelegation`. */
export interface UpdateConnectionDelegationOutput {
  /** UUID. */
  readonly connection_id: string
  readonly delegation_enabled: boolean
  readonly delegation_scopes: string[]
}

/** Input of `platform.disconnect`. */
export interface DisconnectAppInput {
  /** UUID. */
  readonly connection_id: string
}

/** Input of `platform.grant`. */
export interface GrantPlatformResourcesInput {
  /** UUID. */
  readonly connection_id: string
  /** Vaults of yours. At most 50 entries. */
  readonly vault_ids?: readonly string[] | null | undefined
  /** Agents of yours. At most 50 entries. */
  readonly agent_ids?: readonly string[] | null | undefined
  /** Path patterns in the vaults. Default: every path. At most 50 entries. */
  readonly allowed_paths?: readonly string[] | null | undefined
  /** Default: read. At most 16 entries. */
  readonly permissions?: readonly ('read' | 'write' | 'rotate' | 'delete')[] | null | undefined
  /** When the grant expires. Default: never. RFC 3339 time. */
  readonly expires_at?: string | null | undefined
}

/** Output of `platform.grant`. */
export interface GrantPlatformResourcesOutput {
  /** UUID. */
  readonly connection_id: string
  readonly grants: PlatformGrant[]
  readonly vault_ids: string[]
  readonly agent_ids: string[]
}

export interface PlatformGrant {
  /** UUID. */
  readonly id: string
  /** UUID. */
  readonly vault_id: string
  readonly allowed_paths: string[]
  readonly permissions: string[]
  /** RFC 3339 time. */
  readonly expires_at: string | null
  /** RFC 3339 time. */
  readonly created_at: string
}

/** Input of `platform.listGrants`. */
export interface ListPlatformGrantsInput {
  /** UUID. */
  readonly connection_id: string
  /** Maximum number of entries. Default: all. From 1 to 1000. */
  readonly limit?: number | null | undefined
  /** The next_cursor of the previous answer. Default: the beginning of the list. At most 1024 characters. */
  readonly cursor?: string | null | undefined
}

/** Output of `platform.listGrants`. */
export interface ListPlatformGrantsOutput {
  readonly grants: PlatformGrant[]
  readonly next_cursor?: string | undefined
}

/** Input of `platform.revokeGrant`. */
export interface RevokePlatformGrantInput {
  /** UUID. */
  readonly connection_id: string
  /** ID of the grant, or of an agent that you granted. UUID. */
  readonly grant_id: string
}

/** Input of `platform.connectionResources`. */
export interface ListConnectionResourcesInput {
  /** UUID. */
  readonly connection_id: string
}

/** Output of `platform.connectionResources`. */
export interface ListConnectionResourcesOutput {
  readonly vaults: ListConnectionResourcesVaults[]
  readonly agents: ListConnectionResourcesAgents[]
  readonly policies: ListConnectionResourcesPolicies[]
  readonly automations: ListConnectionResourcesAutomations[]
  readonly runtimes: ListConnectionResourcesRuntimes[]
}

export interface ListConnectionResourcesVaults {
  /** UUID. */
  readonly id: string
  readonly name: string
}

export interface ListConnectionResourcesAgents {
  /** UUID. */
  readonly id: string
  readonly name: string
}

export interface ListConnectionResourcesPolicies {
  /** UUID. */
  readonly id: string
}

export interface ListConnectionResourcesAutomations {
  /** UUID. */
  readonly id: string
  readonly name: string
}

export interface ListConnectionResourcesRuntimes {
  /** UUID. */
  readonly id: string
  /** UUID. */
  readonly agent_id: string
  readonly preset: string
}

/** Input of `platform.delegationLog`. */
export interface GetDelegationLogInput {
  /** UUID. */
  readonly connection_id: string
  /** Maximum number of entries. Default: 50. From 1 to 500. */
  readonly limit?: number | null | undefined
  /** Number of entries to skip. Default: 0. */
  readonly offset?: number | null | undefined
}

/** Output of `platform.delegationLog`. */
export interface GetDelegationLogOutput {
  readonly entries: DelegationLogEntry[]
  readonly total: number
}

export interface DelegationLogEntry {
  /** UUID. */
  readonly id: string
  /** UUID. */
  readonly connection_id: string
  /** UUID. */
  readonly platform_app_id: string
  readonly actor_id: string
  readonly action: string
  readonly scope: string
  readonly resource_type: string | null
  readonly resource_id: string | null
  readonly success: boolean
  readonly error: string | null
  /** RFC 3339 time. */
  readonly created_at: string
  /** RFC 3339 time. */
  readonly timestamp: string
  readonly details: JsonObject
}

/** Input of `platform.createSpendPolicy`. */
export interface CreateSpendPolicyInput {
  /** UUID. */
  readonly app_id: string
  /** The user that the policy is for. Default: every user of the app. UUID. */
  readonly user_id?: string | null | undefined
  /** Only to these addresses. Default: any. At most 1000 entries. */
  readonly to_allowlist?: readonly string[] | null | undefined
  /** Never to these addresses. At most 1000 entries. */
  readonly to_denylist?: readonly string[] | null | undefined
  /** Maximum value of one transaction. Default: any. */
  readonly max_value_per_tx_eth?: string | null | undefined
  /** Maximum value in 24 hours. Default: any. */
  readonly daily_limit_eth?: string | null | undefined
  /** Only on these chains. Default: any. At most 100 entries. */
  readonly allowed_chains?: readonly string[] | null | undefined
  /** Only these tokens. Default: any. At most 1000 entries. */
  readonly allowed_tokens?: readonly string[] | null | undefined
  /** Maximum number of transactions in 24 hours. */
  readonly max_transactions_per_day?: number | null | undefined
}

export interface SpendPolicy {
  /** UUID. */
  readonly id: string
  /** UUID. */
  readonly platform_app_id: string
  /** UUID. */
  readonly user_id: string | null
  readonly to_allowlist: string[]
  readonly to_denylist: string[]
  readonly max_value_per_tx_eth: string | null
  readonly daily_limit_eth: string | null
  readonly allowed_chains: string[]
  readonly allowed_tokens: string[]
  readonly max_transactions_per_day: number | null
  /** RFC 3339 time. */
  readonly created_at: string
  /** RFC 3339 time. */
  readonly updated_at: string
}

/** Input of `platform.listSpendPolicies`. */
export interface ListSpendPoliciesInput {
  /** UUID. */
  readonly app_id: string
  /** Maximum number of entries. Default: all. From 1 to 1000. */
  readonly limit?: number | null | undefined
  /** The next_cursor of the previous answer. Default: the beginning of the list. At most 1024 characters. */
  readonly cursor?: string | null | undefined
}

/** Output of `platform.listSpendPolicies`. */
export interface ListSpendPoliciesOutput {
  readonly policies: SpendPolicy[]
  readonly next_cursor?: string | undefined
}

/** Input of `platform.deleteSpendPolicy`. */
export interface DeleteSpendPolicyInput {
  /** UUID. */
  readonly app_id: string
  /** UUID. */
  readonly policy_id: string
}

/** Input of `platform.setUserSpendPolicy`. */
export interface SetUserSpendPolicyInput {
  /** UUID. */
  readonly connection_id: string
  /** Has no effect: the connection names the user. UUID. */
  readonly user_id?: string | null | undefined
  /** Only to these addresses. Default: any. At most 1000 entries. */
  readonly to_allowlist?: readonly string[] | null | undefined
  /** Never to these addresses. At most 1000 entries. */
  readonly to_denylist?: readonly string[] | null | undefined
  /** Maximum value of one transaction. Default: any. */
  readonly max_value_per_tx_eth?: string | null | undefined
  /** Maximum value in 24 hours. Default: any. */
  readonly daily_limit_eth?: string | null | undefined
  /** Only on these chains. Default: any. At most 100 entries. */
  readonly allowed_chains?: readonly string[] | null | undefined
  /** Only these tokens. Default: any. At most 1000 entries. */
  readonly allowed_tokens?: readonly string[] | null | undefined
  /** Maximum number of transactions in 24 hours. */
  readonly max_transactions_per_day?: number | null | undefined
}

/** Output of `platform.ownSpendPolicy`. */
export interface GetEffectiveSpendPolicyOutput {
  readonly policy: SpendPolicy | null
  /** connection: a policy for you alone is among them. app: only policies for all users of an app. */
  readonly source: 'connection' | 'app' | 'none'
  /** UUID. */
  readonly id?: string | undefined
  /** UUID. */
  readonly platform_app_id?: string | undefined
  /** UUID. */
  readonly user_id?: string | null | undefined
  readonly to_allowlist?: string[] | undefined
  readonly to_denylist?: string[] | undefined
  readonly max_value_per_tx_eth?: string | null | undefined
  readonly daily_limit_eth?: string | null | undefined
  readonly allowed_chains?: string[] | undefined
  readonly allowed_tokens?: string[] | undefined
  readonly max_transactions_per_day?: number | null | undefined
  /** RFC 3339 time. */
  readonly created_at?: string | undefined
  /** RFC 3339 time. */
  readonly updated_at?: string | undefined
}
