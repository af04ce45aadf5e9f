// Written by tools/gen-client-types.ts.

import type { Json } from '../../kernel/json.ts'
import type { CallOptions } from '../types.ts'

/** Internal accounts of people, and transfers between them. */
export interface LedgerClient {
  /**
   * Open an internal account. Money comes in by a deposit or by a transfer from another account.
   *
   * @throws `internal_accounts_full`
   *
   * @example
   * await client.ledger.createAccount({ name: 'Shop', description: 'Buyers' })
   */
  createAccount(input: CreateInternalAccountInput, options?: CallOptions): Promise<InternalAccount>

  /** List your internal accounts with their balances. */
  readonly listAccounts: {
    (input?: ListInternalAccountsInput, options?: CallOptions): Promise<InternalAccountList>
    /** Everything there is, page after page; `limit` is how much of it comes at once. */
    each(
      input?: Omit<ListInternalAccountsInput, 'offset' | 'cursor'>,
      options?: CallOptions,
    ): AsyncGenerator<Json, void, undefined>
  }

  /**
   * Read an internal account with its balances.
   *
   * @throws `internal_account_not_found`: The internal account does not exist, or it belongs to another user.
   *
   * @example
   * await client.ledger.getAccount({ account_id })
   */
  getAccount(input: GetInternalAccountInput, options?: CallOptions): Promise<InternalAccount>

  /**
   * Read the statement of an internal account: its entries, the newest first.
   *
   * @throws `internal_account_not_found`: The internal account does not exist, or it belongs to another user.
   *
   * @example
   * await client.ledger.listEntries({ account_id, limit: 10, offset: 0 })
   */
  readonly listEntries: {
    (input: GetInternalAccountLedgerInput, options?: CallOptions): Promise<LedgerEntryList>
    /** Everything there is, page after page; `limit` is how much of it comes at once. */
    each(
      input: Omit<GetInternalAccountLedgerInput, 'offset' | 'cursor'>,
      options?: CallOptions,
    ): AsyncGenerator<Json, void, undefined>
  }

  /**
   * Move money from your internal account to another one of your organisation.
   *
   * @throws `internal_account_not_found`: The internal account does not exist, or it belongs to another user.
   * @throws `insufficient_balance`
   *
   * @example
   * await client.ledger.transfer({
   *   from_account_id,
   *   to_account_id,
   *   asset: 'ETH',
   *   amount: '0.25',
   *   memo: 'October',
   * })
   */
  transfer(input: CreateInternalTransferInput, options?: CallOptions): Promise<InternalTransfer>
}

/** Input of `ledger.createAccount`. */
export interface CreateInternalAccountInput {
  /** Name for people. At most 255 characters. */
  readonly name: string
  /** Note for people. At most 1024 characters. */
  readonly description?: string | null | undefined
}

export interface InternalAccount {
  /** UUID. */
  readonly id: string
  /** UUID. */
  readonly org_id: string
  /** UUID. */
  readonly user_id: string
  readonly name: string
  readonly description?: string | undefined
  readonly status: 'active'
  readonly balances: InternalAccountBalances[]
  /** RFC 3339 time. */
  readonly created_at: string
}

export interface InternalAccountBalances {
  readonly asset: 'USD' | 'USDC' | 'USDT' | 'ETH' | 'BTC' | 'EUR'
  /** Decimal number, without needless zeros. */
  readonly balance: string
}

/** Input of `ledger.listAccounts`. */
export interface ListInternalAccountsInput {
  /** Maximum number of entries. Default: all. From 1 to 1000. */
  readonly limit?: number | null | undefined
  /** The next_cursor of the previous answer. Default: the beginning of the list. At most 1024 characters. */
  readonly cursor?: string | null | undefined
}

export interface InternalAccountList {
  readonly accounts: InternalAccount[]
  readonly next_cursor?: string | undefined
}

/** Input of `ledger.getAccount`. */
export interface GetInternalAccountInput {
  /** ID of the internal account. UUID. */
  readonly account_id: string
}

/** Input of `ledger.listEntries`. */
export interface GetInternalAccountLedgerInput {
  /** ID of the internal account. UUID. */
  readonly account_id: string
  /** Maximum number of entries. Default: 50. From 1 to 200. */
  readonly limit?: number | null | undefined
  /** How many of the newest entries to skip. Default: 0. */
  readonly offset?: number | null | undefined
}

export interface LedgerEntryList {
  readonly entries: LedgerEntry[]
  /** Number of all entries of the account. */
  readonly total: number
}

export interface LedgerEntry {
  /** UUID. */
  readonly id: string
  /** UUID. */
  readonly account_id: string
  /** UUID. */
  readonly counterpart_account_id: string
  readonly asset: 'USD' | 'USDC' | 'USDT' | 'ETH' | 'BTC' | 'EUR'
  /** Decimal number, without needless zeros. */
  readonly amount: string
  /** credit: the account got the amount. debit: it paid the amount. */
  readonly direction: 'credit' | 'debit'
  readonly reference_type: 'transfer' | 'deposit' | 'deposit_reversal'
  /** ID of the transfer or of the deposit. UUID. */
  readonly reference_id: string
  readonly memo?: string | undefined
  /** RFC 3339 time. */
  readonly created_at: string
}

/** Input of `ledger.transfer`. */
export interface CreateInternalTransferInput {
  /** ID of your account that pays. UUID. */
  readonly from_account_id: string
  /** ID of the account that gets the money. UUID. */
  readonly to_account_id: string
  /** What is moved. */
  readonly asset: 'USD' | 'USDC' | 'USDT' | 'ETH' | 'BTC' | 'EUR'
  /**
   * Decimal number, such as 12.5. USD, EUR, USDC and USDT have 6 decimal places, and ETH has 18. At most 100
   * characters.
   */
  readonly amount: string
  /** Note that both accounts see. At most 1024 characters. */
  readonly memo?: string | null | undefined
}

export interface InternalTransfer {
  /** UUID. */
  readonly id: string
  /** UUID. */
  readonly org_id: string
  /** UUID. */
  readonly from_account_id: string
  /** UUID. */
  readonly to_account_id: string
  readonly asset: 'USD' | 'USDC' | 'USDT' | 'ETH' | 'BTC' | 'EUR'
  /** Decimal number, without needless zeros. */
  readonly amount: string
  readonly memo?: string | undefined
  /** ID of the user. UUID. */
  readonly initiated_by: string
  readonly status: 'completed'
  /** RFC 3339 time. */
  readonly created_at: string
}
