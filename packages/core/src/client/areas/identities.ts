// Written by tools/gen-client-types.ts.

import type { Secret } from '../../kernel/secret.ts'
import type { CallOptions } from '../types.ts'
import type { SignIn } from './auth.ts'

/** Sign-in with other identity providers. */
export interface IdentitiesClient {
  /**
   * Begin to sign in with an identity provider. The sign-in must be complete within 10 minutes.
   *
   * @throws `identity_provider_not_configured`
   * @throws `issuer_unavailable`: The issuer cannot be asked now, so nothing is known about its tokens.
   * @throws `sign_in_failed`: The sign-in with the identity provider failed or took longer than 10 minutes. Begin
   * again.
   * @throws `rate_limited`: Too many, too fast. `retryAfterSeconds` says when to try again.
   *
   * @example
   * const { browser_secret } = await client.identities.begin({ provider: 'example', next: '/account' })
   * browser_secret.reveal()
   */
  begin(input: BeginOidcSignInInput, options?: CallOptions): Promise<IdentityFlow>

  /**
   * Complete the sign-in with an identity provider, with the code that it sent to the browser.
   *
   * @throws `identity_provider_not_configured`
   * @throws `issuer_unavailable`: The issuer cannot be asked now, so nothing is known about its tokens.
   * @throws `sign_in_failed`: The sign-in with the identity provider failed or took longer than 10 minutes. Begin
   * again.
   * @throws `not_admitted`: The provider says who it is, and the operator does not let this person in.
   * @throws `member_not_agreed`: A policy requires the agreement of several people for each new member. Ask an owner
   * or admin to add or invite this user.
   * @throws `identity_not_linked`: An account with this e-mail address exists, and it is not linked to this identity.
   * Sign in to it, then link the identity.
   * @throws `resource_limit_exceeded`: A limit of the tier or of the agent leaves no room for this. The message names
   * the limit.
   * @throws `identity_taken`: This identity is linked to another account. Unlink it there first.
   * @throws `rate_limited`: Too many, too fast. `retryAfterSeconds` says when to try again.
   *
   * @example
   * const { access_token } = await client.identities.complete({
   *   provider: 'example',
   *   code,
   *   state,
   *   browser_secret,
   * })
   * access_token.reveal()
   */
  complete(input: CompleteOidcSignInInput, options?: CallOptions): Promise<CompleteOidcSignInOutput>

  /**
   * Sign in with an ID token of Google.
   *
   * @throws `identity_provider_not_configured`
   * @throws `issuer_unavailable`: The issuer cannot be asked now, so nothing is known about its tokens.
   * @throws `sign_in_failed`: The sign-in with the identity provider failed or took longer than 10 minutes. Begin
   * again.
   * @throws `not_admitted`: The provider says who it is, and the operator does not let this person in.
   * @throws `member_not_agreed`: A policy requires the agreement of several people for each new member. Ask an owner
   * or admin to add or invite this user.
   * @throws `identity_not_linked`: An account with this e-mail address exists, and it is not linked to this identity.
   * Sign in to it, then link the identity.
   * @throws `resource_limit_exceeded`: A limit of the tier or of the agent leaves no room for this. The message names
   * the limit.
   * @throws `rate_limited`: Too many, too fast. `retryAfterSeconds` says when to try again.
   *
   * @example
   * const { access_token } = await client.identities.google({ id_token })
   * access_token.reveal()
   */
  google(input: GoogleAuthInput, options?: CallOptions): Promise<SignIn>

  /**
   * Sign in with an ID token of Google or Apple, or with a code of Discord.
   *
   * @throws `identity_provider_not_configured`
   * @throws `issuer_unavailable`: The issuer cannot be asked now, so nothing is known about its tokens.
   * @throws `sign_in_failed`: The sign-in with the identity provider failed or took longer than 10 minutes. Begin
   * again.
   * @throws `not_admitted`: The provider says who it is, and the operator does not let this person in.
   * @throws `member_not_agreed`: A policy requires the agreement of several people for each new member. Ask an owner
   * or admin to add or invite this user.
   * @throws `identity_not_linked`: An account with this e-mail address exists, and it is not linked to this identity.
   * Sign in to it, then link the identity.
   * @throws `resource_limit_exceeded`: A limit of the tier or of the agent leaves no room for this. The message names
   * the limit.
   * @throws `wallets_full`
   * @throws `rate_limited`: Too many, too fast. `retryAfterSeconds` says when to try again.
   *
   * @example
   * const { access_token } = await client.identities.socialLogin({ provider: 'google', id_token })
   * access_token.reveal()
   */
  socialLogin(input: SocialLoginInput, options?: CallOptions): Promise<SocialSignIn>

  /**
   * Begin to link an identity provider to your account. Complete it like a sign-in, in the same session.
   *
   * @throws `not_authenticated`: No credential, or one that proves nothing: unknown, expired, revoked. The text does
   * not say which.
   * @throws `identity_provider_not_configured`
   * @throws `issuer_unavailable`: The issuer cannot be asked now, so nothing is known about its tokens.
   * @throws `sign_in_failed`: The sign-in with the identity provider failed or took longer than 10 minutes. Begin
   * again.
   *
   * @example
   * const { browser_secret } = await client.identities.link({ provider: 'example', auth_confirm })
   * browser_secret.reveal()
   */
  link(input: LinkOidcIdentityInput, options?: CallOptions): Promise<IdentityFlow>

