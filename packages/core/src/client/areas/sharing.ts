// Written by tools/gen-client-types.ts.

import type { Json } from '../../kernel/json.ts'
import type { Secret } from '../../kernel/secret.ts'
import type { CallOptions } from '../types.ts'

/** Access to one secret without a policy. */
export interface SharingClient {
  /**
   * Share a secret with a user, an agent, an e-mail address, the creator of an agent, or anyone with the link.
   *
   * @throws `secret_not_found`: No secret exists at this path.
   * @throws `vault_not_found`: The vault does not exist, or you cannot access it.
   * @throws `secret_gone`: The secret can no longer be read, because it is deleted, expired, used up or disabled.
   * @throws `key_material_denied`: The caller may not read private keys. Agents use them through intents. An owner
   * exports a signing key with `pawl key export`.
   * @throws `recipient_not_found`: The organisation has no active recipient with this ID.
   * @throws `resource_limit_exceeded`: A limit of the tier or of the agent leaves no room for this. The message names
   * the limit.
   * @throws `passkey_needed`: You asked for a passkey before values are shown. Send X-Passkey-Token of POST
   * /v1/auth/passkeys/vault-assert/complete.
   * @throws `rate_limited`: Too many, too fast. `retryAfterSeconds` says when to try again.
   *
   * @example
   * await client.sharing.create({
   *   secret_id,
   *   recipient_type: 'anyone_with_link',
   *   expires_at: '2026-01-02T00:00:00Z',
   * })
   */
  create(input: CreateShareInput, options?: CallOptions): Promise<ShareResponse>

  /**
   * Share a secret, given by vault and path. Default: anyone with the link can read it.
   *
   * @throws `secret_not_found`: No secret exists at this path.
   * @throws `vault_not_found`: The vault does not exist, or you cannot access it.
   * @throws `secret_gone`: The secret can no longer be read, because it is deleted, expired, used up or disabled.
   * @throws `key_material_denied`: The caller may not read private keys. Agents use them through intents. An owner
   * exports a signing key with `pawl key export`.
   * @throws `recipient_not_found`: The organisation has no active recipient with this ID.
   * @throws `resource_limit_exceeded`: A limit of the tier or of the agent leaves no room for this. The message names
   * the limit.
   * @throws `passkey_needed`: You asked for a passkey before values are shown. Send X-Passkey-Token of POST
   * /v1/auth/passkeys/vault-assert/complete.
   * @throws `rate_limited`: Too many, too fast. `retryAfterSeconds` says when to try again.
   *
   * @example
   * await client.sharing.createByPath({
   *   vault_id,
   *   secret_path: 'db/password',
   *   max_access_count: 1,
   *   passphrase,
   * })
   */
  createByPath(input: CreateShareByPathInput, options?: CallOptions): Promise<ShareResponse>

  /**
   * Read a shared secret. A link share needs only its ID. For other shares, the recipient must sign in.
   *
   * @throws `share_not_found`: The share does not exist, or you cannot access it.
   * @throws `share_gone`: The share can no longer be read, because it is expired, used up or locked, or its creator
   * was removed or lost access.
   * @throws `secret_gone`: The secret can no longer be read, because it is deleted, expired, used up or disabled.
   * @throws `key_material_denied`: The caller may not read private keys. Agents use them through intents. An owner
   * exports a signing key with `pawl key export`.
   * @throws `not_authenticated`: No credential, or one that proves nothing: unknown, expired, revoked. The text does
   * not say which.
   * @throws `denied`: Known, but not allowed.
   * @throws `share_not_accepted`: Accept the share first.
   * @throws `passphrase_missing`: This share requires a passphrase. Set `passphrase`.
   * @throws `passphrase_wrong`: The passphrase is wrong. After 10 wrong passphrases, the share is locked.
   * @throws `client_share_missing`: The key of this value is split. Send the client share that you got when the value
   * was stored (header X-Client-Share).
   * @throws `client_share_wrong`: The client share does not open this version of the secret.
   * @throws `passkey_needed`: You asked for a passkey before values are shown. Send X-Passkey-Token of POST
   * /v1/auth/passkeys/vault-assert/complete.
   *
   * @example
   * const { value } = await client.sharing.access({ share_id })
   * value.reveal()
   */
  access(input: AccessShareInput, options?: CallOptions): Promise<SharedSecretResponse>

  /**
   * Revoke a share. After that, the share cannot be read.
   *
   * @throws `share_not_found`: The share does not exist, or you cannot access it.
   * @throws `denied`: Known, but not allowed.
   *
   * @example
   * await client.sharing.revoke({ share_id })
   */
  revoke(input: RevokeShareInput, options?: CallOptions): Promise<void>

