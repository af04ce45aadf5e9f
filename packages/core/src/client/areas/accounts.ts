// Written by tools/gen-client-types.ts.

import type { Secret } from '../../kernel/secret.ts'
import type { CallOptions } from '../types.ts'
import type { Token } from './auth.ts'

/** Sign-up, sign-in codes, lost passwords and changed addresses. */
export interface AccountsClient {
  /**
   * Request an account. A link goes to the address by mail. The link creates the account.
   *
   * @throws `sign_up_closed`
   * @throws `mail_not_configured`
   * @throws `rate_limited`: Too many, too fast. `retryAfterSeconds` says when to try again.
   *
   * @example
   * await client.accounts.signUp({ email: 'ada@example.com', password })
   */
  signUp(input: SignupInput, options?: CallOptions): Promise<SignupOutput>

  /**
   * Create the account of a sign-up with the token of its link, and sign in.
   *
   * @throws `link_invalid`: The link does not exist, has expired or was used. Ask for a new one.
   * @throws `email_taken`: Another user already has this e-mail address.
   * @throws `sign_up_closed`
   * @throws `rate_limited`: Too many, too fast. `retryAfterSeconds` says when to try again.
   *
   * @example
   * const { access_token } = await client.accounts.verifyEmail({ token })
   * access_token.reveal()
   */
  verifyEmail(input: VerifyEmailInput, options?: CallOptions): Promise<Token>

  /**
   * Request a code by mail that signs you in.
   *
   * @throws `mail_not_configured`
   * @throws `rate_limited`: Too many, too fast. `retryAfterSeconds` says when to try again.
   *
   * @example
   * await client.accounts.sendEmailCode({ email: 'ada@example.com' })
   */
  sendEmailCode(input: SendEmailOtpInput, options?: CallOptions): Promise<SendEmailOtpOutput>

  /**
   * Sign in with a code from a message. Creates an account for a new address, if sign-up is open.
   *
   * @throws `code_invalid`: The code is wrong, has expired or was used. After 5 wrong codes, ask for a new one.
   * @throws `email_taken`: Another user already has this e-mail address.
   * @throws `platform_app_not_found`: The platform app does not exist, or you do not run it.
   * @throws `link_required`
   * @throws `platform_users_exceeded`
   * @throws `wallets_full`
   * @throws `rate_limited`: Too many, too fast. `retryAfterSeconds` says when to try again.
   *
   * @example
   * const { token } = await client.accounts.verifyEmailCode({
   *   email: 'ada@example.com',
   *   code: '934973',
   * })
   * token.reveal()
   */
  verifyEmailCode(input: VerifyEmailOtpInput, options?: CallOptions): Promise<VerifyEmailOtpOutput>

  /**
   * Request a link by mail that lets you choose a new password.
   *
   * @throws `mail_not_configured`
   * @throws `rate_limited`: Too many, too fast. `retryAfterSeconds` says when to try again.
   *
   * @example
   * await client.accounts.forgotPassword({ email: 'ada@example.com' })
   */
  forgotPassword(input: ForgotPasswordInput, options?: CallOptions): Promise<ForgotPasswordOutput>

  /**
   * Choose a new password with the token of a link. Ends all your sessions and their tokens.
   *
   * @throws `link_invalid`: The link does not exist, has expired or was used. Ask for a new one.
   * @throws `rate_limited`: Too many, too fast. `retryAfterSeconds` says when to try again.
   *
   * @example
   * await client.accounts.resetPassword({ token, new_password })
   */
  resetPassword(input: ResetPasswordInput, options?: CallOptions): Promise<ResetPasswordOutput>

  /**
   * Choose a password, if your account has none. Your sessions stay valid.
   *
   * @throws `not_authenticated`: No credential, or one that proves nothing: unknown, expired, revoked. The text does
   * not say which.
   * @throws `password_exists`: You have a password. Change it with POST /v1/auth/change-password.
   *
   * @example
   * await client.accounts.setPassword({ password, password_confirm })
   */
  setPassword(input: SetPasswordInput, options?: CallOptions): Promise<SetPasswordOutput>

