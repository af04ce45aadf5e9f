// Written by tools/gen-client-types.ts.

import type { Json } from '../../kernel/json.ts'
import type { Secret } from '../../kernel/secret.ts'
import type { CallOptions, JsonObject } from '../types.ts'

/** Wallets of people, with which they pay on chains. */
export interface WalletsClient {
  /**
   * Create your wallets. A chain for which you have an active wallet keeps it.
   *
   * @throws `wallets_full`
   *
   * @example
   * await client.wallets.generate({ chains: ['ethereum', 'solana'] })
   */
  generate(input?: GenerateTreasuryWalletsInput, options?: CallOptions): Promise<GenerateTreasuryWalletsOutput>

  /** List your wallets, with their addresses. Earlier wallets are included. */
  readonly list: {
    (input?: ListTreasuryWalletsInput, options?: CallOptions): Promise<ListTreasuryWalletsOutput>
    /** Everything there is, page after page; `limit` is how much of it comes at once. */
    each(
      input?: Omit<ListTreasuryWalletsInput, 'offset' | 'cursor'>,
      options?: CallOptions,
    ): AsyncGenerator<TreasuryWalletResponse, void, undefined>
  }

  /**
   * Get your active wallet for a chain.
   *
   * @throws `wallet_not_found`
   *
   * @example
   * await client.wallets.get({ chain: 'ethereum' })
   */
  get(input: GetTreasuryWalletInput, options?: CallOptions): Promise<TreasuryWalletResponse>

  /**
   * Stop paying with a wallet. Pawl keeps the private key, because there can be funds at its address.
   *
   * @throws `wallet_not_found`
   *
   * @example
   * await client.wallets.deactivate({ chain: 'ethereum' })
   */
  deactivate(input: DeactivateTreasuryWalletInput, options?: CallOptions): Promise<void>

  /**
   * Show the private key of your wallet. Other holders of the key can pay with it.
   *
   * @throws `wallet_not_found`
   * @throws `signing_key_unusable`
   *
   * @example
   * const { private_key_hex } = await client.wallets.export({ chain: 'ethereum', auth_confirm })
   * private_key_hex.reveal()
   */
  export(input: ExportTreasuryWalletInput, options?: CallOptions): Promise<ExportTreasuryWalletOutput>

  /**
   * Take an existing private key as your wallet. Other holders of the key can still pay with it.
   *
   * @throws `wallet_exists`: Clients look for the word "already".
   * @throws `wallets_full`
   *
   * @example
   * await client.wallets.import({ chain: 'ethereum', private_key, auth_confirm })
   */
  import(input: ImportTreasuryWalletInput, options?: CallOptions): Promise<TreasuryWalletResponse>

  /**
   * Replace the key of your wallet. The new one has another address. Funds at the old address are not moved.
   *
   * @throws `wallet_not_found`
   * @throws `wallets_full`
   *
   * @example
   * await client.wallets.rotate({ chain: 'ethereum' })
   */
  rotate(input: RotateTreasuryWalletInput, options?: CallOptions): Promise<TreasuryWalletResponse>

  /**
   * Ask a node for the balance of your wallet. With two or more nodes, two must agree.
   *
   * @throws `wallet_not_found`
   * @throws `chain_not_configured`
   * @throws `chain_unavailable`
   *
   * @example
   * await client.wallets.balance({ chain: 'base' })
   */
  balance(input: GetTreasuryWalletBalanceInput, options?: CallOptions): Promise<GetTreasuryWalletBalanceOutput>

  /**
   * Pay from your wallet. Spend policies of connected apps apply.
   *
   * @throws `wallet_not_found`
   * @throws `payment_refused`: A rule refuses the payment. `rule` is the field of the spend policy, or another reason
   * to sign nothing.
   * @throws `not_supported_here`
   * @throws `signing_key_unusable`
   * @throws `chain_not_configured`
   * @throws `chain_unavailable`
   * @throws `confirmation_needed`
   * @throws `confirmation_wrong`: X-Auth-Confirm is wrong, expired or used. After 10 wrong passwords or codes, the
   * account refuses all for 15 minutes.
   *
   * @example
   * await client.wallets.send({
   *   chain: 'base',
   *   to: '0x000000000000000000000000000000000000dEaD',
   *   value: '0.01',
   *   auth_confirm,
   * })
   */
  send(input: SendFromTreasuryWalletInput, options?: CallOptions): Promise<SendFromTreasuryWalletOutput>

