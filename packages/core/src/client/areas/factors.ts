// Written by tools/gen-client-types.ts.

import type { Secret } from '../../kernel/secret.ts'
import type { CallOptions, NoInput } from '../types.ts'
import type { Token } from './auth.ts'

/** The operations of the area `factors`. */
export interface FactorsClient {
  /**
   * Begin to prove again who you are. The answer says which methods count for you.
   *
   * @throws `not_authenticated`: No credential, or one that proves nothing: unknown, expired, revoked. The text does
   * not say which.
   * @throws `passkeys_unavailable`: Passkeys need a public URL with a domain name, or http://localhost. The operator
   * sets PAWL_PUBLIC_URL.
   *
   * @example
   * await client.factors.beginReauth({ purpose: 'account.delete' })
   */
  beginReauth(input: ReauthBeginInput, options?: CallOptions): Promise<ReauthBeginOutput>

  /**
   * Prove again who you are. The answer is a token for X-Auth-Confirm, for one call within 5 minutes.
   *
   * @throws `not_authenticated`: No credential, or one that proves nothing: unknown, expired, revoked. The text does
   * not say which.
   * @throws `passkey_failed`: The passkey is unknown, or it did not sign this challenge for this site. Begin again:
   * each challenge is taken once.
   * @throws `passkeys_unavailable`: Passkeys need a public URL with a domain name, or http://localhost. The operator
   * sets PAWL_PUBLIC_URL.
   *
   * @example
   * const { reauth_token } = await client.factors.completeReauth({
   *   purpose: 'account.delete',
   *   password,
   * })
   * reauth_token.reveal()
   */
  completeReauth(input: ReauthCompleteInput, options?: CallOptions): Promise<ReauthCompleteOutput>

  /** Get whether your sign-in asks for a code of your authenticator app. */
  mfaStatus(input?: NoInput, options?: CallOptions): Promise<MfaStatusOutput>

  /**
   * Get a secret for your authenticator app. It counts once you confirm it with a code.
   *
   * @throws `not_authenticated`: No credential, or one that proves nothing: unknown, expired, revoked. The text does
   * not say which.
   * @throws `mfa_on`: An authenticator app is set up already. Disable it first with DELETE /v1/auth/mfa.
   */
  setUpMfa(input?: NoInput, options?: CallOptions): Promise<MfaSetupOutput>

  /**
   * Confirm your authenticator app with a code. From then on, sign-in asks for codes.
   *
   * @throws `not_authenticated`: No credential, or one that proves nothing: unknown, expired, revoked. The text does
   * not say which.
   * @throws `mfa_on`: An authenticator app is set up already. Disable it first with DELETE /v1/auth/mfa.
   * @throws `mfa_off`: No authenticator app is set up. Call POST /v1/auth/mfa/setup.
   *
   * @example
   * const { recovery_codes } = await client.factors.confirmMfa({ code })
   * recovery_codes.reveal()
   */
  confirmMfa(input: MfaVerifySetupInput, options?: CallOptions): Promise<MfaVerifySetupOutput>

  /**
   * Finish a sign-in with a code of your authenticator app, or with a recovery code.
   *
   * @throws `mfa_failed`: The code is wrong or used, or the mfa_token is expired or used. After 10 wrong codes, wait
   * 15 minutes.
   *
   * @example
   * const { access_token } = await client.factors.verifyMfa({ code, mfa_token })
   * access_token.reveal()
   */
  verifyMfa(input: MfaVerifyInput, options?: CallOptions): Promise<Token>

  /**
   * Remove your authenticator app. It needs a code, a recovery code or a re-authentication token.
   *
   * @throws `not_authenticated`: No credential, or one that proves nothing: unknown, expired, revoked. The text does
   * not say which.
   * @throws `mfa_off`: No authenticator app is set up. Call POST /v1/auth/mfa/setup.
   *
   * @example
   * await client.factors.disableMfa({ code })
   */
  disableMfa(input?: MfaDisableInput, options?: CallOptions): Promise<void>
}