  /**
   * Change your e-mail address. A code goes to the new address. The old address stays valid until the code is used.
   *
   * @throws `not_authenticated`: No credential, or one that proves nothing: unknown, expired, revoked. The text does
   * not say which.
   * @throws `email_taken`: Another user already has this e-mail address.
   * @throws `mail_not_configured`
   * @throws `rate_limited`: Too many, too fast. `retryAfterSeconds` says when to try again.
   *
   * @example
   * await client.accounts.changeEmail({ new_email: 'ada@example.org', auth_confirm })
   */
  changeEmail(input: ChangeEmailInput, options?: CallOptions): Promise<ChangeEmailOutput>

  /**
   * Confirm your new e-mail address with the code that was sent there. All your sessions end.
   *
   * @throws `not_authenticated`: No credential, or one that proves nothing: unknown, expired, revoked. The text does
   * not say which.
   * @throws `code_invalid`: The code is wrong, has expired or was used. After 5 wrong codes, ask for a new one.
   * @throws `email_taken`: Another user already has this e-mail address.
   *
   * @example
   * await client.accounts.verifyEmailChange({ code: '934973' })
   */
  verifyEmailChange(input: VerifyEmailChangeInput, options?: CallOptions): Promise<VerifyEmailChangeOutput>

  /**
   * Get a copy of your profile and your data. The copy has no values of secrets and keys.
   *
   * @throws `not_authenticated`: No credential, or one that proves nothing: unknown, expired, revoked. The text does
   * not say which.
   */
  exportData(input?: ExportUserDataInput, options?: CallOptions): Promise<UserDataExport>
}

/** Input of `accounts.signUp`. */
export interface SignupInput {
  /** E-mail address. */
  readonly email: string
  /** At most 1024 characters. */
  readonly password: string | Secret<string>
  /** Name that other members see. At most 255 characters. */
  readonly display_name?: string | null | undefined
}

/** Output of `accounts.signUp`. */
export interface SignupOutput {
  readonly message: string
  readonly email: string
}

/** Input of `accounts.verifyEmail`. */
export interface VerifyEmailInput {
  /** At most 100 characters. */
  readonly token: string | Secret<string>
}

/** Input of `accounts.sendEmailCode`. */
export interface SendEmailOtpInput {
  /** E-mail address. */
  readonly email: string
}

/** Output of `accounts.sendEmailCode`. */
export interface SendEmailOtpOutput {
  /** The same for known and unknown addresses. */
  readonly status: 'sent'
}

/** Input of `accounts.verifyEmailCode`. */
export interface VerifyEmailOtpInput {
  /** E-mail address. */
  readonly email: string
  /** The six digits of the message. At most 20 characters. */
  readonly code: string
  /**
   * Platform app to connect to, after the second step if there is one. A user of another organisation must agree
   * first: the error says where. A refusal uses up the code. UUID.
   */
  readonly platform_app_id?: string | null | undefined
  /**
   * Chains for which the sign-in creates missing wallets, such as ethereum and base. Default: none. A sign-in that
   * needs a second factor creates no wallets. At most 24 entries.
   */
  readonly auto_provision_chains?: readonly string[] | null | undefined
}

/** Output of `accounts.verifyEmailCode`. */
export interface VerifyEmailOtpOutput {
  readonly token: Secret<string>
  /** The same as token, for clients that read this name. */
  readonly access_token: Secret<string>
  readonly token_type: 'Bearer'
  readonly expires_in: number
  /** UUID. */
  readonly user_id: string
  /** UUID. */
  readonly org_id: string
  readonly is_new_user: boolean
  /** The same as is_new_user. */
  readonly is_new: boolean
  readonly email: string
  /** Address of your wallet on EVM chains, if you have one. */
  readonly wallet_address: string | null
  /** Whether a second step must follow. */
  readonly mfa_required?: boolean | undefined
  readonly mfa_token?: Secret<string> | undefined
  /** The second step: POST /v1/auth/mfa/verify, or POST /v1/auth/mfa/passkey/begin and complete. */
  readonly mfa_method?: 'totp' | 'passkey' | undefined
}