  /**
   * List the newest 200 payments of your wallet for a chain, also those of people with access to it.
   *
   * @example
   * await client.wallets.payments({ chain: 'ethereum' })
   */
  readonly payments: {
    (input: ListTreasuryWalletPaymentsInput, options?: CallOptions): Promise<WalletPaymentList>
    /** Everything there is, page after page; `limit` is how much of it comes at once. */
    each(
      input: Omit<ListTreasuryWalletPaymentsInput, 'offset' | 'cursor'>,
      options?: CallOptions,
    ): AsyncGenerator<Json, void, undefined>
  }

  /**
   * Swap tokens of your wallet at the quote of a configured service. Only on EVM chains.
   *
   * @throws `wallet_not_found`
   * @throws `payment_refused`: A rule refuses the payment. `rule` is the field of the spend policy, or another reason
   * to sign nothing.
   * @throws `service_not_configured`: A service of others is missing, or one member of it.
   * @throws `service_failed`
   * @throws `signing_key_unusable`
   * @throws `chain_not_configured`
   * @throws `chain_unavailable`
   * @throws `confirmation_needed`
   * @throws `confirmation_wrong`: X-Auth-Confirm is wrong, expired or used. After 10 wrong passwords or codes, the
   * account refuses all for 15 minutes.
   *
   * @example
   * await client.wallets.swap({
   *   chain: 'base',
   *   sell_token: 'native',
   *   buy_token: '0x000000000000000000000000000000000000dEaD',
   *   sell_amount: '1000',
   *   auth_confirm,
   * })
   */
  swap(input: SwapFromTreasuryWalletInput, options?: CallOptions): Promise<SwapFromTreasuryWalletOutput>

  /**
   * Let another person of your organisation use your wallets, within limits. They prove who they are themselves.
   *
   * @throws `access_policies_full`
   *
   * @example
   * await client.wallets.createAccessPolicy({
   *   scope_type: 'org',
   *   principal_type: 'user',
   *   principal_id,
   *   can_send: true,
   * })
   */
  createAccessPolicy(input: CreateWalletAccessPolicyInput, options?: CallOptions): Promise<WalletAccessPolicy>

  /** List who can use your wallets, and the policies that name you. */
  readonly listAccessPolicies: {
    (input?: ListWalletAccessPoliciesInput, options?: CallOptions): Promise<ListWalletAccessPoliciesOutput>
    /** Everything there is, page after page; `limit` is how much of it comes at once. */
    each(
      input?: Omit<ListWalletAccessPoliciesInput, 'offset' | 'cursor'>,
      options?: CallOptions,
    ): AsyncGenerator<WalletAccessPolicy, void, undefined>
  }

  /**
   * Take access to your wallets back. From then on, no payment under the policy is signed.
   *
   * @throws `access_policy_not_found`: You have made no access policy with this ID.
   *
   * @example
   * await client.wallets.deleteAccessPolicy({ id })
   */
  deleteAccessPolicy(input: DeleteWalletAccessPolicyInput, options?: CallOptions): Promise<void>

  /**
   * Get the page of a configured service on which you buy coins for your wallet.
   *
   * @throws `wallet_not_found`
   * @throws `service_not_configured`: A service of others is missing, or one member of it.
   * @throws `service_failed`
   *
   * @example
   * await client.wallets.startOnramp({ chain: 'base', amount_usd: '50' })
   */
  startOnramp(input: CreateFiatOnrampSessionInput, options?: CallOptions): Promise<CreateFiatOnrampSessionOutput>

  /**
   * Get the page of a configured service on which you sell coins. Pawl sends no coins there.
   *
   * @throws `wallet_not_found`
   * @throws `service_not_configured`: A service of others is missing, or one member of it.
   * @throws `service_failed`
   *
   * @example
   * await client.wallets.startOfframp({ chain: 'base', asset: 'ETH', amount: '0.5' })
   */
  startOfframp(input: InitiateFiatOfframpInput, options?: CallOptions): Promise<InitiateFiatOfframpOutput>
}

