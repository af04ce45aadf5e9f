// Written by tools/gen-client-types.ts.

import type { Secret } from '../../kernel/secret.ts'
import type { CallOptions, JsonObject, NoInput } from '../types.ts'

/** Authentication with passwords, API keys and tokens. */
export interface AuthClient {
  /**
   * Sign in with an e-mail address and a password. A second factor is asked for next.
   *
   * @throws `wrong_password`: Invalid credentials. After 10 wrong passwords, the account refuses every password for
   * 15 minutes.
   * @throws `invalid_dpop_proof`: The proof of possession is missing, invalid or used.
   * @throws `use_dpop_nonce`: The DPoP proof must have the nonce that the header DPoP-Nonce of this answer gives.
   * @throws `rate_limited`: Too many, too fast. `retryAfterSeconds` says when to try again.
   *
   * @example
   * const { access_token } = await client.auth.token({ email: 'with-password@example.com', password })
   * access_token.reveal()
   */
  token(input: LoginInput, options?: CallOptions): Promise<SignIn>

  /**
   * Exchange the API key, the client certificate or the OIDC token of an agent for a token.
   *
   * @throws `invalid_key`: Invalid credentials: the key is unknown, expired or has been revoked, or does not belong
   * to this agent.
   * @throws `invalid_agent_identity`: Invalid credentials: no agent with this agent_id signs in with this certificate
   * or client_assertion. The audit trail of its organisation has the reason.
   * @throws `issuer_unavailable`: The issuer cannot be asked now, so nothing is known about its tokens.
   * @throws `invalid_dpop_proof`: The proof of possession is missing, invalid or used.
   * @throws `use_dpop_nonce`: The DPoP proof must have the nonce that the header DPoP-Nonce of this answer gives.
   * @throws `rate_limited`: Too many, too fast. `retryAfterSeconds` says when to try again.
   *
   * @example
   * const { access_token } = await client.auth.agentToken({ api_key })
   * access_token.reveal()
   */
  agentToken(input?: AgentTokenInput, options?: CallOptions): Promise<AgentToken>

  /**
   * Exchange the API key of a user, an agent or a platform app for a token.
   *
   * @throws `invalid_key`: Invalid credentials: the key is unknown, expired or has been revoked, or does not belong
   * to this agent.
   * @throws `invalid_dpop_proof`: The proof of possession is missing, invalid or used.
   * @throws `use_dpop_nonce`: The DPoP proof must have the nonce that the header DPoP-Nonce of this answer gives.
   * @throws `rate_limited`: Too many, too fast. `retryAfterSeconds` says when to try again.
   *
   * @example
   * const { access_token } = await client.auth.apiKeyToken({ api_key })
   * access_token.reveal()
   */
  apiKeyToken(input: ApiKeyTokenInput, options?: CallOptions): Promise<Token>

  /**
   * Exchange the token or API key of an agent for a token that identifies it to another service (RFC 8693).
   *
   * @throws `not_an_agent`: Invalid credentials: subject_token must be the token or the API key of an agent.
   * @throws `federation_refused`: The agent gets no token for this audience.
   * @throws `invalid_dpop_proof`: The proof of possession is missing, invalid or used.
   * @throws `use_dpop_nonce`: The DPoP proof must have the nonce that the header DPoP-Nonce of this answer gives.
   * @throws `rate_limited`: Too many, too fast. `retryAfterSeconds` says when to try again.
   *
   * @example
   * const { access_token } = await client.auth.federatedToken({
   *   subject_token,
   *   audience: 'https://api.example.com',
   * })
   * access_token.reveal()
   */
  federatedToken(input: ExchangeFederatedTokenInput, options?: CallOptions): Promise<FederatedToken>

  /**
   * Get a new token for the current session. The session still ends at the same time.
   *
   * @throws `not_authenticated`: No credential, or one that proves nothing: unknown, expired, revoked. The text does
   * not say which.
   * @throws `invalid_dpop_proof`: The proof of possession is missing, invalid or used.
   * @throws `use_dpop_nonce`: The DPoP proof must have the nonce that the header DPoP-Nonce of this answer gives.
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
   * @throws `policy_governs`: A principal and a vault take their policies with them. So their removal would end a
   * rule without the agreement of people.
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
  readonly listApiKeys: {
    (input?: ListApiKeysInput, options?: CallOptions): Promise<ListApiKeysOutput>
    /** Everything there is, page after page; `limit` is how much of it comes at once. */
    each(
      input?: Omit<ListApiKeysInput, 'offset' | 'cursor'>,
      options?: CallOptions,
    ): AsyncGenerator<ApiKey, void, undefined>
  }

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

export interface SignIn {
  readonly access_token: Secret<string>
  readonly token_type: 'Bearer'
  readonly expires_in: number
  /** Not issued. Refresh a token by sending it as the bearer token. */
  readonly refresh_token?: string | undefined
  /** Whether a second step must follow. */
  readonly mfa_required?: boolean | undefined
  readonly mfa_token?: Secret<string> | undefined
  /** The second step: POST /v1/auth/mfa/verify, or POST /v1/auth/mfa/passkey/begin and complete. */
  readonly mfa_method?: 'totp' | 'passkey' | undefined
}

