// Written by tools/gen-client-types.ts.

import type { Secret } from '../../kernel/secret.ts'
import type { CallOptions, NoInput } from '../types.ts'

/** The operations of the area `sharing`. */
export interface SharingClient {
  /**
   * Share a secret: with a user, an agent, an e-mail address, whoever has the link, or an agent’s human.
   *
   * @throws `secret_not_found`: There is no secret at this path.
   * @throws `vault_not_found`: There is no such vault.
   * @throws `secret_gone`
   * @throws `key_material_denied`: This agent uses keys through intents and may not read private_key or ssh_key
   * secrets.
   * @throws `recipient_not_found`: The organisation has no such recipient, or they cannot sign in any more.
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
   * Share a secret that is named by its vault and path; by default with whoever has the link.
   *
   * @throws `secret_not_found`: There is no secret at this path.
   * @throws `vault_not_found`: There is no such vault.
   * @throws `secret_gone`
   * @throws `key_material_denied`: This agent uses keys through intents and may not read private_key or ssh_key
   * secrets.
   * @throws `recipient_not_found`: The organisation has no such recipient, or they cannot sign in any more.
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
   * Read a shared secret. A share by link asks for nothing but its id; any other for its recipient, signed in.
   *
   * @throws `share_not_found`: There is no such share.
   * @throws `share_gone`
   * @throws `secret_gone`
   * @throws `key_material_denied`: This agent uses keys through intents and may not read private_key or ssh_key
   * secrets.
   * @throws `not_authenticated`: No credential, or one that proves nothing: unknown, expired, revoked. The text does
   * not say which.
   * @throws `denied`: Known, but not allowed.
   *
   * @example
   * const { value } = await client.sharing.access({ share_id })
   * value.reveal()
   */
  access(input: AccessShareInput, options?: CallOptions): Promise<SharedSecretResponse>

  /**
   * Take a share back. Nobody can read it any more.
   *
   * @throws `share_not_found`: There is no such share.
   * @throws `denied`: Known, but not allowed.
   *
   * @example
   * await client.sharing.revoke({ share_id })
   */
  revoke(input: RevokeShareInput, options?: CallOptions): Promise<void>

  /** List the shares the caller made. */
  outbound(input?: NoInput, options?: CallOptions): Promise<ShareListResponse>

  /** List the shares that are for the caller, by name or by an e-mail address that is proven to be theirs. */
  inbound(input?: NoInput, options?: CallOptions): Promise<ShareListResponse>

  /**
   * Look at a share without reading it: for its creator, its recipient, and admins.
   *
   * @throws `share_not_found`: There is no such share.
   *
   * @example
   * await client.sharing.get({ share_id })
   */
  get(input: GetShareInput, options?: CallOptions): Promise<ShareListItem>

  /**
   * Accept a share. Only then, and only by whoever accepted it, can it be read.
   *
   * @throws `share_not_found`: There is no such share.
   * @throws `share_gone`
   * @throws `denied`: Known, but not allowed.
   *
   * @example
   * await client.sharing.accept({ share_id })
   */
  accept(input: AcceptShareInput, options?: CallOptions): Promise<void>

  /**
   * Decline a share, accepted before or not. It is gone then, for both sides.
   *
   * @throws `share_not_found`: There is no such share.
   * @throws `denied`: Known, but not allowed.
   *
   * @example
   * await client.sharing.decline({ share_id })
   */
  decline(input: DeclineShareInput, options?: CallOptions): Promise<void>
}

/** What `sharing.create` takes. */
export interface CreateShareInput {
  /** UUID. */
  readonly secret_id: string
  readonly recipient_type: 'user' | 'agent' | 'external_email' | 'anyone_with_link' | 'creator'
  /** The id of the user or the agent. UUID. */
  readonly recipient_id?: string | null | undefined
  /** Of somebody outside. E-mail address. */
  readonly email?: string | null | undefined
  /** Read, and nothing else. At most 1 entries. */
  readonly permissions?: readonly 'read'[] | null | undefined
  /** How often it may be read; 0 is without limit. */
  readonly max_access_count?: number | null | undefined
  /** When it ends. RFC 3339 time. */
  readonly expires_at?: string | null | undefined
  readonly passphrase?: string | Secret<string> | null | undefined
  /** Addresses and ranges that it may be read from. At most 100 entries. */
  readonly ip_allowlist?: readonly string[] | null | undefined
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
}

/** What `sharing.createByPath` takes. */
export interface CreateShareByPathInput {
  /** UUID. */
  readonly vault_id: string
  readonly secret_path: string
  /** Anyone with the link, unless told. */
  readonly recipient_type?: 'user' | 'agent' | 'external_email' | 'anyone_with_link' | 'creator' | null | undefined
  /** The id of the user or the agent. UUID. */
  readonly recipient_id?: string | null | undefined
  /** Of somebody outside. E-mail address. */
  readonly email?: string | null | undefined
  /** Read, and nothing else. At most 1 entries. */
  readonly permissions?: readonly 'read'[] | null | undefined
  /** How often it may be read; 0 is without limit. */
  readonly max_access_count?: number | null | undefined
  /** When it ends. RFC 3339 time. */
  readonly expires_at?: string | null | undefined
  readonly passphrase?: string | Secret<string> | null | undefined
  /** Addresses and ranges that it may be read from. At most 100 entries. */
  readonly ip_allowlist?: readonly string[] | null | undefined
}

/** What `sharing.access` takes. */
export interface AccessShareInput {
  /** UUID. */
  readonly share_id: string
  readonly passphrase?: string | Secret<string> | null | undefined
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

/** What `sharing.revoke` takes. */
export interface RevokeShareInput {
  /** UUID. */
  readonly share_id: string
}

export interface ShareListResponse {
  readonly shares: ShareListItem[]
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

/** What `sharing.get` takes. */
export interface GetShareInput {
  /** UUID. */
  readonly share_id: string
}

/** What `sharing.accept` takes. */
export interface AcceptShareInput {
  /** UUID. */
  readonly share_id: string
}

/** What `sharing.decline` takes. */
export interface DeclineShareInput {
  /** UUID. */
  readonly share_id: string
}