/** Input of `wallets.generate`. */
export interface GenerateTreasuryWalletsInput {
  /** Chains of the wallets. Default: ethereum, bitcoin, solana, xrp, cardano, tron. At most 7 entries. */
  readonly chains?:
    | readonly ('ethereum' | 'bitcoin' | 'solana' | 'xrp' | 'cardano' | 'tron' | 'evm')[]
    | null
    | undefined
}

/** Output of `wallets.generate`. */
export interface GenerateTreasuryWalletsOutput {
  readonly wallets: TreasuryWalletResponse[]
}

export interface TreasuryWalletResponse {
  /** UUID. */
  readonly id: string
  readonly chain: 'ethereum' | 'bitcoin' | 'solana' | 'xrp' | 'cardano' | 'tron'
  readonly curve: 'secp256k1' | 'ed25519'
  readonly public_key_hex: string
  /** On the main network. */
  readonly address: string
  readonly is_active: boolean
  /** RFC 3339 time. */
  readonly created_at: string
  /** RFC 3339 time. */
  readonly rotated_at?: string | undefined
}

/** Input of `wallets.list`. */
export interface ListTreasuryWalletsInput {
  /** Maximum number of entries. Default: all. From 1 to 1000. */
  readonly limit?: number | null | undefined
  /** The next_cursor of the previous answer. Default: the beginning of the list. At most 1024 characters. */
  readonly cursor?: string | null | undefined
}

/** Output of `wallets.list`. */
export interface ListTreasuryWalletsOutput {
  readonly wallets: TreasuryWalletResponse[]
  readonly next_cursor?: string | undefined
}

/** Input of `wallets.get`. */
export interface GetTreasuryWalletInput {
  /** Name or number of a chain, such as ethereum or base. At most 64 characters. */
  readonly chain: string
}

/** Input of `wallets.deactivate`. */
export interface DeactivateTreasuryWalletInput {
  /** Name or number of a chain, such as ethereum or base. At most 64 characters. */
  readonly chain: string
}

/** Input of `wallets.export`. */
export interface ExportTreasuryWalletInput {
  /** Name or number of a chain, such as ethereum or base. At most 64 characters. */
  readonly chain: string
  /** ID of a wallet of another person who gave you access. Default: your own wallet. UUID. */
  readonly wallet_id?: string | null | undefined
  /**
   * Your password, or a token of POST /v1/auth/reauth/complete. With a second factor, only such a token. At most 1024
   * characters.
   */
  readonly auth_confirm?: string | Secret<string> | null | undefined
}

/** Output of `wallets.export`. */
export interface ExportTreasuryWalletOutput {
  readonly chain: 'ethereum' | 'bitcoin' | 'solana' | 'xrp' | 'cardano' | 'tron'
  readonly address: string
  /** 32 bytes as lowercase hexadecimal digits, without 0x. */
  readonly private_key_hex: Secret<string>
}

/** Input of `wallets.import`. */
export interface ImportTreasuryWalletInput {
  /** Name or number of a chain, such as ethereum or base. At most 64 characters. */
  readonly chain: string
  /** At most 512 characters. */
  readonly private_key: string | Secret<string>
  /** How private_key is written. wif: for Bitcoin, with a compressed public key. Default: hex. */
  readonly format?: 'hex' | 'base64' | 'wif' | null | undefined
  /** The address that you expect. If the key has another address, nothing is imported. At most 128 characters. */
  readonly address?: string | null | undefined
  /**
   * Your password, or a token of POST /v1/auth/reauth/complete. With a second factor, only such a token. At most 1024
   * characters.
   */
  readonly auth_confirm?: string | Secret<string> | null | undefined
}

/** Input of `wallets.rotate`. */
export interface RotateTreasuryWalletInput {
  /** Name or number of a chain, such as ethereum or base. At most 64 characters. */
  readonly chain: string
}

