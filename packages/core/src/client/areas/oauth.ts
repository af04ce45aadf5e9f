// Written by tools/gen-client-types.ts.

import type { Secret } from '../../kernel/secret.ts'
import type { CallOptions, NoInput } from '../types.ts'

/** Sign-in with this vault, for platform apps. */
export interface OauthClient {
  /**
   * Read what an app asks for, to show it to the user who decides.
   *
   * @throws `oauth_unknown_client`
   * @throws `oauth_redirect_refused`: The browser must not be sent to this place, whatever is wrong besides.
   * @throws `oauth_refused`
   *
   * @example
   * await client.oauth.consent({
   *   client_id: 'my-defi',
   *   redirect_uri: 'https://myapp.com/callback',
   *   scope: 'openid email offline_access',
   *   state: 'xyz',
   *   code_challenge: 'noZBmr7TujJrEkpStizBZ6ucBPG0GjAtT4HrLy5PTRw',
   *   code_challenge_method: 'S256',
   *   response_type: 'code',
   * })
   */
  consent(input: GetOAuthConsentInput, options?: CallOptions): Promise<OAuthConsentResponse>

  /**
   * Allow or deny what an app asks for. The answer is the URL that the browser goes to.
   *
   * @throws `oauth_unknown_client`
   * @throws `oauth_redirect_refused`: The browser must not be sent to this place, whatever is wrong besides.
   * @throws `oauth_refused`
   * @throws `platform_users_exceeded`
   *
   * @example
   * const { redirect_url } = await client.oauth.decide({
   *   client_id: 'my-defi',
   *   redirect_uri: 'https://myapp.com/callback',
   *   scope: 'openid email offline_access',
   *   state: 'xyz',
   *   code_challenge: 'noZBmr7TujJrEkpStizBZ6ucBPG0GjAtT4HrLy5PTRw',
   *   code_challenge_method: 'S256',
   *   approve: true,
   * })
   * redirect_url.reveal()
   */
  decide(input: SubmitOAuthConsentInput, options?: CallOptions): Promise<SubmitOAuthConsentOutput>

  /**
   * Exchange a code or a refresh token for tokens. There is no client secret: PKCE proves the client.
   *
   * @throws `oauth_invalid_client`: At the token endpoint, where RFC 6749 has 401.
   * @throws `oauth_refused`
   * @throws `not_an_agent`: Invalid credentials: subject_token must be the token or the API key of an agent.
   * @throws `federation_refused`: The agent gets no token for this audience.
   * @throws `invalid_dpop_proof`: The proof of possession is missing, invalid or used.
   * @throws `use_dpop_nonce`: The DPoP proof must have the nonce that the header DPoP-Nonce of this answer gives.
   * @throws `rate_limited`: Too many, too fast. `retryAfterSeconds` says when to try again.
   *
   * @example
   * const { access_token } = await client.oauth.token({
   *   grant_type: 'authorization_code',
   *   client_id: 'my-defi',
   *   redirect_uri: 'https://myapp.com/callback',
   *   code_verifier,
   *   code,
   * })
   * access_token.reveal()
   */
  token(input?: ExchangeOAuthTokenInput, options?: CallOptions): Promise<OAuthTokenResponse>

  /**
   * Read who the user of an access token is, as far as its scopes allow.
   *
   * @throws `not_authenticated`: No credential, or one that proves nothing: unknown, expired, revoked. The text does
   * not say which.
   */
  userInfo(input?: NoInput, options?: CallOptions): Promise<OAuthUserInfoResponse>

  /**
   * Revoke a token and all others of the same sign-in. The answer is the same for an unknown token.
   *
   * @throws `rate_limited`: Too many, too fast. `retryAfterSeconds` says when to try again.
   *
   * @example
   * await client.oauth.revoke({ token })
   */
  revoke(input: RevokeOAuthTokenInput, options?: CallOptions): Promise<RevokeOAuthTokenOutput>

  /** List the apps that you allowed to know something about you. */
  readonly consents: {
    (input?: ListOAuthConsentsInput, options?: CallOptions): Promise<ListOAuthConsentsOutput>
    /** Everything there is, page after page; `limit` is how much of it comes at once. */
    each(
      input?: Omit<ListOAuthConsentsInput, 'offset' | 'cursor'>,
      options?: CallOptions,
    ): AsyncGenerator<OAuthConsent, void, undefined>
  }

  /**
   * Take back what you allowed an app. Its tokens for you end at once. A connection stays until you disconnect.
   *
   * @throws `oauth_consent_not_found`: You have not allowed this app to know anything.
   *
   * @example
   * await client.oauth.revokeConsent({ app_id })
   */
  revokeConsent(input: RevokeOAuthConsentInput, options?: CallOptions): Promise<RevokeOAuthConsentOutput>

  /** Get the metadata of this authorization server (RFC 8414). */
  metadata(input?: NoInput, options?: CallOptions): Promise<OauthServerMetadataOutput>
}

/** Input of `oauth.consent`. */
export interface GetOAuthConsentInput {
  /** Slug of the platform app. At most 128 characters. */
  readonly client_id: string
  /** Where the user goes afterwards, exactly as registered. Only the scope link alone needs none. */
  readonly redirect_uri?: string | null | undefined
  /**
   * openid, profile, email, wallet, offline_access and link, separated by spaces. Default: openid. At most 512
   * characters.
   */
  readonly scope?: string | null | undefined
  /** Comes back with the answer. At most 2048 characters. */
  readonly state?: string | null | undefined
  /**
   * PKCE: SHA-256 of the code_verifier in base64url. Only the scope link alone needs none. At most 128 characters.
   */
  readonly code_challenge?: string | null | undefined
  /** Must be S256. At most 16 characters. */
  readonly code_challenge_method?: string | null | undefined
  /** Comes back in the ID token. At most 512 characters. */
  readonly nonce?: string | null | undefined
  /** Must be code. At most 16 characters. */
  readonly response_type: string
  /** E-mail address of the user that the app expects. At most 320 characters. */
  readonly login_hint?: string | null | undefined
}

