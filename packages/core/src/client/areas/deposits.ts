// Written by tools/gen-client-types.ts.

import type { Json } from '../../kernel/json.ts'
import type { Secret } from '../../kernel/secret.ts'
import type { CallOptions, JsonObject } from '../types.ts'

/** Addresses that people pay to, and what arrived there. */
export interface DepositsClient {
  /**
   * Create an address that people can pay to. What arrives there is recorded, and credited to an internal account.
   *
   * @throws `deposit_destinations_full`
   * @throws `internal_account_not_found`: The internal account does not exist, or it belongs to another user.
   * @throws `deposit_wallet_not_found`: treasury_wallet_id: the wallet does not exist, or it belongs to another user.
   * @throws `chain_not_configured`
   * @throws `chain_not_watchable`
   *
   * @example
   * await client.deposits.create({
   *   chain: 'base',
   *   label: 'Order 17',
   *   metadata: { order: 17 },
   *   auto_credit_account_id,
   * })
   */
  create(input: CreateDepositDestinationInput, options?: CallOptions): Promise<DepositDestination>

  /**
   * List your deposit destinations.
   *
   * @example
   * await client.deposits.list({ chain: 'base', status: 'active' })
   */
  readonly list: {
    (input?: ListDepositDestinationsInput, options?: CallOptions): Promise<DepositDestinationList>
    /** Everything there is, page after page; `limit` is how much of it comes at once. */
    each(
      input?: Omit<ListDepositDestinationsInput, 'offset' | 'cursor'>,
      options?: CallOptions,
    ): AsyncGenerator<Json, void, undefined>
  }

  /**
   * Read a deposit destination and its newest 200 deposits.
   *
   * @throws `deposit_destination_not_found`: The deposit destination does not exist, or it belongs to another user.
   *
   * @example
   * await client.deposits.get({ destination_id })
   */
  get(input: GetDepositDestinationInput, options?: CallOptions): Promise<DepositDestinationDetail>

  /**
   * Pause, archive or activate a deposit destination.
   *
   * @throws `deposit_destination_not_found`: The deposit destination does not exist, or it belongs to another user.
   *
   * @example
   * await client.deposits.update({ destination_id, status: 'paused' })
   */
  update(input: UpdateDepositDestinationInput, options?: CallOptions): Promise<DepositDestination>

  /**
   * Read the private key of a deposit destination, to move what arrived there. Needs a proof that it is you.
   *
   * @throws `deposit_destination_not_found`: The deposit destination does not exist, or it belongs to another user.
   * @throws `deposit_key_of_wallet`: The address is that of a treasury wallet. Export the key of the wallet instead.
   *
   * @example
   * const { private_key } = await client.deposits.export({ destination_id, auth_confirm })
   * private_key.reveal()
   */
  export(input: ExportDepositDestinationInput, options?: CallOptions): Promise<DepositDestinationKey>
}

/** Input of `deposits.create`. */
export interface CreateDepositDestinationInput {
  /** Name or number of a chain, such as base. A node of it must be configured. At most 64 characters. */
  readonly chain: string
  /** Name for people. At most 255 characters. */
  readonly label?: string | null | undefined
  /** Your own data, such as an order number. */
  readonly metadata?: JsonObject | null | undefined
  /** Your treasury wallet whose address it is. Default: the destination gets an address of its own. UUID. */
  readonly treasury_wallet_id?: string | null | undefined
  /** Your internal account that gets the deposits. Default: none, so deposits are only recorded. UUID. */
  readonly auto_credit_account_id?: string | null | undefined
}

export interface DepositDestination {
  /** UUID. */
  readonly id: string
  /** UUID. */
  readonly org_id: string
  /** UUID. */
  readonly user_id: string
  /** UUID. */
  readonly treasury_wallet_id?: string | undefined
  readonly chain: string
  readonly address: string
  readonly label?: string | undefined
  readonly metadata?: JsonObject | undefined
  readonly status: 'active' | 'paused' | 'archived'
  /** UUID. */
  readonly auto_credit_account_id?: string | undefined
  /** RFC 3339 time. */
  readonly created_at: string
}

/** Input of `deposits.list`. */
export interface ListDepositDestinationsInput {
  /** Only those of this chain. Default: all. At most 64 characters. */
  readonly chain?: string | null | undefined
  /** Only those with this status. Default: all. */
  readonly status?: 'active' | 'paused' | 'archived' | null | undefined
  /** Maximum number of entries. Default: all. From 1 to 1000. */
  readonly limit?: number | null | undefined
  /** The next_cursor of the previous answer. Default: the beginning of the list. At most 1024 characters. */
  readonly cursor?: string | null | undefined
}

export interface DepositDestinationList {
  readonly destinations: DepositDestination[]
  readonly next_cursor?: string | undefined
}

/** Input of `deposits.get`. */
export interface GetDepositDestinationInput {
  /** ID of the deposit destination. UUID. */
  readonly destination_id: string
}

export interface DepositDestinationDetail {
  readonly destination: DepositDestination
  readonly events: DepositEvent[]
}

export interface DepositEvent {
  /** UUID. */
  readonly id: string
  /** UUID. */
  readonly destination_id: string
  readonly chain: string
  readonly tx_hash: string
  readonly from_address?: string | undefined
  /** In the major unit, such as ETH or USDC. */
  readonly amount: string
  /** Left out: the native currency. */
  readonly token_address?: string | undefined
  readonly token_symbol: string
  readonly block_number: number
  /** 0 when its block has left the chain. */
  readonly confirmations: number
  /** orphaned: its block left the chain. reversed: the same after the credit, which was taken back. */
  readonly status: 'received' | 'confirmed' | 'credited' | 'orphaned' | 'reversed'
  /** RFC 3339 time. */
  readonly confirmed_at?: string | undefined
  /** RFC 3339 time. */
  readonly credited_at?: string | undefined
  /** RFC 3339 time. */
  readonly created_at: string
}

/** Input of `deposits.update`. */
export interface UpdateDepositDestinationInput {
  /** ID of the deposit destination. UUID. */
  readonly destination_id: string
  /**
   * paused: deposits are recorded, and credited when it is active again. archived: the address is not watched, so
   * what arrives then is never seen.
   */
  readonly status?: 'active' | 'paused' | 'archived' | null | undefined
}

/** Input of `deposits.export`. */
export interface ExportDepositDestinationInput {
  /** ID of the deposit destination. UUID. */
  readonly destination_id: string
  /**
   * Your password, or a token of POST /v1/auth/reauth/complete. With a second factor, only such a token. At most 1024
   * characters.
   */
  readonly auth_confirm?: string | Secret<string> | null | undefined
}

export interface DepositDestinationKey {
  readonly chain: string
  readonly address: string
  readonly private_key: Secret<string>
}