/** Input of `factors.beginReauth`. */
export interface ReauthBeginInput {
  /** What the token will confirm, such as account.delete. At most 64 characters. */
  readonly purpose: string
  /** How you want to prove it. Default: the best method that you have. */
  readonly method?: 'password' | 'totp' | 'passkey' | null | undefined
}

/** Output of `factors.beginReauth`. */
export interface ReauthBeginOutput {
  readonly purpose: string
  readonly method: 'password' | 'totp' | 'passkey'
  readonly methods: ('password' | 'totp' | 'passkey')[]
  readonly challenge?: string | undefined
  readonly rp_id?: string | undefined
  readonly timeout?: number | undefined
  readonly user_verification?: string | undefined
  readonly allow_credentials?: ReauthBeginAllowCredentials[] | undefined
}

export interface ReauthBeginAllowCredentials {
  readonly id: string
  readonly type: 'public-key'
  readonly transports: string[]
}

/** Input of `factors.completeReauth`. */
export interface ReauthCompleteInput {
  /** What the token will confirm, such as account.delete. At most 64 characters. */
  readonly purpose: string
  /** Default: the best method that you have. */
  readonly method?: 'password' | 'totp' | 'passkey' | null | undefined
  /** Your password. With the method totp, a code is taken here too. At most 1024 characters. */
  readonly password?: string | Secret<string> | null | undefined
  /** A code of your authenticator app, or a recovery code. At most 64 characters. */
  readonly code?: string | Secret<string> | null | undefined
  /** ID of the passkey, in base64url. At most 16384 characters. */
  readonly credential_id?: string | null | undefined
  /** What the authenticator signed, in base64url. At most 16384 characters. */
  readonly authenticator_data?: string | null | undefined
  /** What the browser adds to it, in base64url. At most 16384 characters. */
  readonly client_data_json?: string | null | undefined
  /** Signature of both, in base64url. At most 16384 characters. */
  readonly signature?: string | null | undefined
}

/** Output of `factors.completeReauth`. */
export interface ReauthCompleteOutput {
  readonly reauth_token: Secret<string>
  /** The same token, for clients that know this name. */
  readonly token: Secret<string>
  readonly purpose: string
  readonly method: 'password' | 'totp' | 'passkey'
  readonly expires_in: number
  /** RFC 3339 time. */
  readonly expires_at: string
}

/** Output of `factors.mfaStatus`. */
export interface MfaStatusOutput {
  readonly enabled: boolean
  /** How many recovery codes are unused. */
  readonly recovery_codes_left: number
}

/** Output of `factors.setUpMfa`. */
export interface MfaSetupOutput {
  readonly otpauth_uri: Secret<string>
  readonly secret: Secret<string>
}

/** Input of `factors.confirmMfa`. */
export interface MfaVerifySetupInput {
  /** A code of the app. At most 64 characters. */
  readonly code: string | Secret<string>
  /**
   * Your password, or a token of POST /v1/auth/reauth/complete. With a second factor, only such a token. At most 1024
   * characters.
   */
  readonly auth_confirm?: string | Secret<string> | null | undefined
}

/** Output of `factors.confirmMfa`. */
export interface MfaVerifySetupOutput {
  readonly recovery_codes: Secret<string>[]
}

/** Input of `factors.verifyMfa`. */
export interface MfaVerifyInput {
  /** At most 64 characters. */
  readonly code: string | Secret<string>
  /** At most 1024 characters. */
  readonly mfa_token: string | Secret<string>
}

/** Input of `factors.disableMfa`. */
export interface MfaDisableInput {
  /** A code of your authenticator app, or a recovery code. At most 64 characters. */
  readonly code?: string | Secret<string> | null | undefined
  /** Not read. A password is not enough. At most 1024 characters. */
  readonly password?: string | Secret<string> | null | undefined
  /**
   * Your password, or a token of POST /v1/auth/reauth/complete. With a second factor, only such a token. At most 1024
   * characters.
   */
  readonly auth_confirm?: string | Secret<string> | null | undefined
}
