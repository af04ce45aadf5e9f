// Written by tools/gen-client-types.ts.

import type { Json } from '../../kernel/json.ts'
import type { Secret } from '../../kernel/secret.ts'
import type { CallOptions } from '../types.ts'

/** Keys with which agents sign on chains, and never see. */
export interface SignersClient {
  /**
   * Create the key with which an agent signs on a chain. The agent never sees it.
   *
   * @throws `agent_not_found`: The agent does not exist, or you cannot access it.
   * @throws `signing_key_exists`: Clients look for the word "already", and list the keys then.
   * @throws `custody_unavailable`
   *
   * @example
   * await client.signers.create({ agent_id, chain: 'ethereum' })
   */
  create(input: CreateSigningKeyInput, options?: CallOptions): Promise<SigningKeyResponse>

  /**
   * List the signing keys of an agent, with their addresses. Earlier keys are included.
   *
   * @throws `agent_not_found`: The agent does not exist, or you cannot access it.
   *
   * @example
   * await client.signers.list({ agent_id })
   */
  readonly list: {
    (input: ListSigningKeysInput, options?: CallOptions): Promise<SigningKeyListResponse>
    /** Everything there is, page after page; `limit` is how much of it comes at once. */
    each(
      input: Omit<ListSigningKeysInput, 'offset' | 'cursor'>,
      options?: CallOptions,
    ): AsyncGenerator<Json, void, undefined>
  }

  /**
   * Replace a signing key. The new key has another address. Funds at the old address are not moved.
   *
   * @throws `agent_not_found`: The agent does not exist, or you cannot access it.
   * @throws `signing_key_not_found`
   * @throws `custody_unavailable`
   *
   * @example
   * await client.signers.rotate({ agent_id, chain: 'ethereum' })
   */
  rotate(input: RotateSigningKeyInput, options?: CallOptions): Promise<SigningKeyResponse>

  /**
   * Stop signing with a key. Pawl keeps the private key, because there can be funds at its address.
   *
   * @throws `agent_not_found`: The agent does not exist, or you cannot access it.
   * @throws `signing_key_not_found`
   *
   * @example
   * await client.signers.deactivate({ agent_id, chain: 'ethereum' })
   */
  deactivate(input: DeactivateSigningKeyInput, options?: CallOptions): Promise<void>

  /**
   * Show the private key of a signing key. Keys of the custody hsm cannot be exported.
   *
   * @throws `agent_not_found`: The agent does not exist, or you cannot access it.
   * @throws `signing_key_not_found`
   * @throws `signing_key_in_hsm`: The private key was made in the key store and cannot leave it.
   * @throws `signing_key_unusable`
   *
   * @example
   * const { private_key } = await client.signers.export({ agent_id, chain: 'ethereum', auth_confirm })
   * private_key.reveal()
   */
  export(input: ExportSigningKeyInput, options?: CallOptions): Promise<ExportedSigningKey>

  /**
   * Give an agent an existing private key. Other holders of the key can still sign with it.
   *
   * @throws `agent_not_found`: The agent does not exist, or you cannot access it.
   * @throws `signing_key_exists`: Clients look for the word "already", and list the keys then.
   *
   * @example
   * await client.signers.import({ agent_id, chain: 'ethereum', private_key, auth_confirm })
   */
  import(input: ImportSigningKeyInput, options?: CallOptions): Promise<SigningKeyResponse>

  /**
   * Ask a node for the balance of a signing key. With two or more nodes, two must agree.
   *
   * @throws `agent_not_found`: The agent does not exist, or you cannot access it.
   * @throws `signing_key_not_found`
   * @throws `chain_not_configured`
   * @throws `chain_unavailable`
   *
   * @example
   * await client.signers.balance({ agent_id, chain: 'base' })
   */
  balance(input: GetSigningKeyBalanceInput, options?: CallOptions): Promise<SigningKeyBalanceResponse>
}

/** Input of `signers.create`. */
export interface CreateSigningKeyInput {
  readonly agent_id: string
  /** All EVM networks share the key for ethereum. */
  readonly chain: 'ethereum' | 'bitcoin' | 'solana' | 'xrp' | 'cardano' | 'tron' | 'evm'
  /** hsm: the key store makes the key and never gives it out. Default: vault. */
  readonly custody?: 'vault' | 'hsm' | null | undefined
}

