// Written by tools/gen-client-types.ts.

import type { Secret } from '../../kernel/secret.ts'
import type { CallOptions, JsonObject } from '../types.ts'

/** Values at paths of a vault, in versions. */
export interface SecretsClient {
  /**
   * Store a new version of a secret.
   *
   * @throws `vault_not_found`: The vault does not exist, or you cannot access it.
   * @throws `secret_not_found`: No secret exists at this path.
   * @throws `secret_gone`: The secret can no longer be read, because it is deleted, expired, used up or disabled.
   * @throws `secret_version_differs`: The caller read another version than the one that exists now.
   * @throws `client_key_differs`: cmek_fingerprint: The vault does not use this client key. Read the vault again, and
   * encrypt with its key.
   * @throws `resource_limit_exceeded`: A limit of the tier or of the agent leaves no room for this. The message names
   * the limit.
   *
   * @example
   * const { client_share } = await client.secrets.put({ vault_id, path: 'db/password', value })
   * client_share?.reveal()
   */
  put(input: PutSecretInput, options?: CallOptions): Promise<SecretCreated>

  /**
   * Get the value of a secret.
   *
   * @throws `vault_not_found`: The vault does not exist, or you cannot access it.
   * @throws `secret_not_found`: No secret exists at this path.
   * @throws `secret_gone`: The secret can no longer be read, because it is deleted, expired, used up or disabled.
   * @throws `key_material_denied`: The caller may not read private keys. Agents use them through intents. An owner
   * exports a signing key with `pawl key export`.
   * @throws `client_share_missing`: The key of this value is split. Send the client share that you got when the value
   * was stored (header X-Client-Share).
   * @throws `client_share_wrong`: The client share does not open this version of the secret.
   * @throws `passkey_needed`: You asked for a passkey before values are shown. Send X-Passkey-Token of POST
   * /v1/auth/passkeys/vault-assert/complete.
   *
   * @example
   * const { value } = await client.secrets.get({ vault_id, path: 'db/password' })
   * value.reveal()
   */
  get(input: GetSecretInput, options?: CallOptions): Promise<SecretWithValue>

  /**
   * Get the values of up to 100 secrets. Each is a read of its own, with its own result or error.
   *
   * @throws `vault_not_found`: The vault does not exist, or you cannot access it.
   *
   * @example
   * await client.secrets.getMany({ vault_id, paths: ['db/password'] })
   */
  getMany(input: GetManySecretsInput, options?: CallOptions): Promise<GetManySecretsOutput>

  /**
   * List the secrets of a vault that the caller may read, without their values.
   *
   * @throws `vault_not_found`: The vault does not exist, or you cannot access it.
   *
   * @example
   * await client.secrets.list({ vault_id })
   */
  readonly list: {
    (input: ListSecretsInput, options?: CallOptions): Promise<ListSecretsOutput>
    /** Everything there is, page after page; `limit` is how much of it comes at once. */
    each(
      input: Omit<ListSecretsInput, 'offset' | 'cursor'>,
      options?: CallOptions,
    ): AsyncGenerator<SecretMetadata, void, undefined>
  }

  /**
   * Delete a secret with all its versions. An admin or the owner of the vault can restore it for a while.
   *
   * @throws `vault_not_found`: The vault does not exist, or you cannot access it.
   * @throws `secret_not_found`: No secret exists at this path.
   *
   * @example
   * await client.secrets.delete({ vault_id, path: 'db/password' })
   */
  delete(input: DeleteSecretInput, options?: CallOptions): Promise<void>

  /**
   * List the versions of a secret, newest first, without their values.
   *
   * @throws `vault_not_found`: The vault does not exist, or you cannot access it.
   * @throws `secret_not_found`: No secret exists at this path.
   * @throws `secret_gone`: The secret can no longer be read, because it is deleted, expired, used up or disabled.
   *
   * @example
   * await client.secrets.listVersions({ vault_id, path: 'db/password' })
   */
  readonly listVersions: {
    (input: ListSecretVersionsInput, options?: CallOptions): Promise<ListSecretVersionsOutput>
    /** Everything there is, page after page; `limit` is how much of it comes at once. */
    each(
      input: Omit<ListSecretVersionsInput, 'offset' | 'cursor'>,
      options?: CallOptions,
    ): AsyncGenerator<SecretMetadata, void, undefined>
  }

