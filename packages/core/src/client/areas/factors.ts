// Written by tools/gen-client-types.ts.

import type { Secret } from '../../kernel/secret.ts'
import type { CallOptions, JsonObject, NoInput } from '../types.ts'
import type { Token } from './auth.ts'

/** Second factors, passkeys, and proofs that a user is still there. */
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

  /** Get whether your sign-in asks for a code of your authenticator app, or for a passkey. */
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
   * @throws `platform_app_not_found`: The platform app does not exist, or you do not run it.
   * @throws `link_required`
   * @throws `platform_users_exceeded`
   * @throws `rate_limited`: Too many, too fast. `retryAfterSeconds` says when to try again.
   *
   * @example
   * const { access_token } = await client.factors.verifyMfa({ code, mfa_token })
   * access_token.reveal()
   */
  verifyMfa(input: MfaVerifyInput, options?: CallOptions): Promise<Token>

  /**
   * Begin to finish a sign-in with a passkey.
   *
   * @throws `mfa_failed`: The code is wrong or used, or the mfa_token is expired or used. After 10 wrong codes, wait
   * 15 minutes.
   * @throws `no_passkey`: You have no passkey. Register one first with POST /v1/auth/passkeys/register/begin.
   * @throws `passkeys_unavailable`: Passkeys need a public URL with a domain name, or http://localhost. The operator
   * sets PAWL_PUBLIC_URL.
   * @throws `rate_limited`: Too many, too fast. `retryAfterSeconds` says when to try again.
   *
   * @example
   * await client.factors.beginMfaPasskey({ mfa_token })
   */
  beginMfaPasskey(input: MfaPasskeyBeginInput, options?: CallOptions): Promise<MfaPasskeyBeginOutput>

  /**
   * Finish a sign-in with a passkey signature. A passkey can replace a code.
   *
   * @throws `mfa_failed`: The code is wrong or used, or the mfa_token is expired or used. After 10 wrong codes, wait
   * 15 minutes.
   * @throws `passkey_failed`: The passkey is unknown, or it did not sign this challenge for this site. Begin again:
   * each challenge is taken once.
   * @throws `passkeys_unavailable`: Passkeys need a public URL with a domain name, or http://localhost. The operator
   * sets PAWL_PUBLIC_URL.
   * @throws `platform_app_not_found`: The platform app does not exist, or you do not run it.
   * @throws `link_required`
   * @throws `platform_users_exceeded`
   * @throws `rate_limited`: Too many, too fast. `retryAfterSeconds` says when to try again.
   *
   * @example
   * const { access_token } = await client.factors.completeMfaPasskey({
   *   mfa_token,
   *   credential_id: 'W1MZqUbucu2-8P2qdba2jA',
   *   authenticator_data: 'SZYN5YgOjGh0NBcPZHZgW4_krrmihjLHmVzzuoMdl2MFAAAAAQ',
   *   client_data_json: 'eyJ0eXBlIjoid2ViYXV0aG4uZ2V0IiwiY2hhbGxlbmdlIjoiSldHamVzN3piWWVzX3kwMHNDd3lBalBnZkF3bkVzeTJJN2hUYVQzbEtPaDdJblZ6WlNJNkluQmhjM05yWlhrdWJXWmhJaXdpZFhObGNpSTZJbUkxTldZek5qTm1MV0UwTXpRdE5HVmhaQzFpWkRrekxXUTBOV0V4T1RnME1UZ3dPU0lzSW05eVp5STZJakV5T1RnMlpEZGxMV1l6TkRrdE5EZzBZUzA0TXpSaExXVTVNamszTWpJM1l6a3lOeUlzSW1WNGNHbHlaWE5CZENJNk1UYzJOekl5TlRrd01EQXdNQ3dpWkdGMFlTSTZleUp6YVdkdVNXNGlPaUpYYkVWM1ZDMW1jRWhZZW5sWVlWOWZla2gzUVU5M0luMHNJbTV2Ym1ObElqb2lSVFZ5WWtNNE1IRjJjMm96WTFoYWMycGZOblZJVVNKOSIsIm9yaWdpbiI6Imh0dHA6Ly9sb2NhbGhvc3Q6ODIxMCIsImNyb3NzT3JpZ2luIjpmYWxzZX0',
   *   signature: 'yzSY92Q5zccqGjMV8wquGqA-XoJOCZm5lDrb4rggVEAVAACiHzI1tLmNiAxIIinKqBQRDjlyR6mEMkFu5ikeAA',
   * })
   * access_token.reveal()
   */
  completeMfaPasskey(input: MfaPasskeyCompleteInput, options?: CallOptions): Promise<Token>

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

  /**
   * Begin to register a passkey. A browser makes it from the answer.
   *
   * @throws `not_authenticated`: No credential, or one that proves nothing: unknown, expired, revoked. The text does
   * not say which.
   * @throws `passkeys_unavailable`: Passkeys need a public URL with a domain name, or http://localhost. The operator
   * sets PAWL_PUBLIC_URL.
   * @throws `passkeys_full`: You have as many passkeys as a user can have. Remove one first.
   */
  beginPasskey(input?: NoInput, options?: CallOptions): Promise<PasskeyRegisterBeginOutput>

  /**
   * Register the passkey that a browser made. It signs you in without a password.
   *
   * @throws `not_authenticated`: No credential, or one that proves nothing: unknown, expired, revoked. The text does
   * not say which.
   * @throws `passkey_failed`: The passkey is unknown, or it did not sign this challenge for this site. Begin again:
   * each challenge is taken once.
   * @throws `passkey_exists`: This passkey is registered already.
   * @throws `passkeys_full`: You have as many passkeys as a user can have. Remove one first.
   * @throws `passkeys_unavailable`: Passkeys need a public URL with a domain name, or http://localhost. The operator
   * sets PAWL_PUBLIC_URL.
   *
   * @example
   * await client.factors.addPasskey({
   *   credential_id: 'W1MZqUbucu2-8P2qdba2jA',
   *   attestation_object: 'o2NmbXRkbm9uZWdhdHRTdG10oGhhdXRoRGF0YVhxSZYN5YgOjGh0NBcPZHZgW4_krrmihjLHmVzzuoMdl2NFAAAAAAAAAAAAAAAAAAAAAAAAAAAAEFtTGalG7nLtvvD9qnW2toykAQEDJyAGIVggasryM24RdYIKemiHPekWu_v7aATznCmFYaaPThGmEqY',
   *   client_data_json: 'eyJ0eXBlIjoid2ViYXV0aG4uY3JlYXRlIiwiY2hhbGxlbmdlIjoiR2NsOG8tM0lWSzR1aWFSSk01ejlJS1JndUwzc1N0cUthYnNFQ21iQ1lWOTdJblZ6WlNJNkluQmhjM05yWlhrdWNtVm5hWE4wWlhJaUxDSjFjMlZ5SWpvaVlqVTFaak0yTTJZdFlUUXpOQzAwWldGa0xXSmtPVE10WkRRMVlURTVPRFF4T0RBNUlpd2liM0puSWpvaU1USTVPRFprTjJVdFpqTTBPUzAwT0RSaExUZ3pOR0V0WlRreU9UY3lNamRqT1RJM0lpd2laWGh3YVhKbGMwRjBJam94TnpZM01qSTFPVEF3TURBd0xDSmtZWFJoSWpwN2ZTd2libTl1WTJVaU9pSjRWamc1TUc4eWMyb3pSRkF6ZWxSRmEwRkRWRkZCSW4wIiwib3JpZ2luIjoiaHR0cDovL2xvY2FsaG9zdDo4MjEwIiwiY3Jvc3NPcmlnaW4iOmZhbHNlfQ',
   *   transports: ['internal'],
   *   name: 'laptop',
   *   auth_confirm,
   * })
   */
  addPasskey(input: PasskeyRegisterCompleteInput, options?: CallOptions): Promise<PasskeyRegisterCompleteOutput>

  /** List your passkeys. */
  readonly listPasskeys: {
    (input?: ListPasskeysInput, options?: CallOptions): Promise<ListPasskeysOutput>
    /** Everything there is, page after page; `limit` is how much of it comes at once. */
    each(
      input?: Omit<ListPasskeysInput, 'offset' | 'cursor'>,
      options?: CallOptions,
    ): AsyncGenerator<Passkey, void, undefined>
  }

  /**
   * Remove one of your passkeys. It no longer signs you in.
   *
   * @throws `passkey_not_found`: You have no passkey with this ID.
   * @throws `last_passkey`: This is your last passkey, and you ask for a passkey at the sign-in or before values are
   * shown. Turn that off first.
   *
   * @example
   * await client.factors.removePasskey({ passkey_id, auth_confirm })
   */
  removePasskey(input: DeletePasskeyInput, options?: CallOptions): Promise<DeletePasskeyOutput>

  /**
   * Begin to sign in with a passkey.
   *
   * @throws `passkeys_unavailable`: Passkeys need a public URL with a domain name, or http://localhost. The operator
   * sets PAWL_PUBLIC_URL.
   * @throws `rate_limited`: Too many, too fast. `retryAfterSeconds` says when to try again.
   */
  beginPasskeySignIn(input?: PasskeyAssertBeginInput, options?: CallOptions): Promise<PasskeyAssertBeginOutput>

  /**
   * Sign in with what a passkey signed. No second factor is asked for: a passkey is two of them.
   *
   * @throws `passkey_failed`: The passkey is unknown, or it did not sign this challenge for this site. Begin again:
   * each challenge is taken once.
   * @throws `passkeys_unavailable`: Passkeys need a public URL with a domain name, or http://localhost. The operator
   * sets PAWL_PUBLIC_URL.
   * @throws `rate_limited`: Too many, too fast. `retryAfterSeconds` says when to try again.
   *
   * @example
   * const { token } = await client.factors.completePasskeySignIn({
   *   credential_id: 'W1MZqUbucu2-8P2qdba2jA',
   *   authenticator_data: 'SZYN5YgOjGh0NBcPZHZgW4_krrmihjLHmVzzuoMdl2MFAAAAAQ',
   *   client_data_json: 'eyJ0eXBlIjoid2ViYXV0aG4uZ2V0IiwiY2hhbGxlbmdlIjoiZVR0alhlaUVmekJsNmNmVDg3VVFMVFJna0hDU2xoSURmUnBubFdRejJiRjdJblZ6WlNJNkluQmhjM05yWlhrdWMybG5iaTFwYmlJc0luVnpaWElpT201MWJHd3NJbTl5WnlJNmJuVnNiQ3dpWlhod2FYSmxjMEYwSWpveE56WTNNakkxT1RBd01EQXdMQ0prWVhSaElqcDdmU3dpYm05dVkyVWlPaUpYYkVWM1ZDMW1jRWhZZW5sWVlWOWZla2gzUVU5M0luMCIsIm9yaWdpbiI6Imh0dHA6Ly9sb2NhbGhvc3Q6ODIxMCIsImNyb3NzT3JpZ2luIjpmYWxzZX0',
   *   signature: 'DY_zMmUPhTavRh5efF31RphEtinRXOEedfQ91j4dhQ0Ep7tK5OV9RwpzbjlSlrEanc32mo9zUxViQvGC-dTDCw',
   * })
   * token.reveal()
   */
  completePasskeySignIn(input: PasskeyAssertCompleteInput, options?: CallOptions): Promise<PasskeyAssertCompleteOutput>

  /**
   * Begin to approve one transaction with a passkey.
   *
   * @throws `no_passkey`: You have no passkey. Register one first with POST /v1/auth/passkeys/register/begin.
   * @throws `passkeys_unavailable`: Passkeys need a public URL with a domain name, or http://localhost. The operator
   * sets PAWL_PUBLIC_URL.
   *
   * @example
   * await client.factors.beginTransactionPasskey({
   *   tx_digest: '3f4a3f4a3f4a3f4a3f4a3f4a3f4a3f4a3f4a3f4a3f4a3f4a3f4a3f4a3f4a3f4a',
   * })
   */
  beginTransactionPasskey(input?: PasskeyTxAssertBeginInput, options?: CallOptions): Promise<PasskeyTxAssertBeginOutput>

  /**
   * Approve one transaction with what a passkey signed. The answer is a token for X-Passkey-Token.
   *
   * @throws `passkey_failed`: The passkey is unknown, or it did not sign this challenge for this site. Begin again:
   * each challenge is taken once.
   * @throws `passkeys_unavailable`: Passkeys need a public URL with a domain name, or http://localhost. The operator
   * sets PAWL_PUBLIC_URL.
   *
   * @example
   * const { passkey_token } = await client.factors.completeTransactionPasskey({
   *   credential_id: 'W1MZqUbucu2-8P2qdba2jA',
   *   authenticator_data: 'SZYN5YgOjGh0NBcPZHZgW4_krrmihjLHmVzzuoMdl2MFAAAAAQ',
   *   client_data_json: 'eyJ0eXBlIjoid2ViYXV0aG4uZ2V0IiwiY2hhbGxlbmdlIjoiVHo5MFhOZnRaVm11cHo4TFNWZVphNzBjSlV0VVdVVnpJMFNIZTZnbXFzVjdJblZ6WlNJNkluQmhjM05yWlhrdWRISmhibk5oWTNScGIyNGlMQ0oxYzJWeUlqb2lZalUxWmpNMk0yWXRZVFF6TkMwMFpXRmtMV0prT1RNdFpEUTFZVEU1T0RReE9EQTVJaXdpYjNKbklqb2lNVEk1T0Raa04yVXRaak0wT1MwME9EUmhMVGd6TkdFdFpUa3lPVGN5TWpkak9USTNJaXdpWlhod2FYSmxjMEYwSWpveE56WTNNakkxT1RBd01EQXdMQ0prWVhSaElqcDdJbVJwWjJWemRDSTZJak5tTkdFelpqUmhNMlkwWVRObU5HRXpaalJoTTJZMFlUTm1OR0V6WmpSaE0yWTBZVE5tTkdFelpqUmhNMlkwWVRObU5HRXpaalJoTTJZMFlUTm1OR0VpZlN3aWJtOXVZMlVpT2lKWGJFVjNWQzFtY0VoWWVubFlZVjlmZWtoM1FVOTNJbjAiLCJvcmlnaW4iOiJodHRwOi8vbG9jYWxob3N0OjgyMTAiLCJjcm9zc09yaWdpbiI6ZmFsc2V9',
   *   signature: 'rQNiDtntslJG0_Q9drJvb-F-PmYnrIXUF6uvHEK7TfxuD1JxrupGciWRqMSEbqfaOGPB1Yr87ASFThJxAJMADA',
   * })
   * passkey_token.reveal()
   */
  completeTransactionPasskey(
    input: PasskeyTxAssertCompleteInput,
    options?: CallOptions,
  ): Promise<PasskeyTxAssertCompleteOutput>

  /**
   * Begin to open values with a passkey.
   *
   * @throws `no_passkey`: You have no passkey. Register one first with POST /v1/auth/passkeys/register/begin.
   * @throws `passkeys_unavailable`: Passkeys need a public URL with a domain name, or http://localhost. The operator
   * sets PAWL_PUBLIC_URL.
   */
  beginVaultPasskey(input?: NoInput, options?: CallOptions): Promise<PasskeyVaultAssertBeginOutput>

  /**
   * Unlock values with a passkey signature. The token for X-Passkey-Token is valid for 5 minutes.
   *
   * @throws `passkey_failed`: The passkey is unknown, or it did not sign this challenge for this site. Begin again:
   * each challenge is taken once.
   * @throws `passkeys_unavailable`: Passkeys need a public URL with a domain name, or http://localhost. The operator
   * sets PAWL_PUBLIC_URL.
   *
   * @example
   * const { passkey_token } = await client.factors.completeVaultPasskey({
   *   credential_id: 'W1MZqUbucu2-8P2qdba2jA',
   *   authenticator_data: 'SZYN5YgOjGh0NBcPZHZgW4_krrmihjLHmVzzuoMdl2MFAAAAAQ',
   *   client_data_json: 'eyJ0eXBlIjoid2ViYXV0aG4uZ2V0IiwiY2hhbGxlbmdlIjoiX3FUUmQ3a01QQXNRNGpETmFGaHp4b1Y2NWZ6cjVkYkhMMTBHbVFibHRqeDdJblZ6WlNJNkluQmhjM05yWlhrdWRtRjFiSFFpTENKMWMyVnlJam9pWWpVMVpqTTJNMll0WVRRek5DMDBaV0ZrTFdKa09UTXRaRFExWVRFNU9EUXhPREE1SWl3aWIzSm5Jam9pTVRJNU9EWmtOMlV0WmpNME9TMDBPRFJoTFRnek5HRXRaVGt5T1RjeU1qZGpPVEkzSWl3aVpYaHdhWEpsYzBGMElqb3hOelkzTWpJMU9UQXdNREF3TENKa1lYUmhJanA3ZlN3aWJtOXVZMlVpT2lKWGJFVjNWQzFtY0VoWWVubFlZVjlmZWtoM1FVOTNJbjAiLCJvcmlnaW4iOiJodHRwOi8vbG9jYWxob3N0OjgyMTAiLCJjcm9zc09yaWdpbiI6ZmFsc2V9',
   *   signature: 'INaY6nhNryIcSlJI0IHH6hEXURAIkvAeZQQvWa0WOWH9QVeLCLW-h1ZJrJfyTBbbMyiSshzrZBKqtI8obzT5Bw',
   * })
   * passkey_token.reveal()
   */
  completeVaultPasskey(
    input: PasskeyVaultAssertCompleteInput,
    options?: CallOptions,
  ): Promise<PasskeyVaultAssertCompleteOutput>

  /** Get what you decided about your own security. */
  getSecuritySettings(input?: NoInput, options?: CallOptions): Promise<SecuritySettings>

  /**
   * Decide about your own security. To turn protection off, prove again who you are.
   *
   * @throws `no_passkey`: You have no passkey. Register one first with POST /v1/auth/passkeys/register/begin.
   *
   * @example
   * await client.factors.updateSecuritySettings({ require_passkey_for_vaults: true })
   */
  updateSecuritySettings(input?: UpdateSecuritySettingsInput, options?: CallOptions): Promise<SecuritySettings>
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
  /** Whether codes of an authenticator app are set up. */
  readonly enabled: boolean
  /** Whether a passkey must follow your first factor. */
  readonly passkey_mfa_enabled: boolean
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

