// Written by tools/gen-client-types.ts.

import type { Secret } from '../../kernel/secret.ts'
import type { CallOptions } from '../types.ts'

/** Sign-in of a command line or another device, which a user allows in the browser. */
export interface LoginsClient {
  /**
   * Request that a user lets this device sign in. Show the user the code and the address, then poll for the token.
   *
   * @throws `rate_limited`: Too many, too fast. `retryAfterSeconds` says when to try again.
   *
   * @example
   * const { device_code } = await client.logins.request({
   *   client_id: 'cli',
   *   email: 'owner@example.com',
   * })
   * device_code.reveal()
   */
  request(input: DeviceCodeInput, options?: CallOptions): Promise<DeviceCode>

  /**
   * Get the token of a device, once its user has allowed it. The answer is 200 in any case: a token or an error.
   *
   * @example
   * const { access_token } = await client.logins.poll({
   *   device_code,
   *   grant_type: 'urn:ietf:params:oauth:grant-type:device_code',
   * })
   * access_token?.reveal()
   */
  poll(input: DeviceTokenInput, options?: CallOptions): Promise<DeviceToken>

  /**
   * Get whether a device was allowed to sign in. A user who can allow it also sees who asks, and from where.
   *
   * @throws `device_code_not_found`: The code does not exist, has expired, was used, or is for another account.
   * @throws `rate_limited`: Too many, too fast. `retryAfterSeconds` says when to try again.
   *
   * @example
   * await client.logins.status({ user_code: 'GLGG-BRHC' })
   */
  status(input: DeviceCodeStatusInput, options?: CallOptions): Promise<DeviceCodeStatus>

  /**
   * Let the device with this code sign in as you. Do this only if you started the sign-in yourself.
   *
   * @throws `not_authenticated`: No credential, or one that proves nothing: unknown, expired, revoked. The text does
   * not say which.
   * @throws `device_code_not_found`: The code does not exist, has expired, was used, or is for another account.
   * @throws `denied`: Known, but not allowed.
   * @throws `passkey_needed`: You asked for a passkey before values are shown. Send X-Passkey-Token of POST
   * /v1/auth/passkeys/vault-assert/complete.
   * @throws `rate_limited`: Too many, too fast. `retryAfterSeconds` says when to try again.
   *
   * @example
   * await client.logins.allow({ user_code: 'GLGG-BRHC' })
   */
  allow(input: DeviceApproveInput, options?: CallOptions): Promise<DeviceApproveOutput>

  /**
   * Refuse the sign-in of the device with this code.
   *
   * @throws `not_authenticated`: No credential, or one that proves nothing: unknown, expired, revoked. The text does
   * not say which.
   * @throws `device_code_not_found`: The code does not exist, has expired, was used, or is for another account.
   * @throws `rate_limited`: Too many, too fast. `retryAfterSeconds` says when to try again.
   *
   * @example
   * await client.logins.deny({ user_code: 'GLGG-BRHC' })
   */
  deny(input: DeviceDenyInput, options?: CallOptions): Promise<DeviceDenyOutput>
}

/** Input of `logins.request`. */
export interface DeviceCodeInput {
  /** Name of the program, such as cli. The user sees it. At most 64 characters. */
  readonly client_id: string
  /** The only user who can allow the device. Default: every user. E-mail address. */
  readonly email?: string | null | undefined
}

export interface DeviceCode {
  readonly device_code: Secret<string>
  readonly user_code: string
  readonly verification_uri: string
  readonly verification_uri_complete: string
  readonly expires_in: number
  /** Seconds between two polls. */
  readonly interval: number
}

/** Input of `logins.poll`. */
export interface DeviceTokenInput {
  /** At most 100 characters. */
  readonly device_code: string | Secret<string>
  readonly grant_type: 'urn:ietf:params:oauth:grant-type:device_code'
}

export interface DeviceToken {
  readonly access_token?: Secret<string> | undefined
  readonly token_type?: 'Bearer' | undefined
  readonly expires_in?: number | undefined
  readonly email?: string | undefined
  /** UUID. */
  readonly user_id?: string | undefined
  /** UUID. */
  readonly org_id?: string | undefined
  readonly error?: 'authorization_pending' | 'expired_token' | 'access_denied' | undefined
}

/** Input of `logins.status`. */
export interface DeviceCodeStatusInput {
  /** The code that the device shows, such as WDJB-MJHT. At most 20 characters. */
  readonly user_code: string
}

export interface DeviceCodeStatus {
  readonly user_code: string
  readonly status: 'pending' | 'approved' | 'denied' | 'expired'
  /** RFC 3339 time. */
  readonly expires_at: string
  readonly client_id?: string | undefined
  /** IP address of the device. Empty: unknown. */
  readonly requested_from?: string | undefined
  /** RFC 3339 time. */
  readonly requested_at?: string | undefined
}

/** Input of `logins.allow`. */
export interface DeviceApproveInput {
  /** The code that the device shows, such as WDJB-MJHT. At most 20 characters. */
  readonly user_code: string
  /**
   * Token of POST /v1/auth/passkeys/vault-assert/complete, if you ask for a passkey before values are shown. At most
   * 1024 characters.
   */
  readonly passkey_token?: string | Secret<string> | null | undefined
}

/** Output of `logins.allow`. */
export type DeviceApproveOutput = Record<string, never>

/** Input of `logins.deny`. */
export interface DeviceDenyInput {
  /** The code that the device shows, such as WDJB-MJHT. At most 20 characters. */
  readonly user_code: string
}

/** Output of `logins.deny`. */
export type DeviceDenyOutput = Record<string, never>