  /**
   * Get the value of one version of a secret.
   *
   * @throws `vault_not_found`: The vault does not exist, or you cannot access it.
   * @throws `secret_not_found`: No secret exists at this path.
   * @throws `secret_version_not_found`: The secret has no version with this number.
   * @throws `secret_gone`: The secret can no longer be read, because it is deleted, expired, used up or disabled.
   * @throws `key_material_denied`: The caller may not read private keys. Agents use them through intents. An owner
   * exports a signing key with `pawl key export`.
   * @throws `client_share_missing`: The key of this value is split. Send the client share that you got when the value
   * was stored (header X-Client-Share).
   * @throws `client_share_wrong`: The client share does not open this version of the secret.
   * @throws `passkey_needed`: You asked for a passkey before values are shown. Send X-Passkey-Token of POST
   * /v1/auth/passkeys/vault-assert/complete.
   *
   * @example
   * const { value } = await client.secrets.getVersion({ vault_id, path: 'db/password', version: 1 })
   * value.reveal()
   */
  getVersion(input: GetSecretVersionInput, options?: CallOptions): Promise<SecretWithValue>

  /**
   * Permanently disable one version of a secret. Reads return the newest enabled version.
   *
   * @throws `vault_not_found`: The vault does not exist, or you cannot access it.
   * @throws `secret_not_found`: No secret exists at this path.
   * @throws `secret_version_not_found`: The secret has no version with this number.
   * @throws `secret_gone`: The secret can no longer be read, because it is deleted, expired, used up or disabled.
   *
   * @example
   * await client.secrets.disableVersion({ vault_id, path: 'db/password', version: 1 })
   */
  disableVersion(input: DisableSecretVersionInput, options?: CallOptions): Promise<void>

  /**
   * Store a new version with a random value. The answer does not show the value.
   *
   * @throws `vault_not_found`: The vault does not exist, or you cannot access it.
   * @throws `secret_not_found`: No secret exists at this path.
   * @throws `secret_gone`: The secret can no longer be read, because it is deleted, expired, used up or disabled.
   * @throws `value_is_encrypted`: Clients encrypt the values of this vault with a key that the server does not have.
   * Store an encrypted value instead.
   *
   * @example
   * const { client_share } = await client.secrets.rotate({ vault_id, path: 'db/password' })
   * client_share?.reveal()
   */
  rotate(input: RotateSecretInput, options?: CallOptions): Promise<SecretCreated>

  /**
   * Restore a deleted secret with its versions. Only the owner of the vault or an admin may do this, while the server
   * keeps the secret.
   *
   * @throws `vault_not_found`: The vault does not exist, or you cannot access it.
   * @throws `secret_not_found`: No secret exists at this path.
   * @throws `secret_not_deleted`: The secret is not deleted. Restore and purge are for deleted secrets.
   *
   * @example
   * await client.secrets.restore({ vault_id, path: 'db/password' })
   */
  restore(input: RestoreSecretInput, options?: CallOptions): Promise<SecretMetadata>

  /**
   * List the deleted secrets of a vault that can still be restored, and when the server destroys each.
   *
   * @throws `vault_not_found`: The vault does not exist, or you cannot access it.
   *
   * @example
   * await client.secrets.listDeleted({ vault_id })
   */
  readonly listDeleted: {
    (input: ListDeletedSecretsInput, options?: CallOptions): Promise<ListDeletedSecretsOutput>
    /** Everything there is, page after page; `limit` is how much of it comes at once. */
    each(
      input: Omit<ListDeletedSecretsInput, 'offset' | 'cursor'>,
      options?: CallOptions,
    ): AsyncGenerator<DeletedSecret, void, undefined>
  }

  /**
   * List the secrets that changed after a cursor and that the caller may read. Shows the latest change of each.
   *
   * @throws `vault_not_found`: The vault does not exist, or you cannot access it.
   * @throws `changes_dropped`: Changes after this cursor can be missing. List the secrets again, and go on with a new
   * cursor.
   * @throws `too_many_waiting`: Too many calls wait. Call again without waiting, or try again later.
   *
   * @example
   * await client.secrets.changes({ vault_id })
   */
  changes(input: ListSecretChangesInput, options?: CallOptions): Promise<ListSecretChangesOutput>

  /**
   * Destroy a deleted secret now. After that, nothing can restore it.
   *
   * @throws `vault_not_found`: The vault does not exist, or you cannot access it.
   * @throws `secret_not_found`: No secret exists at this path.
   * @throws `secret_not_deleted`: The secret is not deleted. Restore and purge are for deleted secrets.
   *
   * @example
   * await client.secrets.purge({ vault_id, path: 'db/password' })
   */
  purge(input: PurgeSecretInput, options?: CallOptions): Promise<void>
}