export interface OAuthConsentResponse {
  readonly app_name: string
  readonly app_slug: string
  readonly app_logo_url: string | null
  readonly scopes: string[]
  /** Empty for a link without one. */
  readonly redirect_uri: string
  readonly already_consented: boolean
}

/** Input of `oauth.decide`. */
export interface SubmitOAuthConsentInput {
  /** Whether the user allows it. */
  readonly approve: boolean
  /** Slug of the platform app. At most 128 characters. */
  readonly client_id: string
  /** Where the user goes afterwards, exactly as registered. Only the scope link alone needs none. */
  readonly redirect_uri?: string | null | undefined
  /**
   * openid, profile, email, wallet, offline_access and link, separated by spaces. Default: openid. At most 512
   * characters.
   */
  readonly scope?: string | null | undefined
  /** Comes back with the answer. At most 2048 characters. */
  readonly state?: string | null | undefined
  /**
   * PKCE: SHA-256 of the code_verifier in base64url. Only the scope link alone needs none. At most 128 characters.
   */
  readonly code_challenge?: string | null | undefined
  /** Must be S256. At most 16 characters. */
  readonly code_challenge_method?: string | null | undefined
  /** Comes back in the ID token. At most 512 characters. */
  readonly nonce?: string | null | undefined
}

/** Output of `oauth.decide`. */
export interface SubmitOAuthConsentOutput {
  /** Has the code, so it is a secret. */
  readonly redirect_url: Secret<string>
  /** The connection that the scope link made. UUID. */
  readonly connection_id?: string | undefined
}

/** Input of `oauth.token`. */
export interface ExchangeOAuthTokenInput {
  /** authorization_code or refresh_token. At most 64 characters. Default: `authorization_code`. */
  readonly grant_type?: string | undefined
  /** The code that came to redirect_uri. At most 512 characters. */
  readonly code?: string | Secret<string> | null | undefined
  /** Slug of the platform app. At most 128 characters. */
  readonly client_id?: string | null | undefined
  /** The redirect_uri of the request, if it had one. */
  readonly redirect_uri?: string | null | undefined
  /** PKCE: what the code_challenge was made from. At most 256 characters. */
  readonly code_verifier?: string | Secret<string> | null | undefined
  /** The newest refresh token. At most 512 characters. */
  readonly refresh_token?: string | Secret<string> | null | undefined
  /** Token or API key of an agent, as for POST /v1/auth/federated-token. At most 8192 characters. */
  readonly subject_token?: string | Secret<string> | null | undefined
  /** Service that the token of an agent is for. At most 2048 characters. */
  readonly audience?: string | null | undefined
  /** Scopes of the token of an agent. At most 8192 characters. */
  readonly scope?: string | null | undefined
}

export interface OAuthTokenResponse {
  readonly access_token: Secret<string>
  readonly token_type: 'Bearer'
  readonly expires_in: number
  /** With the scope offline_access. */
  readonly refresh_token?: Secret<string> | undefined
  /** With the scope openid. */
  readonly id_token?: Secret<string> | undefined
  readonly scope: string
  /** Of the token of an agent. */
  readonly issued_token_type?: string | undefined
}

export interface OAuthUserInfoResponse {
  /** UUID. */
  readonly sub: string
  /** With the scope email. E-mail address. */
  readonly email?: string | undefined
  readonly email_verified?: boolean | undefined
  /** With the scope profile. */
  readonly name?: string | null | undefined
  /** With the scope wallet. Address on EVM chains. */
  readonly wallet_address?: string | null | undefined
}

/** Input of `oauth.revoke`. */
export interface RevokeOAuthTokenInput {
  /** An access token or a refresh token. At most 512 characters. */
  readonly token: string | Secret<string>
  /** Has no effect: a token tells what it is. At most 64 characters. */
  readonly token_type_hint?: string | null | undefined
  /** Has no effect: a token names its client. At most 128 characters. */
  readonly client_id?: string | null | undefined
}

/** Output of `oauth.revoke`. */
export interface RevokeOAuthTokenOutput {
  readonly revoked: true
}

/** Input of `oauth.consents`. */
export interface ListOAuthConsentsInput {
  /** Maximum number of entries. Default: all. From 1 to 1000. */
  readonly limit?: number | null | undefined
  /** The next_cursor of the previous answer. Default: the beginning of the list. At most 1024 characters. */
  readonly cursor?: string | null | undefined
}

/** Output of `oauth.consents`. */
export interface ListOAuthConsentsOutput {
  readonly consents: OAuthConsent[]
  readonly next_cursor?: string | undefined
}

export interface OAuthConsent {
  /** UUID. */
  readonly app_id: string
  readonly app_name: string
  readonly app_slug: string
  readonly scopes: string[]
  /** UUID. */
  readonly connection_id: string | null
  /** RFC 3339 time. */
  readonly created_at: string
  /** RFC 3339 time. */
  readonly updated_at: string
}

/** Input of `oauth.revokeConsent`. */
export interface RevokeOAuthConsentInput {
  /** ID or slug of the app. At most 64 characters. */
  readonly app_id: string
}

/** Output of `oauth.revokeConsent`. */
export interface RevokeOAuthConsentOutput {
  readonly revoked: true
  /** UUID. */
  readonly app_id: string
}

/** Output of `oauth.metadata`. */
export interface OauthServerMetadataOutput {
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
  readonly scopes_supported: string[]
  readonly id_token_signing_alg_values_supported: string[]
}