  /** List the identities that are linked to your account. */
  readonly list: {
    (input?: ListIdentitiesInput, options?: CallOptions): Promise<ListIdentitiesOutput>
    /** Everything there is, page after page; `limit` is how much of it comes at once. */
    each(
      input?: Omit<ListIdentitiesInput, 'offset' | 'cursor'>,
      options?: CallOptions,
    ): AsyncGenerator<Identity, void, undefined>
  }

  /**
   * Unlink an identity from your account. It no longer signs you in.
   *
   * @throws `not_authenticated`: No credential, or one that proves nothing: unknown, expired, revoked. The text does
   * not say which.
   * @throws `identity_not_found`: You have no identity with this ID.
   * @throws `last_way_in`: This identity is your only way to sign in. Set a password first.
   *
   * @example
   * await client.identities.unlink({ identity_id: 'woBDuzDtVSxaV_gaW0aL4_ove9Fh3DQ2e7lTd2jM0RI' })
   */
  unlink(input: UnlinkIdentityInput, options?: CallOptions): Promise<void>

  /**
   * Get the page where a person signs out of an identity provider too.
   *
   * @throws `identity_provider_not_configured`
   * @throws `issuer_unavailable`: The issuer cannot be asked now, so nothing is known about its tokens.
   *
   * @example
   * await client.identities.signOutUrl({ provider: 'example' })
   */
  signOutUrl(input: GetOidcSignOutUrlInput, options?: CallOptions): Promise<GetOidcSignOutUrlOutput>
}

/** Input of `identities.begin`. */
export interface BeginOidcSignInInput {
  /** Name of the identity provider, as the operator configured it. At most 32 characters. */
  readonly provider: string
  /** Where the person wants to go afterwards. It comes back as it is. At most 2048 characters. */
  readonly next?: string | null | undefined
}

export interface IdentityFlow {
  /** Where the browser goes next. */
  readonly authorization_url: string
  /** Keep it in the browser, and send it with the code. */
  readonly browser_secret: Secret<string>
}

/** Input of `identities.complete`. */
export interface CompleteOidcSignInInput {
  /** Name of the identity provider, as the operator configured it. At most 32 characters. */
  readonly provider: string
  /** At most 4096 characters. */
  readonly code: string | Secret<string>
  /** At most 200 characters. */
  readonly state: string | Secret<string>
  /** At most 200 characters. */
  readonly browser_secret: string | Secret<string>
  /** The issuer that the answer to the browser names. At most 2048 characters. */
  readonly iss?: string | null | undefined
}

/** Output of `identities.complete`. */
export interface CompleteOidcSignInOutput {
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
  /** UUID. */
  readonly user_id: string
  /** UUID. */
  readonly org_id: string
  /** Whether the account was created now. */
  readonly is_new: boolean
  readonly next: string | null
}

/** Input of `identities.google`. */
export interface GoogleAuthInput {
  /** At most 16384 characters. */
  readonly id_token: string | Secret<string>
}

/** Input of `identities.socialLogin`. */
export interface SocialLoginInput {
  readonly provider: 'google' | 'apple' | 'discord'
  /** ID token of Google or Apple, or the authorization code of Discord. At most 16384 characters. */
  readonly id_token: string | Secret<string>
  /** The redirect URI that the code was issued for. Required for Discord. At most 2048 characters. */
  readonly oauth_redirect_uri?: string | null | undefined
  /**
   * Chains for which the sign-in creates missing wallets, such as ethereum and base. Default: none. A sign-in that
   * needs a second factor creates no wallets. At most 24 entries.
   */
  readonly auto_provision_chains?: readonly string[] | null | undefined
}

export interface SocialSignIn {
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
  /** UUID. */
  readonly user_id: string
  /** UUID. */
  readonly org_id: string
  /** Whether the account was created now. */
  readonly is_new: boolean
}

/** Input of `identities.link`. */
export interface LinkOidcIdentityInput {
  /** Name of the identity provider, as the operator configured it. At most 32 characters. */
  readonly provider: string
  /**
   * Your password, or a token of POST /v1/auth/reauth/complete. With a second factor, only such a token. At most 1024
   * characters.
   */
  readonly auth_confirm?: string | Secret<string> | null | undefined
  /** Where you want to go afterwards. At most 2048 characters. */
  readonly next?: string | null | undefined
}

/** Input of `identities.list`. */
export interface ListIdentitiesInput {
  /** Maximum number of entries. Default: all. From 1 to 1000. */
  readonly limit?: number | null | undefined
  /** The next_cursor of the previous answer. Default: the beginning of the list. At most 1024 characters. */
  readonly cursor?: string | null | undefined
}

/** Output of `identities.list`. */
export interface ListIdentitiesOutput {
  readonly identities: Identity[]
  readonly next_cursor?: string | undefined
}

export interface Identity {
  readonly id: string
  readonly provider: string
  readonly issuer: string
  readonly email: string
  /** RFC 3339 time. */
  readonly created_at: string
  /** RFC 3339 time. */
  readonly last_used_at: string
}

/** Input of `identities.unlink`. */
export interface UnlinkIdentityInput {
  /** At most 64 characters. */
  readonly identity_id: string
}

/** Input of `identities.signOutUrl`. */
export interface GetOidcSignOutUrlInput {
  /** Name of the identity provider, as the operator configured it. At most 32 characters. */
  readonly provider: string
}

/** Output of `identities.signOutUrl`. */
export interface GetOidcSignOutUrlOutput {
  /** Null if the provider has no such page. */
  readonly url: string | null
}