/** Input of `secrets.put`. */
export interface PutSecretInput {
  /** UUID. */
  readonly vault_id: string
  /** At most 512 characters. */
  readonly path: string
  /** At most 5242880 characters. */
  readonly value: string | Secret<string>
  /** Type of the secret, such as api_key. */
  readonly type?: string | null | undefined
  /** Allows a private_key or an ssh_key to become a secret of another type. Default: false. */
  readonly leave_key_type?: boolean | null | undefined
  /** Metadata of your choice. Lists show it. */
  readonly metadata?: JsonObject | null | undefined
  /** When the secret expires. Default: never. RFC 3339 time. */
  readonly expires_at?: string | null | undefined
  /** Maximum number of reads. 0 means no limit. */
  readonly max_access_count?: number | null | undefined
  /** Refuses to create a secret where none exists. Default: false. */
  readonly must_exist?: boolean | null | undefined
  /** Stores the value only if a read returns this version now. 0: only if no version can be read. */
  readonly expected_version?: number | null | undefined
  /** Fingerprint of the client key of the value. Stores the value only if the vault uses this key now. */
  readonly cmek_fingerprint?: string | null | undefined
  /** Metadata only. Pawl does not rotate automatically. */
  readonly rotation_policy?: JsonObject | null | undefined
}

export interface SecretCreated {
  /** UUID. */
  readonly id: string
  readonly path: string
  readonly type: string
  readonly version: number
  readonly metadata: JsonObject
  /** RFC 3339 time. */
  readonly created_at: string
  /** RFC 3339 time. */
  readonly expires_at?: string | undefined
  readonly is_disabled?: true | undefined
  readonly client_share?: Secret<string> | undefined
}

/** Input of `secrets.get`. */
export interface GetSecretInput {
  /** UUID. */
  readonly vault_id: string
  /** At most 512 characters. */
  readonly path: string
  /** Client share of the version, in a vault that splits its keys. At most 100 characters. */
  readonly client_share?: string | Secret<string> | null | undefined
  /**
   * Token of POST /v1/auth/passkeys/vault-assert/complete, if you ask for a passkey before values are shown. At most
   * 1024 characters.
   */
  readonly passkey_token?: string | Secret<string> | null | undefined
}

export interface SecretWithValue {
  /** UUID. */
  readonly id: string
  readonly path: string
  readonly type: string
  readonly version: number
  readonly metadata: JsonObject
  /** RFC 3339 time. */
  readonly created_at: string
  /** RFC 3339 time. */
  readonly expires_at?: string | undefined
  readonly value: Secret<string>
  readonly created_by: string
  readonly cmek_encrypted: boolean
  readonly cmek_fingerprint?: string | undefined
}

/** Input of `secrets.getMany`. */
export interface GetManySecretsInput {
  /** UUID. */
  readonly vault_id: string
  /** Paths of the secrets. At most 100 entries. */
  readonly paths: readonly string[]
  /**
   * Token of POST /v1/auth/passkeys/vault-assert/complete, if you ask for a passkey before values are shown. At most
   * 1024 characters.
   */
  readonly passkey_token?: string | Secret<string> | null | undefined
}

/** Output of `secrets.getMany`. */
export interface GetManySecretsOutput {
  readonly results: SecretReadResult[]
  readonly failed: number
}

export interface SecretReadResult {
  readonly path: string
  readonly secret?: SecretWithValue | undefined
  readonly error?: SecretReadError | undefined
}

export interface SecretReadError {
  readonly code: string
  readonly kind: string
  readonly detail: string
}

/** Input of `secrets.list`. */
export interface ListSecretsInput {
  /** UUID. */
  readonly vault_id: string
  /** Only paths with this prefix, such as api-keys/. At most 512 characters. */
  readonly prefix?: string | null | undefined
  /** Maximum number of entries. Default: all. From 1 to 1000. */
  readonly limit?: number | null | undefined
  /** The next_cursor of the previous answer. Default: the beginning of the list. At most 1024 characters. */
  readonly cursor?: string | null | undefined
}

/** Output of `secrets.list`. */
export interface ListSecretsOutput {
  readonly secrets: SecretMetadata[]
  readonly next_cursor?: string | undefined
}

export interface SecretMetadata {
  /** UUID. */
  readonly id: string
  readonly path: string
  readonly type: string
  readonly version: number
  readonly metadata: JsonObject
  /** RFC 3339 time. */
  readonly created_at: string
  /** RFC 3339 time. */
  readonly expires_at?: string | undefined
  readonly is_disabled?: true | undefined
}

