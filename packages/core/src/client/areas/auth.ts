// Written by tools/gen-client-types.ts.

import type { Secret } from '../../kernel/secret.ts'
import type { CallOptions, NoInput } from '../types.ts'

/** The operations of the area `auth`. */
export interface AuthClient {
  /**
   * Sign in with an e-mail address and a password.
   *
   * @throws `wrong_password`: Invalid credentials. After 10 wrong passwords, the account refuses every password for
   * 15 minutes.
   * @throws `rate_limited`: Too many, too fast. `retryAfterSeconds` says when to try again.
   *
   * @example
   * const { access_token } = await client.auth.token({ email: 'with-password@example.com', password })
   * access_token.reveal()
   */
  token(input: LoginInput, options?: CallOptions): Promise<Token>

  /**
   * Exchange the API key of an agent for a token.
   *
   * @throws `invalid_key`: Invalid credentials: the key is unknown, expired or has been revoked, or does not belong
   * to this agent.
   * @throws `rate_limited`: Too many, too fast. `retryAfterSeconds` says when to try again.
   *
   * @example
   * const { access_token } = await client.auth.agentToken({ api_key })
   * access_token.reveal()
   */
  agentToken(input: AgentTokenInput, options?: CallOptions): Promise<AgentToken>

  /**
   * Exchange the API key of a user or an agent for a token.
   *
   * @throws `invalid_key`: Invalid credentials: the key is unknown, expired or has been revoked, or does not belong
   * to this agent.
   * @throws `rate_limited`: Too many, too fast. `retryAfterSeconds` says when to try again.
   *
   * @example
   * const { access_token } = await client.auth.apiKeyToken({ api_key })
   * access_token.reveal()
   */
  apiKeyToken(input: ApiKeyTokenInput, options?: CallOptions): Promise<Token>

  /**
   * Get a new token for the current session. The session still ends at the same time.
   *
   * @throws `not_authenticated`: No credential, or one that proves nothing: unknown, expired, revoked. The text does
   * not say which.
   */
  refresh(input?: RefreshTokenInput, options?: CallOptions): Promise<Token>

  /** Revoke the token of this request and its session. API keys stay valid. */
  revoke(input?: NoInput, options?: CallOptions): Promise<void>

  /**
   * Get your own profile.
   *
   * @throws `not_authenticated`: No credential, or one that proves nothing: unknown, expired, revoked. The text does
   * not say which.
   */
  me(input?: NoInput, options?: CallOptions): Promise<UserProfile>

  /**
   * Change your own profile.
   *
   * @throws `not_authenticated`: No credential, or one that proves nothing: unknown, expired, revoked. The text does
   * not say which.
   *
   * @example
   * await client.auth.updateMe({ display_name: 'Ada' })
   */
  updateMe(input?: UpdateMeInput, options?: CallOptions): Promise<UserProfile>

  /**
   * Delete your own account, with its tokens, API keys and policies.
   *
   * @throws `not_authenticated`: No credential, or one that proves nothing: unknown, expired, revoked. The text does
   * not say which.
   * @throws `last_owner`: The organisation has no other owner. Give another member the role owner first.
   *
   * @example
   * await client.auth.deleteMe({ confirmation: 'DELETE MY ACCOUNT' })
   */
  deleteMe(input: DeleteMeInput, options?: CallOptions): Promise<void>

  /**
   * Change your password. Ends all your sessions and their tokens. Your API keys stay valid, unless you end them.
   *
   * @throws `not_authenticated`: No credential, or one that proves nothing: unknown, expired, revoked. The text does
   * not say which.
   *
   * @example
   * await client.auth.changePassword({ current_password, new_password })
   */
  changePassword(input: ChangePasswordInput, options?: CallOptions): Promise<void>

  /**
   * Create a personal API key. The answer shows it once. Without your password, it ends with the session.
   *
   * @throws `not_authenticated`: No credential, or one that proves nothing: unknown, expired, revoked. The text does
   * not say which.
   * @throws `scopes_exceeded`: The new key would have scopes that the current key does not have.
   *
   * @example
   * const { api_key } = await client.auth.createApiKey({ name: 'laptop' })
   * api_key.reveal()
   */
  createApiKey(input: CreateApiKeyInput, options?: CallOptions): Promise<CreateApiKeyOutput>

  /** List your API keys, including revoked keys. The list does not hold the keys themselves. */
  listApiKeys(input?: NoInput, options?: CallOptions): Promise<ListApiKeysOutput>

  /**
   * Revoke one of your API keys and all tokens issued for it.
   *
   * @throws `api_key_not_found`: You have no API key with this ID.
   *
   * @example
   * await client.auth.revokeApiKey({ key_id })
   */
  revokeApiKey(input: RevokeApiKeyInput, options?: CallOptions): Promise<void>

  /** Get the public key of newly signed tokens. */
  jwtPublicKey(input?: NoInput, options?: CallOptions): Promise<GetJwtPublicKeyOutput>

  /** Get the public keys of all tokens that may still be valid. */
  jwks(input?: NoInput, options?: CallOptions): Promise<JwksOutput>