  /** List the shares that the caller created. */
  readonly outbound: {
    (input?: ListOutboundSharesInput, options?: CallOptions): Promise<ShareListResponse>
    /** Everything there is, page after page; `limit` is how much of it comes at once. */
    each(
      input?: Omit<ListOutboundSharesInput, 'offset' | 'cursor'>,
      options?: CallOptions,
    ): AsyncGenerator<Json, void, undefined>
  }

  /**
   * List the shares of all secrets of a vault, for callers who manage the vault.
   *
   * @throws `vault_not_found`: The vault does not exist, or you cannot access it.
   *
   * @example
   * await client.sharing.ofVault({ vault_id })
   */
  readonly ofVault: {
    (input: ListVaultSharesInput, options?: CallOptions): Promise<ListVaultSharesOutput>
    /** Everything there is, page after page; `limit` is how much of it comes at once. */
    each(
      input: Omit<ListVaultSharesInput, 'offset' | 'cursor'>,
      options?: CallOptions,
    ): AsyncGenerator<VaultShareListItem, void, undefined>
  }

  /** List the shares for the caller, by ID or by verified e-mail address. */
  readonly inbound: {
    (input?: ListInboundSharesInput, options?: CallOptions): Promise<ShareListResponse>
    /** Everything there is, page after page; `limit` is how much of it comes at once. */
    each(
      input?: Omit<ListInboundSharesInput, 'offset' | 'cursor'>,
      options?: CallOptions,
    ): AsyncGenerator<Json, void, undefined>
  }

  /**
   * Get a share without reading its secret. Only its creator, its recipient and admins may do this.
   *
   * @throws `share_not_found`: The share does not exist, or you cannot access it.
   *
   * @example
   * await client.sharing.get({ share_id })
   */
  get(input: GetShareInput, options?: CallOptions): Promise<ShareListItem>

  /**
   * Accept a share. Only the recipient who accepted it can read it.
   *
   * @throws `share_not_found`: The share does not exist, or you cannot access it.
   * @throws `share_gone`: The share can no longer be read, because it is expired, used up or locked, or its creator
   * was removed or lost access.
   * @throws `denied`: Known, but not allowed.
   *
   * @example
   * await client.sharing.accept({ share_id })
   */
  accept(input: AcceptShareInput, options?: CallOptions): Promise<void>

  /**
   * Decline a share, even after accepting it. This deletes the share for both sides.
   *
   * @throws `share_not_found`: The share does not exist, or you cannot access it.
   * @throws `denied`: Known, but not allowed.
   *
   * @example
   * await client.sharing.decline({ share_id })
   */
  decline(input: DeclineShareInput, options?: CallOptions): Promise<void>
}

/** Input of `sharing.create`. */
export interface CreateShareInput {
  /** UUID. */
  readonly secret_id: string
  readonly recipient_type: 'user' | 'agent' | 'external_email' | 'anyone_with_link' | 'creator'
  /** ID of the user or the agent. UUID. */
  readonly recipient_id?: string | null | undefined
  /** E-mail address of a recipient outside the organisation. E-mail address. */
  readonly email?: string | null | undefined
  /** Permissions of the share. Only read is supported. At most 1 entries. */
  readonly permissions?: readonly 'read'[] | null | undefined
  /** Maximum number of reads. 0 means no limit. */
  readonly max_access_count?: number | null | undefined
  /** When the share expires. RFC 3339 time. */
  readonly expires_at?: string | null | undefined
  /** At most 1024 characters. */
  readonly passphrase?: string | Secret<string> | null | undefined
  /** IP addresses and ranges that may read the share. Default: any address. At most 100 entries. */
  readonly ip_allowlist?: readonly string[] | null | undefined
  /**
   * Token of POST /v1/auth/passkeys/vault-assert/complete, if you ask for a passkey before values are shown. At most
   * 1024 characters.
   */
  readonly passkey_token?: string | Secret<string> | null | undefined
}

export interface ShareResponse {
  /** UUID. */
  readonly id: string
  readonly share_url: string
  readonly recipient_type: string
  readonly recipient_email?: string | undefined
  /** RFC 3339 time. */
  readonly expires_at: string
  readonly max_access_count: number
  /**
   * False if the recipient is an e-mail address and the server sends no mail. Send the URL yourself. Otherwise
   * absent.
   */
  readonly mail_sent?: boolean | undefined
}

