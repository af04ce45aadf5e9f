// Written by tools/gen-client-types.ts.

import type { Secret } from '../../kernel/secret.ts'
import type { CallOptions } from '../types.ts'
import type { Vault } from './vaults.ts'

/** Keys with which clients encrypt values before they reach the vault. */
export interface CmekClient {
  /**
   * Declare that clients encrypt the values of a vault with their own key. The server gets only its fingerprint.
   *
   * @throws `vault_not_found`: The vault does not exist, or you cannot access it.
   * @throws `system_vault`: The engine manages this vault. Its custody and its encryption cannot be changed.
   * @throws `cmek_key_differs`: The vault has another customer-managed key. Rotate the key to replace it.
   * @throws `cmek_rotation_running`: A rotation of the key of this vault is not finished. If it was interrupted, send
   * the same two keys again to continue it.
   * @throws `resource_limit_exceeded`: A limit of the tier or of the agent leaves no room for this. The message names
   * the limit.
   *
   * @example
   * await client.cmek.enable({
   *   vault_id,
   *   fingerprint: '72cd6e8422c407fb6d098690f1130b7ded7ec2f7f5e1d30bd9d521f015363793',
   * })
   */
  enable(input: EnableCmekInput, options?: CallOptions): Promise<Vault>

  /**
   * Store new values without a key of the client. Existing values still need the key.
   *
   * @throws `vault_not_found`: The vault does not exist, or you cannot access it.
   * @throws `system_vault`: The engine manages this vault. Its custody and its encryption cannot be changed.
   * @throws `cmek_not_enabled`: The vault has no customer-managed key. Enable one first.
   * @throws `cmek_rotation_running`: A rotation of the key of this vault is not finished. If it was interrupted, send
   * the same two keys again to continue it.
   *
   * @example
   * await client.cmek.disable({ vault_id })
   */
  disable(input: DisableCmekInput, options?: CallOptions): Promise<Vault>

  /**
   * Encrypt the values of a vault again under a new key of the client. The same keys continue what was interrupted.
   *
   * @throws `vault_not_found`: The vault does not exist, or you cannot access it.
   * @throws `system_vault`: The engine manages this vault. Its custody and its encryption cannot be changed.
   * @throws `cmek_not_enabled`: The vault has no customer-managed key. Enable one first.
   * @throws `cmek_rotation_running`: A rotation of the key of this vault is not finished. If it was interrupted, send
   * the same two keys again to continue it.
   *
   * @example
   * await client.cmek.rotate({
   *   vault_id,
   *   old_key,
   *   new_key,
   *   new_fingerprint: '75877bb41d393b5fb8455ce60ecd8dda001d06316496b14dfa7f895656eeca4a',
   * })
   */
  rotate(input: RotateCmekInput, options?: CallOptions): Promise<CmekRotationJob>

  /**
   * Get the progress of a rotation.
   *
   * @throws `vault_not_found`: The vault does not exist, or you cannot access it.
   * @throws `cmek_rotation_not_found`: The vault has no rotation with this ID.
   *
   * @example
   * await client.cmek.getRotation({ vault_id, job_id })
   */
  getRotation(input: GetCmekRotationJobInput, options?: CallOptions): Promise<CmekRotationJob>
}

/** Input of `cmek.enable`. */
export interface EnableCmekInput {
  /** UUID. */
  readonly vault_id: string
  /** SHA-256 of the key. */
  readonly fingerprint: string
  /** SHA-256 of the key that this key replaces. Stored values keep the key that they have. */
  readonly replaces?: string | null | undefined
}

/** Input of `cmek.disable`. */
export interface DisableCmekInput {
  /** UUID. */
  readonly vault_id: string
}

/** Input of `cmek.rotate`. */
export interface RotateCmekInput {
  /** UUID. */
  readonly vault_id: string
  /** The current key, in base64 (header X-CMEK-Old-Key). At most 100 characters. */
  readonly old_key: string | Secret<string>
  /** The new key, in base64 (header X-CMEK-New-Key). At most 100 characters. */
  readonly new_key: string | Secret<string>
  /** SHA-256 of the new key. */
  readonly new_fingerprint: string
}

export interface CmekRotationJob {
  /** UUID. */
  readonly id: string
  /** UUID. */
  readonly vault_id: string
  readonly old_fingerprint: string
  readonly new_fingerprint: string
  readonly status: 'running' | 'completed' | 'failed'
  /** Number of values, with older versions of secrets. */
  readonly total_secrets: number
  readonly processed: number
  readonly error?: string | undefined
  /** RFC 3339 time. */
  readonly started_at: string
  /** RFC 3339 time. */
  readonly completed_at?: string | undefined
  /** RFC 3339 time. */
  readonly created_at: string
}

/** Input of `cmek.getRotation`. */
export interface GetCmekRotationJobInput {
  /** UUID. */
  readonly vault_id: string
  /** UUID. */
  readonly job_id: string
}
