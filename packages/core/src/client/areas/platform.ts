// Written by tools/gen-client-types.ts.

import type { Secret } from '../../kernel/secret.ts'
import type { CallOptions, JsonObject } from '../types.ts'

/** The operations of the area `platform`. */
export interface PlatformClient {
  /**
   * Create a platform app. The answer shows its key (plt_), once.
   *
   * @throws `slug_taken`: Another platform app has this slug. Choose another one.
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
   * Count the connections, bootstraps and grants of an app.
   *
   * @throws `platform_app_not_found`: The platform app does not exist, or you do not run it.
   *
   * @example
   * await client.platform.appStats({ app_id })
   */
  appStats(input: GetPlatformAppStatsInput, options?: CallOptions): Promise<GetPlatformAppStatsOutput>

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
  /** Issuer that subject tokens must name. Default: any. */
  readonly oidc_issuer?: string | null | undefined
  /** Audience that subject tokens must have. Default: any. At most 512 characters. */
  readonly oidc_audience?: string | null | undefined
  /** Logo that users see. */
  readonly logo_url?: string | null | undefined
  /** A label: Pawl bills nothing. Default: platform_pays. */
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
}

/** Input of `platform.listApps`. */
export interface ListPlatformAppsInput {
  /** Maximum number of entries. Default: all. From 1 to 1000. */
  readonly limit?: number | null | undefined
  /** The next_cursor of the answer before. Default: the beginning of the list. At most 1024 characters. */
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
  /** Issuer that subject tokens must name. Default: any. */
  readonly oidc_issuer?: string | null | undefined
  /** Audience that subject tokens must have. Default: any. At most 512 characters. */
  readonly oidc_audience?: string | null | undefined
  /** Logo that users see. */
  readonly logo_url?: string | null | undefined
  /** A label: Pawl bills nothing. Default: platform_pays. */
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
  /** The next_cursor of the answer before. Default: the beginning of the list. At most 1024 characters. */
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
  /** At most 255 characters. */
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