/** Input of `sharing.createByPath`. */
export interface CreateShareByPathInput {
  /** UUID. */
  readonly vault_id: string
  /** At most 512 characters. */
  readonly secret_path: string
  /** Recipient type. Default: anyone with the link. */
  readonly recipient_type?: 'user' | 'agent' | 'external_email' | 'anyone_with_link' | 'creator' | null | undefined
  /** ID of the user or the agent. UUID. */
  readonly recipient_id?: string | null | undefined
  /** E-mail address of a recipient outside the organisation. E-mail address. */
  readonly email?: string | null | undefined
  /** Permissions of the share. Only read is supported. At most 1 entries. */
  readonly permissions?: readonly 'read'[] | null | undefined
  /** Maximum number of reads. 0 means no limit. */
  readonly max_access_count?: number | null | undefined
  /** When the share expires. RFC 3339 time. */
  readonly expires_at?: string | null | undefined
  /** At most 1024 characters. */
  readonly passphrase?: string | Secret<string> | null | undefined
  /** IP addresses and ranges that may read the share. Default: any address. At most 100 entries. */
  readonly ip_allowlist?: readonly string[] | null | undefined
  /**
   * Token of POST /v1/auth/passkeys/vault-assert/complete, if you ask for a passkey before values are shown. At most
   * 1024 characters.
   */
  readonly passkey_token?: string | Secret<string> | null | undefined
}

/** Input of `sharing.access`. */
export interface AccessShareInput {
  /** UUID. */
  readonly share_id: string
  /** At most 1024 characters. */
  readonly passphrase?: string | Secret<string> | null | undefined
  /** Client share of the version, in a vault that splits its keys. At most 100 characters. */
  readonly client_share?: string | Secret<string> | null | undefined
  /**
   * Token of POST /v1/auth/passkeys/vault-assert/complete, if you ask for a passkey before values are shown. At most
   * 1024 characters.
   */
  readonly passkey_token?: string | Secret<string> | null | undefined
}

export interface SharedSecretResponse {
  /** UUID. */
  readonly id: string
  readonly path: string
  readonly type: string
  readonly value: Secret<string>
  readonly access_count: number
  readonly max_access_count: number
}

/** Input of `sharing.revoke`. */
export interface RevokeShareInput {
  /** UUID. */
  readonly share_id: string
}

/** Input of `sharing.outbound`. */
export interface ListOutboundSharesInput {
  /** Maximum number of entries. Default: all. From 1 to 1000. */
  readonly limit?: number | null | undefined
  /** The next_cursor of the previous answer. Default: the beginning of the list. At most 1024 characters. */
  readonly cursor?: string | null | undefined
}

export interface ShareListResponse {
  readonly shares: ShareListItem[]
  readonly next_cursor?: string | undefined
}

export interface ShareListItem {
  /** UUID. */
  readonly id: string
  readonly secret_path: string
  readonly recipient_type: string
  readonly recipient_email?: string | undefined
  readonly access_count: number
  readonly max_access_count: number
  /** RFC 3339 time. */
  readonly expires_at: string
  /** RFC 3339 time. */
  readonly created_at: string
  readonly is_expired: boolean
  readonly is_accepted: boolean
}

/** Input of `sharing.ofVault`. */
export interface ListVaultSharesInput {
  /** UUID. */
  readonly vault_id: string
  /** Maximum number of entries. Default: all. From 1 to 1000. */
  readonly limit?: number | null | undefined
  /** The next_cursor of the previous answer. Default: the beginning of the list. At most 1024 characters. */
  readonly cursor?: string | null | undefined
}

/** Output of `sharing.ofVault`. */
export interface ListVaultSharesOutput {
  readonly shares: VaultShareListItem[]
  readonly next_cursor?: string | undefined
}

export interface VaultShareListItem {
  /** UUID. */
  readonly id: string
  readonly secret_path: string
  readonly recipient_type: string
  readonly recipient_email?: string | undefined
  readonly access_count: number
  readonly max_access_count: number
  /** RFC 3339 time. */
  readonly expires_at: string
  /** RFC 3339 time. */
  readonly created_at: string
  readonly is_expired: boolean
  readonly is_accepted: boolean
  /** UUID. */
  readonly created_by: string
  readonly created_by_type: 'user' | 'agent'
}

/** Input of `sharing.inbound`. */
export interface ListInboundSharesInput {
  /** Maximum number of entries. Default: all. From 1 to 1000. */
  readonly limit?: number | null | undefined
  /** The next_cursor of the previous answer. Default: the beginning of the list. At most 1024 characters. */
  readonly cursor?: string | null | undefined
}

/** Input of `sharing.get`. */
export interface GetShareInput {
  /** UUID. */
  readonly share_id: string
}

/** Input of `sharing.accept`. */
export interface AcceptShareInput {
  /** UUID. */
  readonly share_id: string
}

/** Input of `sharing.decline`. */
export interface DeclineShareInput {
  /** UUID. */
  readonly share_id: string
}