/** Input of `wallets.balance`. */
export interface GetTreasuryWalletBalanceInput {
  /** Name or number of a chain, such as ethereum or base. At most 64 characters. */
  readonly chain: string
  /** ID of a wallet of another person who gave you access. Default: your own wallet. UUID. */
  readonly wallet_id?: string | null | undefined
  /** Contract addresses of tokens, comma-separated. At most 8192 characters. */
  readonly tokens?: string | null | undefined
}

/** Output of `wallets.balance`. */
export interface GetTreasuryWalletBalanceOutput {
  readonly chain: string
  readonly address: string
  readonly native: GetTreasuryWalletBalanceNative
  /** The same as native.balance_display. */
  readonly native_balance: string
  readonly native_symbol: string
  readonly tokens: GetTreasuryWalletBalanceTokens[]
}

export interface GetTreasuryWalletBalanceNative {
  readonly symbol: string
  /** In the smallest unit of the chain. */
  readonly balance_wei: string
  readonly balance_display: string
}

export interface GetTreasuryWalletBalanceTokens {
  readonly contract_address: string
  /** In the smallest unit of the token. */
  readonly balance_raw: string
  /** The same as contract_address. */
  readonly contract: string
  /** The same as balance_raw. */
  readonly balance: string
  readonly symbol?: string | undefined
  readonly decimals?: number | undefined
}

/** Input of `wallets.send`. */
export interface SendFromTreasuryWalletInput {
  /** Name or number of a chain, such as ethereum or base. At most 64 characters. */
  readonly chain: string
  /** ID of a wallet of another person who gave you access. Default: your own wallet. UUID. */
  readonly wallet_id?: string | null | undefined
  /** Recipient. At most 128 characters. */
  readonly to?: string | null | undefined
  /** Amount in the smallest unit. With a decimal point: in the major unit. At most 128 characters. */
  readonly value_wei?: string | null | undefined
  /** Amount in the major unit, such as "0.5". At most 128 characters. */
  readonly amount?: string | null | undefined
  /** Amount in the major unit. On EVM chains, whole numbers from 10^12 are wei. At most 128 characters. */
  readonly value?: string | null | undefined
  /** Calldata, as hexadecimal digits with 0x. At most 300000 characters. */
  readonly data?: string | null | undefined
  /** Maximum of gas. Default: 21000, or what a node estimates. */
  readonly gas_limit?: number | null | undefined
  /**
   * Token to transfer: its contract, mint, or policy and name. Default: the native currency. At most 256 characters.
   */
  readonly token_mint?: string | null | undefined
  /** Decimal places of the token. Default: those of a known token, else 6. From 0 to 36. */
  readonly token_decimals?: number | null | undefined
  /** For the XRP Ledger, Solana and Tron. At most 1024 characters. */
  readonly memo?: string | null | undefined
  /** For the XRP Ledger. */
  readonly destination_tag?: number | null | undefined
  /** For Bitcoin. */
  readonly fee_rate_sat_per_vbyte?: number | null | undefined
  /** For Tron. */
  readonly fee_limit_sun?: number | null | undefined
  /** A whole transaction of the XRP Ledger. */
  readonly xrpl_tx_json?: JsonObject | null | undefined
  /** For Cardano: the last slot. */
  readonly ttl?: number | null | undefined
  /** The same as token_mint. At most 256 characters. */
  readonly token_contract?: string | null | undefined
  /** The same as token_mint. At most 256 characters. */
  readonly token_address?: string | null | undefined
  /** A wallet has no smart account, so true is refused. Default: false. */
  readonly gasless?: boolean | null | undefined
  /**
   * Your password, or a token of POST /v1/auth/reauth/complete. With a second factor, only such a token. At most 1024
   * characters.
   */
  readonly auth_confirm?: string | Secret<string> | null | undefined
  /** A token of POST /v1/auth/passkeys/tx-assert/complete, instead of X-Auth-Confirm. At most 1024 characters. */
  readonly passkey_token?: string | Secret<string> | null | undefined
  /** The digest that the passkey approved. Default: the digests that the server computes. At most 64 characters. */
  readonly passkey_tx_digest?: string | null | undefined
}