/** Input of `secrets.delete`. */
export interface DeleteSecretInput {
  /** UUID. */
  readonly vault_id: string
  /** At most 512 characters. */
  readonly path: string
}

/** Input of `secrets.listVersions`. */
export interface ListSecretVersionsInput {
  /** UUID. */
  readonly vault_id: string
  /** At most 512 characters. */
  readonly path: string
  /** Maximum number of entries. Default: all. From 1 to 1000. */
  readonly limit?: number | null | undefined
  /** The next_cursor of the previous answer. Default: the beginning of the list. At most 1024 characters. */
  readonly cursor?: string | null | undefined
}

/** Output of `secrets.listVersions`. */
export interface ListSecretVersionsOutput {
  readonly versions: SecretMetadata[]
  readonly next_cursor?: string | undefined
}

/** Input of `secrets.getVersion`. */
export interface GetSecretVersionInput {
  /** UUID. */
  readonly vault_id: string
  /** At most 512 characters. */
  readonly path: string
  readonly version: number
  /** Client share of the version, in a vault that splits its keys. At most 100 characters. */
  readonly client_share?: string | Secret<string> | null | undefined
  /**
   * Token of POST /v1/auth/passkeys/vault-assert/complete, if you ask for a passkey before values are shown. At most
   * 1024 characters.
   */
  readonly passkey_token?: string | Secret<string> | null | undefined
}

/** Input of `secrets.disableVersion`. */
export interface DisableSecretVersionInput {
  /** UUID. */
  readonly vault_id: string
  /** At most 512 characters. */
  readonly path: string
  readonly version: number
}

/** Input of `secrets.rotate`. */
export interface RotateSecretInput {
  /** UUID. */
  readonly vault_id: string
  /** At most 512 characters. */
  readonly path: string
  /** Number of characters. Default: 32. From 8 to 1024. */
  readonly length?: number | null | undefined
  /** Character set. Default: hex. */
  readonly charset?: 'hex' | 'base64' | 'alphanumeric' | 'ascii' | null | undefined
  /** Type of the secret, such as api_key. */
  readonly type?: string | null | undefined
  /** Allows a private_key or an ssh_key to become a secret of another type. Default: false. */
  readonly leave_key_type?: boolean | null | undefined
}

/** Input of `secrets.restore`. */
export interface RestoreSecretInput {
  /** UUID. */
  readonly vault_id: string
  /** At most 512 characters. */
  readonly path: string
}

/** Input of `secrets.listDeleted`. */
export interface ListDeletedSecretsInput {
  /** UUID. */
  readonly vault_id: string
  /** Maximum number of entries. Default: all. From 1 to 1000. */
  readonly limit?: number | null | undefined
  /** The next_cursor of the previous answer. Default: the beginning of the list. At most 1024 characters. */
  readonly cursor?: string | null | undefined
}

/** Output of `secrets.listDeleted`. */
export interface ListDeletedSecretsOutput {
  readonly secrets: DeletedSecret[]
  readonly next_cursor?: string | undefined
}

export interface DeletedSecret {
  /** UUID. */
  readonly id: string
  readonly path: string
  readonly type: string
  readonly version: number
  /** RFC 3339 time. */
  readonly deleted_at: string
  /** RFC 3339 time. */
  readonly purged_at: string
}

/** Input of `secrets.changes`. */
export interface ListSecretChangesInput {
  /** UUID. */
  readonly vault_id: string
  /**
   * Cursor of an earlier answer. Without it, the answer has only a cursor: later changes come after it. At most 256
   * characters.
   */
  readonly after?: string | null | undefined
  /** Seconds to wait for a change if there is none. Default: 0. From 0 to 60. */
  readonly wait?: number | null | undefined
  /** Maximum number of changes. Default: 100. From 1 to 1000. */
  readonly limit?: number | null | undefined
}

/** Output of `secrets.changes`. */
export interface ListSecretChangesOutput {
  readonly changes: SecretChange[]
  readonly cursor: string
}

export interface SecretChange {
  /** UUID. */
  readonly id: string
  readonly path: string
  readonly change: 'written' | 'deleted' | 'restored'
  readonly version: number
}

/** Input of `secrets.purge`. */
export interface PurgeSecretInput {
  /** UUID. */
  readonly vault_id: string
  /** At most 512 characters. */
  readonly path: string
}