/** Input of `accounts.forgotPassword`. */
export interface ForgotPasswordInput {
  /** E-mail address. */
  readonly email: string
}

/** Output of `accounts.forgotPassword`. */
export interface ForgotPasswordOutput {
  readonly message: string
  /** The same for known and unknown addresses. */
  readonly status: 'email_sent'
}

/** Input of `accounts.resetPassword`. */
export interface ResetPasswordInput {
  /** At most 100 characters. */
  readonly token: string | Secret<string>
  /** At most 1024 characters. */
  readonly new_password: string | Secret<string>
}

/** Output of `accounts.resetPassword`. */
export interface ResetPasswordOutput {
  readonly message: string
}

/** Input of `accounts.setPassword`. */
export interface SetPasswordInput {
  /** At most 1024 characters. */
  readonly password: string | Secret<string>
  /** At most 1024 characters. */
  readonly password_confirm: string | Secret<string>
  /**
   * Your password, or a token of POST /v1/auth/reauth/complete. With a second factor, only such a token. At most 1024
   * characters.
   */
  readonly auth_confirm?: string | Secret<string> | null | undefined
}

/** Output of `accounts.setPassword`. */
export interface SetPasswordOutput {
  readonly message: string
}

/** Input of `accounts.changeEmail`. */
export interface ChangeEmailInput {
  /** E-mail address. */
  readonly new_email: string
  /**
   * Your password, or a token of POST /v1/auth/reauth/complete. With a second factor, only such a token. At most 1024
   * characters.
   */
  readonly auth_confirm?: string | Secret<string> | null | undefined
}

/** Output of `accounts.changeEmail`. */
export interface ChangeEmailOutput {
  readonly message: string
  readonly new_email: string
  readonly expires_in_seconds: number
}

/** Input of `accounts.verifyEmailChange`. */
export interface VerifyEmailChangeInput {
  /** At most 20 characters. */
  readonly code: string
}

/** Output of `accounts.verifyEmailChange`. */
export interface VerifyEmailChangeOutput {
  readonly message: string
  readonly email: string
}

/** Input of `accounts.exportData`. */
export interface ExportUserDataInput {
  /**
   * Your password, or a token of POST /v1/auth/reauth/complete. With a second factor, only such a token. At most 1024
   * characters.
   */
  readonly auth_confirm?: string | Secret<string> | null | undefined
}

export interface UserDataExport {
  readonly export_version: '1.0'
  /** RFC 3339 time. */
  readonly exported_at: string
  readonly user: UserDataExportUser
  readonly vaults: UserDataExportVaults[]
  readonly agents: UserDataExportAgents[]
  readonly secrets_metadata: UserDataExportSecretsMetadata[]
  readonly policies: UserDataExportPolicies[]
  readonly wallets: UserDataExportWallets[]
  readonly api_keys: UserDataExportApiKeys[]
  readonly passkeys: UserDataExportPasskeys[]
  readonly devices: UserDataExportDevices[]
  readonly identities: UserDataExportIdentities[]
  readonly connected_apps: UserDataExportConnectedApps[]
  readonly shares_sent: UserDataExportSharesSent[]
  readonly shares_received: UserDataExportSharesReceived[]
  readonly recovery_requests: UserDataExportRecoveryRequests[]
  readonly treasuries: UserDataExportTreasuries[]
  readonly internal_accounts: UserDataExportInternalAccounts[]
  readonly deposit_destinations: UserDataExportDepositDestinations[]
}

export interface UserDataExportUser {
  /** UUID. */
  readonly id: string
  /** UUID. */
  readonly org_id: string
  readonly email: string
  readonly email_verified: boolean
  readonly display_name: string
  readonly role: string
  readonly auth_method: string
  readonly marketing_emails: boolean
  readonly totp_enabled: boolean
  /** RFC 3339 time. */
  readonly created_at: string
}