export interface SigningKeyResponse {
  /** UUID. */
  readonly id: string
  /** UUID. */
  readonly agent_id: string
  readonly chain: 'ethereum' | 'bitcoin' | 'solana' | 'xrp' | 'cardano' | 'tron'
  readonly curve: 'secp256k1' | 'ed25519'
  readonly public_key: string
  readonly address: string
  readonly key_version: number
  readonly is_active: boolean
  /** vault: a human can export the key. hsm: it never leaves the key store. */
  readonly custody: 'vault' | 'hsm'
  /** RFC 3339 time. */
  readonly created_at: string
  /** RFC 3339 time. */
  readonly rotated_at?: string | undefined
}

/** Input of `signers.list`. */
export interface ListSigningKeysInput {
  readonly agent_id: string
  /** Maximum number of entries. Default: all. From 1 to 1000. */
  readonly limit?: number | null | undefined
  /** The next_cursor of the previous answer. Default: the beginning of the list. At most 1024 characters. */
  readonly cursor?: string | null | undefined
}

export interface SigningKeyListResponse {
  readonly keys: SigningKeyResponse[]
  readonly next_cursor?: string | undefined
}

/** Input of `signers.rotate`. */
export interface RotateSigningKeyInput {
  readonly agent_id: string
  readonly chain: 'ethereum' | 'bitcoin' | 'solana' | 'xrp' | 'cardano' | 'tron' | 'evm'
}

/** Input of `signers.deactivate`. */
export interface DeactivateSigningKeyInput {
  /** UUID. */
  readonly agent_id: string
  readonly chain: 'ethereum' | 'bitcoin' | 'solana' | 'xrp' | 'cardano' | 'tron' | 'evm'
}

/** Input of `signers.export`. */
export interface ExportSigningKeyInput {
  /** UUID. */
  readonly agent_id: string
  readonly chain: 'ethereum' | 'bitcoin' | 'solana' | 'xrp' | 'cardano' | 'tron' | 'evm'
  /**
   * ID of an executed pending approval. Needed when a consensus_trigger governs this action. It is valid once, for
   * exactly the same request. UUID.
   */
  readonly approval_id?: string | null | undefined
  /**
   * Your password, or a token of POST /v1/auth/reauth/complete. With a second factor, only such a token. At most 1024
   * characters.
   */
  readonly auth_confirm?: string | Secret<string> | null | undefined
}

export interface ExportedSigningKey {
  readonly chain: 'ethereum' | 'bitcoin' | 'solana' | 'xrp' | 'cardano' | 'tron'
  readonly curve: string
  readonly public_key: string
  readonly address: string
  /** 32 bytes as lowercase hexadecimal digits, without 0x. */
  readonly private_key: Secret<string>
  readonly key_version: number
  /** UUID. */
  readonly agent_id: string
}

/** Input of `signers.import`. */
export interface ImportSigningKeyInput {
  /** UUID. */
  readonly agent_id: string
  readonly chain: 'ethereum' | 'bitcoin' | 'solana' | 'xrp' | 'cardano' | 'tron' | 'evm'
  /** At most 512 characters. */
  readonly private_key: string | Secret<string>
  /** How private_key is written. wif: for Bitcoin, with a compressed public key. Default: hex. */
  readonly format?: 'hex' | 'base64' | 'wif' | null | undefined
  /** The address that you expect. If the key has another address, nothing is imported. At most 128 characters. */
  readonly address?: string | null | undefined
  /**
   * ID of an executed pending approval. Needed when a consensus_trigger governs this action. It is valid once, for
   * exactly the same request. UUID.
   */
  readonly approval_id?: string | null | undefined
  /**
   * Your password, or a token of POST /v1/auth/reauth/complete. With a second factor, only such a token. At most 1024
   * characters.
   */
  readonly auth_confirm?: string | Secret<string> | null | undefined
}

/** Input of `signers.balance`. */
export interface GetSigningKeyBalanceInput {
  readonly agent_id: string
  /** Name or number of a chain, such as base. At most 64 characters. */
  readonly chain: string
  /** Contract addresses of tokens, comma-separated. At most 8192 characters. */
  readonly tokens?: string | null | undefined
}

export interface SigningKeyBalanceResponse {
  readonly chain: string
  readonly address: string
  /** In the smallest unit of the chain. */
  readonly balance_wei: string
  readonly balance_display: string
  readonly tokens?: SigningKeyBalanceResponseTokens[] | undefined
}

export interface SigningKeyBalanceResponseTokens {
  readonly contract_address: string
  readonly symbol?: string | undefined
  readonly balance: string
  readonly decimals?: number | undefined
}
