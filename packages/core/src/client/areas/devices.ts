// Written by tools/gen-client-types.ts.

import type { Secret } from '../../kernel/secret.ts'
import type { CallOptions } from '../types.ts'

/** Phones whose keys confirm single actions of their user. */
export interface DevicesClient {
  /**
   * Register a phone. Its key confirms single actions of yours.
   *
   * @throws `devices_full`: You have as many devices as a user can have. Remove one first.
   *
   * @example
   * await client.devices.register({
   *   name: 'phone',
   *   platform: 'ios',
   *   public_key_pem: '-----BEGIN PUBLIC KEY-----
   * MCowBQYDK2VwAyEARCmTBlAEqh5MSPTdAVgZTAI0m8xmTNluQA6iaZGKjVE=
   * -----END PUBLIC KEY-----
   * ',
   * })
   */
  register(input: RegisterDeviceInput, options?: CallOptions): Promise<RegisterDeviceOutput>

  /** List your registered devices. */
  readonly list: {
    (input?: ListDevicesInput, options?: CallOptions): Promise<ListDevicesOutput>
    /** Everything there is, page after page; `limit` is how much of it comes at once. */
    each(
      input?: Omit<ListDevicesInput, 'offset' | 'cursor'>,
      options?: CallOptions,
    ): AsyncGenerator<Device, void, undefined>
  }

  /**
   * Remove one of your devices, with its key and its push token.
   *
   * @throws `device_not_found`: You have no device with this ID.
   *
   * @example
   * await client.devices.revoke({ device_id })
   */
  revoke(input: RevokeDeviceInput, options?: CallOptions): Promise<void>

  /**
   * Get a challenge for one action, which one of your devices signs.
   *
   * @throws `device_not_found`: You have no device with this ID.
   *
   * @example
   * await client.devices.challenge({ device_id, action: 'approve_transaction', target_id })
   */
  challenge(input: CreateDeviceChallengeInput, options?: CallOptions): Promise<CreateDeviceChallengeOutput>

  /**
   * Confirm one action with what a device signed. The answer is a token for this action.
   *
   * @throws `device_not_found`: You have no device with this ID.
   *
   * @example
   * const { step_up_token } = await client.devices.attest({
   *   device_id,
   *   challenge_nonce: '8Acm6k1KnZI-g8SAsJONKug1e8pPljm-uclVxnVbsY17InVzZSI6ImRldmljZS5jaGFsbGVuZ2UiLCJ1c2VyIjoiYTIyZDUzZDEtNmRjNi00MmMwLWFkNTYtZDc4ZDNlZjYzMGI3Iiwib3JnIjoiMTI5ODZkN2UtZjM0OS00ODRhLTgzNGEtZTkyOTcyMjdjOTI3IiwiZXhwaXJlc0F0IjoxNzY3MjI1OTAwMDAwLCJkYXRhIjp7ImRldmljZSI6IjY4MWM1NDkwLThjODUtNGQwMS04YzM1LWFlMThiOWI0YWMxNiIsImFjdGlvbiI6ImFwcHJvdmVfdHJhbnNhY3Rpb24iLCJ0YXJnZXRJZCI6IjY4MWM1NDkwLThjODUtNGQwMS04YzM1LWFlMThiOWI0YWMxNiJ9LCJub25jZSI6InRWODJQNlEwYnEyOWs5UmFHWVFZQ1EifQ',
   *   signature: 'M4il5FAsTZf+X6FW/cEPi73pqJB39WNi1kyK5iMkdWDyl3w/g6/WsTZpQRO9YLcIGUfh4LdwoH/QLurHaaXXCw==',
   * })
   * step_up_token.reveal()
   */
  attest(input: AttestDeviceChallengeInput, options?: CallOptions): Promise<AttestDeviceChallengeOutput>

  /**
   * Store where a push service reaches one of your devices. The token is never shown.
   *
   * @throws `device_not_found`: You have no device with this ID.
   *
   * @example
   * await client.devices.setPushToken({ device_id, token, platform: 'apns' })
   */
  setPushToken(input: RegisterPushTokenInput, options?: CallOptions): Promise<void>
}

/** Input of `devices.register`. */
export interface RegisterDeviceInput {
  /** Name of the device. At most 255 characters. */
  readonly name: string
  readonly platform: 'ios' | 'android'
  /** Public key of the device in PEM: P-256 or Ed25519. At most 1024 characters. */
  readonly public_key_pem: string
  /** Not read. The vault does not call the maker of the device. At most 32768 characters. */
  readonly attestation_blob?: string | null | undefined
  /**
   * Your password, or a token of POST /v1/auth/reauth/complete. With a second factor, only such a token. At most 1024
   * characters.
   */
  readonly auth_confirm?: string | Secret<string> | null | undefined
}

/** Output of `devices.register`. */
export interface RegisterDeviceOutput {
  /** UUID. */
  readonly device_id: string
  readonly attestation_verified: boolean
}

/** Input of `devices.list`. */
export interface ListDevicesInput {
  /** Maximum number of entries. Default: all. From 1 to 1000. */
  readonly limit?: number | null | undefined
  /** The next_cursor of the previous answer. Default: the beginning of the list. At most 1024 characters. */
  readonly cursor?: string | null | undefined
}

/** Output of `devices.list`. */
export interface ListDevicesOutput {
  readonly devices: Device[]
  readonly next_cursor?: string | undefined
}

export interface Device {
  /** UUID. */
  readonly id: string
  readonly name: string
  readonly platform: string
  readonly attestation_verified: boolean
  /** RFC 3339 time. */
  readonly last_used_at: string | null
  /** RFC 3339 time. */
  readonly created_at: string
}

/** Input of `devices.revoke`. */
export interface RevokeDeviceInput {
  /** UUID. */
  readonly device_id: string
}

/** Input of `devices.challenge`. */
export interface CreateDeviceChallengeInput {
  /** UUID. */
  readonly device_id: string
  /** Action that the challenge is for, such as approve_transaction. At most 64 characters. */
  readonly action: string
  /** ID of what the action concerns. At most 255 characters. */
  readonly target_id: string
}

/** Output of `devices.challenge`. */
export interface CreateDeviceChallengeOutput {
  readonly challenge_nonce: string
  /** RFC 3339 time. */
  readonly expires_at: string
  /** SHA-256 of the JSON array of action, target and nonce, in hex. */
  readonly action_bound_hash: string
}

/** Input of `devices.attest`. */
export interface AttestDeviceChallengeInput {
  /** UUID. */
  readonly device_id: string
  /** The challenge, as it was given. At most 4096 characters. */
  readonly challenge_nonce: string
  /** Signature of the text of the challenge, in base64. Of P-256: with SHA-256, in DER. At most 512 characters. */
  readonly signature: string
}

/** Output of `devices.attest`. */
export interface AttestDeviceChallengeOutput {
  readonly step_up_token: Secret<string>
  /** RFC 3339 time. */
  readonly expires_at: string
}

/** Input of `devices.setPushToken`. */
export interface RegisterPushTokenInput {
  /** UUID. */
  readonly device_id: string
  /** At most 4096 characters. */
  readonly token: string | Secret<string>
  readonly platform: 'apns' | 'fcm'
}