export interface UserDataExportVaults {
  /** UUID. */
  readonly id: string
  readonly name: string
  /** RFC 3339 time. */
  readonly created_at: string
}

export interface UserDataExportAgents {
  /** UUID. */
  readonly id: string
  readonly name: string
  /** RFC 3339 time. */
  readonly created_at: string
}

export interface UserDataExportSecretsMetadata {
  /** UUID. */
  readonly vault_id: string
  readonly path: string
  readonly type: string
  readonly version: number
  /** RFC 3339 time. */
  readonly created_at: string
}

export interface UserDataExportPolicies {
  /** UUID. */
  readonly id: string
  /** UUID. */
  readonly vault_id: string
  readonly principal_type: string
  readonly principal_id: string
  readonly secret_path_pattern: string
  readonly permissions: string[]
  /** RFC 3339 time. */
  readonly created_at: string
}

export interface UserDataExportWallets {
  /** UUID. */
  readonly id: string
  readonly chain: string
  readonly address: string
  readonly is_active: boolean
  /** RFC 3339 time. */
  readonly created_at: string
}

export interface UserDataExportApiKeys {
  /** UUID. */
  readonly id: string
  readonly name: string
  readonly key_prefix: string
  readonly scopes: string[]
  readonly is_active: boolean
  /** RFC 3339 time. */
  readonly expires_at: string | null
  /** RFC 3339 time. */
  readonly created_at: string
  /** RFC 3339 time. */
  readonly last_used_at: string | null
}

export interface UserDataExportPasskeys {
  /** UUID. */
  readonly id: string
  readonly name: string
  /** RFC 3339 time. */
  readonly created_at: string
  /** RFC 3339 time. */
  readonly last_used_at: string | null
}

export interface UserDataExportDevices {
  /** UUID. */
  readonly id: string
  readonly name: string
  readonly platform: string
  /** RFC 3339 time. */
  readonly created_at: string
  /** RFC 3339 time. */
  readonly last_used_at: string | null
}

export interface UserDataExportIdentities {
  readonly provider: string
  readonly subject: string
  readonly email: string
  /** RFC 3339 time. */
  readonly created_at: string
}

export interface UserDataExportConnectedApps {
  /** UUID. */
  readonly app_id: string
  readonly scopes: string[]
  /** RFC 3339 time. */
  readonly created_at: string
}

export interface UserDataExportSharesSent {
  readonly recipient_type: string
  readonly recipient_email?: string | undefined
  readonly max_access_count: number
  /** RFC 3339 time. */
  readonly expires_at: string
  /** RFC 3339 time. */
  readonly created_at: string
  /** UUID. */
  readonly vault_id: string
  /** UUID. */
  readonly secret_id: string
  readonly access_count: number
}

export interface UserDataExportSharesReceived {
  readonly recipient_type: string
  readonly recipient_email?: string | undefined
  readonly max_access_count: number
  /** RFC 3339 time. */
  readonly expires_at: string
  /** RFC 3339 time. */
  readonly created_at: string
}

export interface UserDataExportRecoveryRequests {
  /** UUID. */
  readonly id: string
  readonly recovery_type: string
  readonly reason: string
  /** RFC 3339 time. */
  readonly created_at: string
}

export interface UserDataExportTreasuries {
  /** UUID. */
  readonly id: string
  readonly name: string
  /** RFC 3339 time. */
  readonly created_at: string
}

export interface UserDataExportInternalAccounts {
  /** UUID. */
  readonly id: string
  readonly name: string
  /** RFC 3339 time. */
  readonly created_at: string
}

export interface UserDataExportDepositDestinations {
  /** UUID. */
  readonly id: string
  readonly chain: string
  readonly address: string
  /** RFC 3339 time. */
  readonly created_at: string
}