/** Output of `wallets.send`. */
export interface SendFromTreasuryWalletOutput {
  /** UUID. */
  readonly id: string
  readonly tx_hash: string
  readonly from: string
  readonly to: string
  /** In the smallest unit of the chain, or of the token. */
  readonly value_wei: string
  /** In the major unit. Of a token whose decimal places are not known: in the smallest unit. */
  readonly amount: string
  readonly chain: string
  /** broadcast: a node accepted it. signed: Pawl sends it again. failed: no node takes it. */
  readonly status: string
  readonly error_message?: string | undefined
}

/** Input of `wallets.payments`. */
export interface ListTreasuryWalletPaymentsInput {
  /** Name or number of a chain, such as ethereum or base. At most 64 characters. */
  readonly chain: string
  /** Maximum number of entries. Default: all. From 1 to 1000. */
  readonly limit?: number | null | undefined
  /** The next_cursor of the previous answer. Default: the beginning of the list. At most 1024 characters. */
  readonly cursor?: string | null | undefined
}

export interface WalletPaymentList {
  readonly payments: WalletPayment[]
  readonly next_cursor?: string | undefined
}

export interface WalletPayment {
  /** UUID. */
  readonly id: string
  /** UUID. */
  readonly wallet_id: string
  readonly chain: string
  /** Null: nothing was signed. */
  readonly tx_hash: string | null
  readonly from: string
  readonly to: string
  /** In the smallest unit of the chain, or of the token. */
  readonly value_wei: string
  /** Contract of the token. Null: the native currency. */
  readonly token_mint: string | null
  readonly status: string
  /** The outcome on the chain. Null: it is not known yet. */
  readonly chain_state: string | null
  readonly error_message: string | null
  /** RFC 3339 time. */
  readonly created_at: string
}

/** Input of `wallets.swap`. */
export interface SwapFromTreasuryWalletInput {
  /** Name or number of a chain, such as ethereum or base. At most 64 characters. */
  readonly chain: string
  /** ID of a wallet of another person who gave you access. Default: your own wallet. UUID. */
  readonly wallet_id?: string | null | undefined
  /** Contract of the token to sell, or native for the currency of the chain. At most 64 characters. */
  readonly sell_token: string
  /** Contract of the token to buy, or native for the currency of the chain. At most 64 characters. */
  readonly buy_token: string
  /** In the smallest unit. With a decimal point: in the major unit. At most 128 characters. */
  readonly sell_amount: string
  /** How much worse the price can get, in percent. Default: 1. */
  readonly slippage_percentage?: number | string | null | undefined
  /**
   * Your password, or a token of POST /v1/auth/reauth/complete. With a second factor, only such a token. At most 1024
   * characters.
   */
  readonly auth_confirm?: string | Secret<string> | null | undefined
  /** A token of POST /v1/auth/passkeys/tx-assert/complete, instead of X-Auth-Confirm. At most 1024 characters. */
  readonly passkey_token?: string | Secret<string> | null | undefined
  /** The digest that the passkey approved. Default: the digests that the server computes. At most 64 characters. */
  readonly passkey_tx_digest?: string | null | undefined
}

/** Output of `wallets.swap`. */
export interface SwapFromTreasuryWalletOutput {
  readonly tx_hash: string
  readonly sell_token: string
  readonly buy_token: string
  readonly sell_amount: string
  /** What the service expects, in the smallest unit. */
  readonly buy_amount: string
  readonly chain: string
  readonly status: string
}