/** Input of `factors.beginMfaPasskey`. */
export interface MfaPasskeyBeginInput {
  /** At most 1024 characters. */
  readonly mfa_token: string | Secret<string>
}

/** Output of `factors.beginMfaPasskey`. */
export interface MfaPasskeyBeginOutput {
  readonly challenge: string
  readonly rp_id: string
  readonly timeout: number
  readonly user_verification: string
  readonly allow_credentials: MfaPasskeyBeginAllowCredentials[]
}

export interface MfaPasskeyBeginAllowCredentials {
  readonly id: string
  readonly type: 'public-key'
  readonly transports: string[]
}

/** Input of `factors.completeMfaPasskey`. */
export interface MfaPasskeyCompleteInput {
  /** At most 1024 characters. */
  readonly mfa_token: string | Secret<string>
  /** ID of the passkey, in base64url. At most 16384 characters. */
  readonly credential_id: string
  /** What the authenticator signed, in base64url. At most 16384 characters. */
  readonly authenticator_data: string
  /** What the browser adds to it, in base64url. At most 16384 characters. */
  readonly client_data_json: string
  /** Signature of both, in base64url. At most 16384 characters. */
  readonly signature: string
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

/** Output of `factors.beginPasskey`. */
export interface PasskeyRegisterBeginOutput {
  readonly challenge: string
  readonly rp_id: string
  readonly rp_name: string
  readonly user_id: string
  readonly user_name: string
  readonly user_display_name: string
  readonly attestation: 'none'
  readonly authenticator_selection: JsonObject
  readonly exclude_credentials: PasskeyRegisterBeginExcludeCredentials[]
  readonly timeout: number
}

export interface PasskeyRegisterBeginExcludeCredentials {
  readonly id: string
  readonly type: 'public-key'
  readonly transports: string[]
}

/** Input of `factors.addPasskey`. */
export interface PasskeyRegisterCompleteInput {
  /** At most 16384 characters. */
  readonly credential_id: string
  /** At most 16384 characters. */
  readonly attestation_object: string
  /** At most 16384 characters. */
  readonly client_data_json: string
  /** At most 8 entries. */
  readonly transports?: readonly string[] | null | undefined
  /** At most 255 characters. */
  readonly name?: string | null | undefined
  /**
   * Your password, or a token of POST /v1/auth/reauth/complete. With a second factor, only such a token. At most 1024
   * characters.
   */
  readonly auth_confirm?: string | Secret<string> | null | undefined
}

/** Output of `factors.addPasskey`. */
export interface PasskeyRegisterCompleteOutput {
  /** UUID. */
  readonly passkey_id: string
  readonly credential_id: string
}

/** Input of `factors.listPasskeys`. */
export interface ListPasskeysInput {
  /** Maximum number of entries. Default: all. From 1 to 1000. */
  readonly limit?: number | null | undefined
  /** The next_cursor of the previous answer. Default: the beginning of the list. At most 1024 characters. */
  readonly cursor?: string | null | undefined
}

/** Output of `factors.listPasskeys`. */
export interface ListPasskeysOutput {
  readonly passkeys: Passkey[]
  readonly next_cursor?: string | undefined
}

export interface Passkey {
  /** UUID. */
  readonly id: string
  readonly credential_id: string
  readonly name: string
  /** RFC 3339 time. */
  readonly last_used_at?: string | undefined
  /** RFC 3339 time. */
  readonly created_at: string
}

/** Input of `factors.removePasskey`. */
export interface DeletePasskeyInput {
  /** UUID. */
  readonly passkey_id: string
  /**
   * Your password, or a token of POST /v1/auth/reauth/complete. With a second factor, only such a token. At most 1024
   * characters.
   */
  readonly auth_confirm?: string | Secret<string> | null | undefined
}

/** Output of `factors.removePasskey`. */
export interface DeletePasskeyOutput {
  /** UUID. */
  readonly passkey_id: string
}

/** Input of `factors.beginPasskeySignIn`. */
export interface PasskeyAssertBeginInput {
  /**
   * Not read: the browser knows its passkeys, and the answer is the same for every address. At most 320 characters.
   */
  readonly email?: string | null | undefined
}

/** Output of `factors.beginPasskeySignIn`. */
export interface PasskeyAssertBeginOutput {
  readonly challenge: string
  readonly rp_id: string
  readonly timeout: number
  readonly user_verification: string
  readonly allow_credentials: PasskeyAssertBeginAllowCredentials[]
}

export interface PasskeyAssertBeginAllowCredentials {
  readonly id: string
  readonly type: 'public-key'
  readonly transports: string[]
}

/** Input of `factors.completePasskeySignIn`. */
export interface PasskeyAssertCompleteInput {
  /** ID of the passkey, in base64url. At most 16384 characters. */
  readonly credential_id: string
  /** What the authenticator signed, in base64url. At most 16384 characters. */
  readonly authenticator_data: string
  /** What the browser adds to it, in base64url. At most 16384 characters. */
  readonly client_data_json: string
  /** Signature of both, in base64url. At most 16384 characters. */
  readonly signature: string
}

/** Output of `factors.completePasskeySignIn`. */
export interface PasskeyAssertCompleteOutput {
  readonly token: Secret<string>
  /** The same as token, for clients that read this name. */
  readonly access_token: Secret<string>
  readonly token_type: 'Bearer'
  readonly expires_in: number
  /** Not issued. Refresh a token by sending it as the bearer token. */
  readonly refresh_token?: string | undefined
  readonly user: PasskeyAssertCompleteUser
}

export interface PasskeyAssertCompleteUser {
  /** UUID. */
  readonly id: string
  readonly email: string
  readonly display_name: string
  /** UUID. */
  readonly org_id: string
}

/** Input of `factors.beginTransactionPasskey`. */
export interface PasskeyTxAssertBeginInput {
  /** SHA-256 of chain|to|value_wei|data, in hex. At most 64 characters. */
  readonly tx_digest?: string | null | undefined
  /** The same for a swap: SHA-256 of chain|sell_token|buy_token|sell_amount. At most 64 characters. */
  readonly treasury_swap_digest?: string | null | undefined
}

/** Output of `factors.beginTransactionPasskey`. */
export interface PasskeyTxAssertBeginOutput {
  readonly challenge: string
  readonly rp_id: string
  readonly timeout: number
  readonly user_verification: string
  readonly allow_credentials: PasskeyTxAssertBeginAllowCredentials[]
}

export interface PasskeyTxAssertBeginAllowCredentials {
  readonly id: string
  readonly type: 'public-key'
  readonly transports: string[]
}

/** Input of `factors.completeTransactionPasskey`. */
export interface PasskeyTxAssertCompleteInput {
  /** ID of the passkey, in base64url. At most 16384 characters. */
  readonly credential_id: string
  /** What the authenticator signed, in base64url. At most 16384 characters. */
  readonly authenticator_data: string
  /** What the browser adds to it, in base64url. At most 16384 characters. */
  readonly client_data_json: string
  /** Signature of both, in base64url. At most 16384 characters. */
  readonly signature: string
}

/** Output of `factors.completeTransactionPasskey`. */
export interface PasskeyTxAssertCompleteOutput {
  readonly passkey_token: Secret<string>
  readonly expires_in: number
}

/** Output of `factors.beginVaultPasskey`. */
export interface PasskeyVaultAssertBeginOutput {
  readonly challenge: string
  readonly rp_id: string
  readonly timeout: number
  readonly user_verification: string
  readonly allow_credentials: PasskeyVaultAssertBeginAllowCredentials[]
}

export interface PasskeyVaultAssertBeginAllowCredentials {
  readonly id: string
  readonly type: 'public-key'
  readonly transports: string[]
}

/** Input of `factors.completeVaultPasskey`. */
export interface PasskeyVaultAssertCompleteInput {
  /** ID of the passkey, in base64url. At most 16384 characters. */
  readonly credential_id: string
  /** What the authenticator signed, in base64url. At most 16384 characters. */
  readonly authenticator_data: string
  /** What the browser adds to it, in base64url. At most 16384 characters. */
  readonly client_data_json: string
  /** Signature of both, in base64url. At most 16384 characters. */
  readonly signature: string
}

/** Output of `factors.completeVaultPasskey`. */
export interface PasskeyVaultAssertCompleteOutput {
  readonly passkey_token: Secret<string>
  readonly expires_in: number
}

export interface SecuritySettings {
  readonly require_passkey_for_vaults: boolean
  readonly require_passkey_for_mfa: boolean
  readonly passkey_count: number
}

/** Input of `factors.updateSecuritySettings`. */
export interface UpdateSecuritySettingsInput {
  /** Whether a passkey is needed before values are shown to your sessions. Agents and API keys need none. */
  readonly require_passkey_for_vaults?: boolean | null | undefined
  /** Whether a passkey must follow when you sign in with a password, a code by mail or another account. */
  readonly require_passkey_for_mfa?: boolean | null | undefined
  /**
   * Your password, or a token of POST /v1/auth/reauth/complete. With a second factor, only such a token. At most 1024
   * characters.
   */
  readonly auth_confirm?: string | Secret<string> | null | undefined
}