  /** Get the OpenID configuration of this issuer, which names the URL of its keys. */
  openidConfiguration(input?: NoInput, options?: CallOptions): Promise<OpenidConfigurationOutput>
}

/** Input of `auth.token`. */
export interface LoginInput {
  /** E-mail address. */
  readonly email: string
  /** At most 1024 characters. */
  readonly password: string | Secret<string>
}

export interface Token {
  readonly access_token: Secret<string>
  readonly token_type: 'Bearer'
  readonly expires_in: number
  /** Not issued. Refresh a token by sending it as the bearer token. */
  readonly refresh_token?: string | undefined
}

/** Input of `auth.agentToken`. */
export interface AgentTokenInput {
  /** At most 512 characters. */
  readonly api_key: string | Secret<string>
  /** UUID. */
  readonly agent_id?: string | null | undefined
}

export interface AgentToken {
  readonly access_token: Secret<string>
  readonly token_type: 'Bearer'
  readonly expires_in: number
  /** Not issued. Refresh a token by sending it as the bearer token. */
  readonly refresh_token?: string | undefined
  /** UUID. */
  readonly agent_id: string
  readonly vault_ids: string[]
}

/** Input of `auth.apiKeyToken`. */
export interface ApiKeyTokenInput {
  /** At most 512 characters. */
  readonly api_key: string | Secret<string>
}

/** Input of `auth.refresh`. */
export interface RefreshTokenInput {
  /** At most 8192 characters. */
  readonly refresh_token?: string | Secret<string> | null | undefined
}

export interface UserProfile {
  /** UUID. */
  readonly id: string
  readonly email: string
  readonly display_name: string
  readonly auth_method: string
  readonly role: 'owner' | 'admin' | 'member'
  /** UUID. */
  readonly org_id: string
  readonly email_verified: boolean
  readonly marketing_emails: boolean
  readonly totp_enabled: boolean
  /** RFC 3339 time. */
  readonly created_at: string
}

/** Input of `auth.updateMe`. */
export interface UpdateMeInput {
  /** Name that other members see. At most 255 characters. */
  readonly display_name?: string | null | undefined
  /** Whether to receive marketing e-mail. */
  readonly marketing_emails?: boolean | null | undefined
}

/** Input of `auth.deleteMe`. */
export interface DeleteMeInput {
  /** Must be exactly DELETE MY ACCOUNT. */
  readonly confirmation: 'DELETE MY ACCOUNT'
  /** Your password. Also read from X-Auth-Confirm. Default: not checked. At most 1024 characters. */
  readonly current_password?: string | Secret<string> | null | undefined
}

/** Input of `auth.changePassword`. */
export interface ChangePasswordInput {
  /** At most 1024 characters. */
  readonly current_password: string | Secret<string>
  /** At most 1024 characters. */
  readonly new_password: string | Secret<string>
  /** Whether to revoke your API keys too. Default: false. */
  readonly end_api_keys?: boolean | null | undefined
}

/** Input of `auth.createApiKey`. */
export interface CreateApiKeyInput {
  /** At most 255 characters. */
  readonly name: string
  /**
   * What the key may do: an area and read, write or *, such as secrets:read. Default: all that its user may do. At
   * most 64 entries.
   */
  readonly scopes?: readonly string[] | null | undefined
  /** When the key expires. Default: never, or without your password, at the end of the session. RFC 3339 time. */
  readonly expires_at?: string | null | undefined
  /**
   * Your password. A key that outlives the session of a token needs it. Also read from X-Auth-Confirm. At most 1024
   * characters.
   */
  readonly current_password?: string | Secret<string> | null | undefined
}

/** Output of `auth.createApiKey`. */
export interface CreateApiKeyOutput {
  readonly key: ApiKey
  readonly api_key: Secret<string>
}

export interface ApiKey {
  /** UUID. */
  readonly id: string
  readonly name: string
  readonly key_prefix: string
  readonly scopes: string[]
  readonly is_active: boolean
  /** RFC 3339 time. */
  readonly created_at: string
  /** RFC 3339 time. */
  readonly expires_at?: string | undefined
  /** RFC 3339 time. */
  readonly last_used_at?: string | undefined
}

/** Output of `auth.listApiKeys`. */
export interface ListApiKeysOutput {
  readonly keys: ApiKey[]
}

/** Input of `auth.revokeApiKey`. */
export interface RevokeApiKeyInput {
  /** UUID. */
  readonly key_id: string
}

/** Output of `auth.jwtPublicKey`. */
export interface GetJwtPublicKeyOutput {
  readonly alg: 'EdDSA'
  readonly public_key_base64: string
}

/** Output of `auth.jwks`. */
export interface JwksOutput {
  readonly keys: Jwk[]
}

export interface Jwk {
  readonly kty: 'OKP'
  readonly crv: 'Ed25519'
  readonly x: string
  readonly kid: string
  readonly alg: 'EdDSA'
  readonly use: 'sig'
}

/** Output of `auth.openidConfiguration`. */
export interface OpenidConfigurationOutput {
  readonly issuer: string
  readonly jwks_uri: string
  readonly id_token_signing_alg_values_supported: string[]
  readonly subject_types_supported: string[]
  readonly response_types_supported: string[]
}