/** Input of `wallets.createAccessPolicy`. */
export interface CreateWalletAccessPolicyInput {
  /** wallet: one of your wallets. org: all your wallets in this organisation. */
  readonly scope_type: 'wallet' | 'org'
  /** ID of the wallet, for the scope wallet. UUID. */
  readonly scope_id?: string | null | undefined
  /** Who gets access. */
  readonly principal_type: 'user' | 'role'
  /** ID of the user, or owner, admin or member. At most 64 characters. */
  readonly principal_id: string
  /** Must be false: no operation signs other things than payments with the wallet of a person. */
  readonly can_sign?: boolean | null | undefined
  /** Default: true. */
  readonly can_view_balance?: boolean | null | undefined
  /** Default: false. */
  readonly can_export?: boolean | null | undefined
  /** Default: false. */
  readonly can_send?: boolean | null | undefined
  /** Default: false. */
  readonly can_swap?: boolean | null | undefined
  /** Only on these chains. Default: any. At most 100 entries. */
  readonly allowed_chains?: readonly string[] | null | undefined
  /** Maximum value of one transaction. Default: any. */
  readonly max_value_per_tx_eth?: string | null | undefined
  /** Maximum of all that the wallets of the owner pay in 24 hours, in the currency of the chain. Default: any. */
  readonly daily_limit_eth?: string | null | undefined
  /** Must be empty. The contract reserves it. */
  readonly conditions?: JsonObject | null | undefined
  /** Default: never. RFC 3339 time. */
  readonly expires_at?: string | null | undefined
}

export interface WalletAccessPolicy {
  /** UUID. */
  readonly id: string
  /** UUID. */
  readonly org_id: string
  readonly scope_type: 'wallet' | 'org'
  /** UUID. */
  readonly scope_id: string | null
  readonly principal_type: 'user' | 'role'
  readonly principal_id: string
  readonly can_sign: boolean
  readonly can_view_balance: boolean
  readonly can_export: boolean
  readonly can_send: boolean
  readonly can_swap: boolean
  readonly allowed_chains: string[]
  readonly max_value_per_tx_eth: string | null
  readonly daily_limit_eth: string | null
  readonly conditions: JsonObject
  readonly is_active: boolean
  /** RFC 3339 time. */
  readonly expires_at: string | null
  /** UUID. */
  readonly created_by: string
  /** RFC 3339 time. */
  readonly created_at: string
  /** RFC 3339 time. */
  readonly updated_at: string
}

/** Input of `wallets.listAccessPolicies`. */
export interface ListWalletAccessPoliciesInput {
  /** Only policies of this scope. */
  readonly scope_type?: 'wallet' | 'org' | 'platform_app' | null | undefined
  /** Only policies for this wallet. UUID. */
  readonly scope_id?: string | null | undefined
  /** Maximum number of entries. Default: all. From 1 to 1000. */
  readonly limit?: number | null | undefined
  /** The next_cursor of the previous answer. Default: the beginning of the list. At most 1024 characters. */
  readonly cursor?: string | null | undefined
}

/** Output of `wallets.listAccessPolicies`. */
export interface ListWalletAccessPoliciesOutput {
  readonly policies: WalletAccessPolicy[]
  readonly next_cursor?: string | undefined
}

/** Input of `wallets.deleteAccessPolicy`. */
export interface DeleteWalletAccessPolicyInput {
  /** UUID. */
  readonly id: string
}

/** Input of `wallets.startOnramp`. */
export interface CreateFiatOnrampSessionInput {
  /** Name or number of a chain, such as ethereum or base. At most 64 characters. */
  readonly chain: string
  /** Symbol of what you buy. Default: the currency of the chain. At most 32 characters. */
  readonly asset?: string | null | undefined
  /** Amount in US dollars. Default: you choose it on the page. */
  readonly amount_usd?: string | null | undefined
  /** Default: the address of your wallet. At most 128 characters. */
  readonly destination_address?: string | null | undefined
}

/** Output of `wallets.startOnramp`. */
export interface CreateFiatOnrampSessionOutput {
  readonly session_url: string
  readonly provider: string
  readonly destination_address: string
  readonly chain: string
  readonly asset: string
}

/** Input of `wallets.startOfframp`. */
export interface InitiateFiatOfframpInput {
  /** Name or number of a chain, such as ethereum or base. At most 64 characters. */
  readonly chain: string
  /** Symbol of what you sell. At most 32 characters. */
  readonly asset: string
  /** Amount in the major unit. */
  readonly amount: string
  /** Default: the address of your wallet. At most 128 characters. */
  readonly source_address?: string | null | undefined
}

/** Output of `wallets.startOfframp`. */
export interface InitiateFiatOfframpOutput {
  /** ID of the service. */
  readonly id: string
  readonly provider: string
  readonly widget_url: string
  readonly status: string
  readonly chain: string
  readonly asset: string
  readonly amount: string
}