/** Input of `auth.agentToken`. */
export interface AgentTokenInput {
  /**
   * API key of the agent. Default: client_assertion, or the client certificate of the connection. At most 512
   * characters.
   */
  readonly api_key?: string | Secret<string> | null | undefined
  /** ID of the agent. Required without api_key. UUID. */
  readonly agent_id?: string | null | undefined
  /** Token of the OIDC issuer of the agent, for the URL of this server as its audience. At most 16384 characters. */
  readonly client_assertion?: string | Secret<string> | null | undefined
  readonly client_assertion_type?: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer' | null | undefined
  /** Public key (JWK) that the token is bound to. Default: the key of the DPoP header, if there is one. */
  readonly dpop_jwk?: JsonObject | null | undefined
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

export interface Token {
  readonly access_token: Secret<string>
  readonly token_type: 'Bearer'
  readonly expires_in: number
  /** Not issued. Refresh a token by sending it as the bearer token. */
  readonly refresh_token?: string | undefined
}

/** Input of `auth.federatedToken`. */
export interface ExchangeFederatedTokenInput {
  /** Always the token exchange of RFC 8693. Default: `urn:ietf:params:oauth:grant-type:token-exchange`. */
  readonly grant_type?: 'urn:ietf:params:oauth:grant-type:token-exchange' | undefined
  /** Token or API key of the agent. Default: the bearer token of the request. At most 8192 characters. */
  readonly subject_token?: string | Secret<string> | null | undefined
  /** Default: `urn:ietf:params:oauth:token-type:jwt`. */
  readonly subject_token_type?:
    | 'urn:ietf:params:oauth:token-type:jwt'
    | 'urn:1claw:params:oauth:token-type:api-key'
    | undefined
  /** Service that the token is for. The federation_audiences of the agent must list it. */
  readonly audience: string
  /** Scopes of the agent that the token has, separated by spaces. Default: all of them. At most 8192 characters. */
  readonly scope?: string | null | undefined
  /** Type of the new token. Only a JWT is possible. */
  readonly requested_token_type?: 'urn:ietf:params:oauth:token-type:jwt' | null | undefined
}

export interface FederatedToken {
  readonly access_token: Secret<string>
  readonly issued_token_type: string
  readonly token_type: 'Bearer'
  readonly expires_in: number
  readonly scope: string
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
  /**
   * Your password, or a token of POST /v1/auth/reauth/complete. With a second factor, only such a token. At most 1024
   * characters.
   */
  readonly auth_confirm?: string | Secret<string> | null | undefined
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
  /**
   * When the key expires. Default: the latest possible time. Without your password, that is when your current session
   * or key expires. RFC 3339 time.
   */
  readonly expires_at?: string | null | undefined
  /**
   * Your password. Required, here or in X-Auth-Confirm, if the new key outlives your current session or key. At most
   * 1024 characters.
   */
  readonly current_password?: string | Secret<string> | null | undefined
  /**
   * Your password, or a token of POST /v1/auth/reauth/complete. With a second factor, only such a token. At most 1024
   * characters.
   */
  readonly auth_confirm?: string | Secret<string> | null | undefined
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

/** Input of `auth.listApiKeys`. */
export interface ListApiKeysInput {
  /** Maximum number of entries. Default: all. From 1 to 1000. */
  readonly limit?: number | null | undefined
  /** The next_cursor of the previous answer. Default: the beginning of the list. At most 1024 characters. */
  readonly cursor?: string | null | undefined
}

/** Output of `auth.listApiKeys`. */
export interface ListApiKeysOutput {
  readonly keys: ApiKey[]
  readonly next_cursor?: string | undefined
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
  readonly kty: 'OKP' | 'RSA'
  readonly kid: string
  readonly alg: 'EdDSA' | 'RS256'
  readonly use: 'sig'
  readonly crv?: 'Ed25519' | undefined
  readonly x?: string | undefined
  readonly n?: string | undefined
  readonly e?: string | undefined
}

/** Output of `auth.openidConfiguration`. */
export interface OpenidConfigurationOutput {
  readonly issuer: string
  readonly authorization_endpoint: string
  readonly token_endpoint: string
  readonly userinfo_endpoint: string
  readonly revocation_endpoint: string
  readonly jwks_uri: string
  readonly response_types_supported: string[]
  readonly response_modes_supported: string[]
  readonly grant_types_supported: string[]
  readonly code_challenge_methods_supported: string[]
  readonly token_endpoint_auth_methods_supported: string[]
  readonly revocation_endpoint_auth_methods_supported: string[]
  readonly authorization_response_iss_parameter_supported: true
  readonly subject_types_supported: string[]
  readonly claims_supported: string[]
  readonly dpop_signing_alg_values_supported: string[]
  readonly id_token_signing_alg_values_supported: string[]
}
