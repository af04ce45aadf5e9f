// Written by tools/gen-client-types.ts.

import type { Json } from '../../kernel/json.ts'
import type { CallOptions, JsonObject } from '../types.ts'

/** Transactions and messages that agents sign with keys that they never see. */
export interface IntentsClient {
  /**
   * Sign a transaction with a key of the agent, within its guardrails, and send it.
   *
   * @throws `agent_not_found`: The agent does not exist, or you cannot access it.
   * @throws `intents_disabled`: This agent may not sign. A human must set its intents_api_enabled to true first.
   * @throws `signing_key_not_found`
   * @throws `signing_key_unusable`
   * @throws `chain_not_configured`
   * @throws `chain_unavailable`
   * @throws `simulation_reverted`: The transaction would fail, so nothing was signed.
   * @throws `simulation_unavailable`: The transaction must be simulated before it is signed, and that could not be
   * done.
   * @throws `guardrail_violated`: A rule refuses the signature. `violation` says which, with its limit and what was
   * asked for.
   * @throws `not_supported_here`
   * @throws `consensus_trigger_unreadable`: Nothing is done under a rule that the server does not understand.
   * @throws `too_many_pending_approvals`
   * @throws `smart_account_not_found`: The agent has no smart account on this chain.
   * @throws `service_not_configured`: A service of others is missing, or one member of it.
   * @throws `service_failed`
   * @throws `operation_refused`: The bundler says that the operation would fail, or the paymaster does not pay for
   * it. Nothing was signed.
   *
   * @example
   * await client.intents.submit({
   *   agent_id,
   *   chain: 'base',
   *   to: '0x000000000000000000000000000000000000dEaD',
   *   value: '0.01',
   * })
   */
  submit(input: SubmitTransactionInput, options?: CallOptions): Promise<TransactionResponse>

  /**
   * Sign a transaction and return it without sending it. It counts for the limits of the agent.
   *
   * @throws `agent_not_found`: The agent does not exist, or you cannot access it.
   * @throws `intents_disabled`: This agent may not sign. A human must set its intents_api_enabled to true first.
   * @throws `signing_key_not_found`
   * @throws `signing_key_unusable`
   * @throws `chain_not_configured`
   * @throws `chain_unavailable`
   * @throws `simulation_reverted`: The transaction would fail, so nothing was signed.
   * @throws `simulation_unavailable`: The transaction must be simulated before it is signed, and that could not be
   * done.
   * @throws `guardrail_violated`: A rule refuses the signature. `violation` says which, with its limit and what was
   * asked for.
   * @throws `not_supported_here`
   * @throws `consensus_trigger_unreadable`: Nothing is done under a rule that the server does not understand.
   * @throws `too_many_pending_approvals`
   * @throws `smart_account_not_found`: The agent has no smart account on this chain.
   * @throws `service_not_configured`: A service of others is missing, or one member of it.
   * @throws `service_failed`
   * @throws `operation_refused`: The bundler says that the operation would fail, or the paymaster does not pay for
   * it. Nothing was signed.
   *
   * @example
   * await client.intents.sign({
   *   agent_id,
   *   chain: 'base',
   *   to: '0x000000000000000000000000000000000000dEaD',
   *   value: '0.01',
   *   nonce: 0,
   *   gas_limit: 21000,
   *   max_fee_per_gas: '30000000000',
   *   max_priority_fee_per_gas: '1000000000',
   * })
   */
  sign(input: SignTransactionInput, options?: CallOptions): Promise<SignTransactionResponse>

  /**
   * Sign a message, typed data, a digest or a transaction with a key of the agent.
   *
   * @throws `agent_not_found`: The agent does not exist, or you cannot access it.
   * @throws `intents_disabled`: This agent may not sign. A human must set its intents_api_enabled to true first.
   * @throws `signing_key_not_found`
   * @throws `signing_key_unusable`
   * @throws `chain_not_configured`
   * @throws `chain_unavailable`
   * @throws `simulation_reverted`: The transaction would fail, so nothing was signed.
   * @throws `simulation_unavailable`: The transaction must be simulated before it is signed, and that could not be
   * done.
   * @throws `guardrail_violated`: A rule refuses the signature. `violation` says which, with its limit and what was
   * asked for.
   * @throws `not_supported_here`
   * @throws `consensus_trigger_unreadable`: Nothing is done under a rule that the server does not understand.
   * @throws `too_many_pending_approvals`
   * @throws `smart_account_not_found`: The agent has no smart account on this chain.
   * @throws `service_not_configured`: A service of others is missing, or one member of it.
   * @throws `service_failed`
   * @throws `operation_refused`: The bundler says that the operation would fail, or the paymaster does not pay for
   * it. Nothing was signed.
   *
   * @example
   * await client.intents.signIntent({
   *   agent_id,
   *   chain: 'base',
   *   intent_type: 'personal_sign',
   *   message: 'Hello',
   * })
   */
  signIntent(input: SignIntentInput, options?: CallOptions): Promise<SignIntentResponse>

  /**
   * Ask a node what a transaction would do. Nothing is signed.
   *
   * @throws `agent_not_found`: The agent does not exist, or you cannot access it.
   * @throws `intents_disabled`: This agent may not sign. A human must set its intents_api_enabled to true first.
   * @throws `signing_key_not_found`
   * @throws `signing_key_unusable`
   * @throws `chain_not_configured`
   * @throws `chain_unavailable`
   * @throws `not_supported_here`
   *
   * @example
   * await client.intents.simulate({
   *   agent_id,
   *   chain: 'base',
   *   to: '0x000000000000000000000000000000000000dEaD',
   *   value: '0.01',
   * })
   */
  simulate(input: SimulateTransactionInput, options?: CallOptions): Promise<SimulationResponse>

  /**
   * Ask a node what transactions would do one after the other. Nothing is signed.
   *
   * @throws `agent_not_found`: The agent does not exist, or you cannot access it.
   * @throws `intents_disabled`: This agent may not sign. A human must set its intents_api_enabled to true first.
   * @throws `signing_key_not_found`
   * @throws `signing_key_unusable`
   * @throws `chain_not_configured`
   * @throws `chain_unavailable`
   * @throws `not_supported_here`
   *
   * @example
   * await client.intents.simulateBundle({
   *   agent_id,
   *   transactions: [{ chain: 'base', to: '0x000000000000000000000000000000000000dEaD', value }],
   * })
   */
  simulateBundle(input: SimulateBundleInput, options?: CallOptions): Promise<BundleSimulationResponse>

  /**
   * Say what each limit says of a transaction, and what is left of each budget. Nothing is signed or asked of a node.
   *
   * @throws `agent_not_found`: The agent does not exist, or you cannot access it.
   * @throws `intents_disabled`: This agent may not sign. A human must set its intents_api_enabled to true first.
   * @throws `signing_key_not_found`
   * @throws `signing_key_unusable`
   *
   * @example
   * await client.intents.explain({
   *   agent_id,
   *   chain: 'base',
   *   to: '0x000000000000000000000000000000000000dEaD',
   *   value: '0.01',
   * })
   */
  explain(input: ExplainTransactionInput, options?: CallOptions): Promise<GuardrailExplanation>

  /**
   * List the newest 200 transactions of an agent.
   *
   * @throws `agent_not_found`: The agent does not exist, or you cannot access it.
   *
   * @example
   * await client.intents.list({ agent_id, include_signed_tx: 'true' })
   */
  readonly list: {
    (input: ListTransactionsInput, options?: CallOptions): Promise<TransactionListResponse>
    /** Everything there is, page after page; `limit` is how much of it comes at once. */
    each(
      input: Omit<ListTransactionsInput, 'offset' | 'cursor'>,
      options?: CallOptions,
    ): AsyncGenerator<Json, void, undefined>
  }

  /**
   * Read one transaction, with its state on the chain.
   *
   * @throws `agent_not_found`: The agent does not exist, or you cannot access it.
   * @throws `transaction_not_found`: The agent has no transaction with this ID.
   *
   * @example
   * await client.intents.get({ agent_id, tx_id })
   */
  get(input: GetTransactionInput, options?: CallOptions): Promise<TransactionResponse>

  /**
   * List the next nonce of each address of an agent, and the gaps that hold transactions up.
   *
   * @throws `agent_not_found`: The agent does not exist, or you cannot access it.
   * @throws `chain_unavailable`
   *
   * @example
   * await client.intents.nonces({ agent_id })
   */
  readonly nonces: {
    (input: ListNoncesInput, options?: CallOptions): Promise<ListNoncesOutput>
    /** Everything there is, page after page; `limit` is how much of it comes at once. */
    each(
      input: Omit<ListNoncesInput, 'offset' | 'cursor'>,
      options?: CallOptions,
    ): AsyncGenerator<NonceLane, void, undefined>
  }

  /**
   * Repair the gaps of nonces on a chain. The next transaction fills a gap, or, if others wait behind it, the agent
   * pays itself nothing with each missing nonce.
   *
   * @throws `agent_not_found`: The agent does not exist, or you cannot access it.
   * @throws `chain_not_configured`
   * @throws `chain_unavailable`
   * @throws `guardrail_violated`: A rule refuses the signature. `violation` says which, with its limit and what was
   * asked for.
   * @throws `signing_key_unusable`
   *
   * @example
   * await client.intents.repairNonces({ agent_id, chain: 'base' })
   */
  repairNonces(input: RepairNoncesInput, options?: CallOptions): Promise<RepairNoncesOutput>
}

/** Input of `intents.submit`. */
export interface SubmitTransactionInput {
  readonly agent_id: string
  /** Name or number of the chain, such as base or 8453. At most 64 characters. */
  readonly chain?: string | null | undefined
  /** Number of the chain. It must agree with chain. */
  readonly chain_id?: number | null | undefined
  /** Recipient. At most 128 characters. */
  readonly to?: string | null | undefined
  /**
   * Amount in the major unit, such as "0.01" ether. Whole numbers from 10^12 are wei. Default: 0. At most 128
   * characters.
   */
  readonly value?: string | null | undefined
  /** Calldata, as hexadecimal digits with 0x. At most 300000 characters. */
  readonly data?: string | null | undefined
  /**
   * Path of a secret that holds the key: keys/… or wallets/…. Default: the signing key of the agent, else
   * keys/{chain}-signer. At most 512 characters.
   */
  readonly signing_key_path?: string | null | undefined
  /** Maximum of gas. Default: 21000, or what a node estimates. */
  readonly gas_limit?: number | null | undefined
  /** Nonce. Default: the next one of the address. */
  readonly nonce?: number | null | undefined
  /** Price per gas in wei. Makes a transaction of type 0. At most 80 characters. */
  readonly gas_price?: string | null | undefined
  /** Most that a unit of gas can cost, in wei. At most 80 characters. */
  readonly max_fee_per_gas?: string | null | undefined
  /** Tip per gas, in wei. At most 80 characters. */
  readonly max_priority_fee_per_gas?: string | null | undefined
  /** Simulate, and sign only if that succeeds. Default: false. */
  readonly simulate_first?: boolean | null | undefined
  /** Type of the transaction: 0 legacy, 1 access list, 2 dynamic fee, 3 blob, 4 set code. */
  readonly tx_type?: number | null | undefined
  /** Addresses and storage keys, for types 1 to 4. At most 1000 entries. */
  readonly access_list?: readonly Json[] | null | undefined
  /** For type 3, in wei. At most 80 characters. */
  readonly max_fee_per_blob_gas?: string | null | undefined
  /** For type 3. At most 1000 entries. */
  readonly blob_versioned_hashes?: readonly Json[] | null | undefined
  /** For type 4: signed authorizations (EIP-7702). At most 1000 entries. */
  readonly authorization_list?: readonly Json[] | null | undefined
  /**
   * Token to transfer: its contract, mint, or policy and name. Default: the native currency. At most 256 characters.
   */
  readonly token_mint?: string | null | undefined
  /** Decimal places of the token. Default: those of a known token, else 6. From 0 to 36. */
  readonly token_decimals?: number | null | undefined
  /** For the XRP Ledger. */
  readonly destination_tag?: number | null | undefined
  /** For the XRP Ledger, Solana and Tron. At most 1024 characters. */
  readonly memo?: string | null | undefined
  /** For Bitcoin. */
  readonly fee_rate_sat_per_vbyte?: number | null | undefined
  /** For Tron. */
  readonly fee_limit_sun?: number | null | undefined
  /** For Cardano: the last slot. */
  readonly ttl?: number | null | undefined
  /** A whole transaction of the XRP Ledger. */
  readonly xrpl_tx_json?: JsonObject | null | undefined
  /** A whole transaction of Tron. */
  readonly tron_transaction?: JsonObject | null | undefined
  /**
   * eoa: the key signs itself. smart_account: the Safe of the agent makes the call, through a bundler. treasury:
   * makes a proposal of a treasury. Default: eoa.
   */
  readonly mode?: 'eoa' | 'smart_account' | 'treasury' | null | undefined
  /** For mode treasury. Default: the only treasury on the chain with a delegation for the agent. UUID. */
  readonly treasury_id?: string | null | undefined
  /** For mode smart_account, which it implies: whether a paymaster pays the fees. Default: false. */
  readonly gasless?: boolean | null | undefined
  /** Asks for the transaction of an approval instead of a new one. Everything else must be the same. UUID. */
  readonly approval_id?: string | null | undefined
  /** A whole transaction in base64, not for EVM chains. At most 131072 characters. */
  readonly raw_transaction?: string | null | undefined
}

export interface TransactionResponse {
  /** UUID. */
  readonly id: string
  /** UUID. */
  readonly agent_id: string
  readonly chain: string
  /** 0 for chains without a number. */
  readonly chain_id: number
  readonly from: string
  readonly to: string
  /** In the smallest unit of the chain, or of the token. */
  readonly value_wei: string
  /** The same amount as text, such as 0.5 ETH. Absent for an amount of a token. */
  readonly value?: string | undefined
  /** pending, awaiting_approval, signed, sign_only, broadcast, failed or simulation_failed. */
  readonly status: string
  /** sending, pending, included, confirmed, reverted, replaced, dropped or refused. */
  readonly chain_state?: string | undefined
  readonly nonce?: number | undefined
  readonly signed_tx?: string | undefined
  readonly tx_hash?: string | undefined
  /** Hash of the user operation. tx_hash is the transaction of the bundler, once it is on the chain. */
  readonly user_op_hash?: string | undefined
  readonly block?: number | undefined
  readonly error_message?: string | undefined
  /** RFC 3339 time. */
  readonly created_at: string
  /** RFC 3339 time. */
  readonly signed_at?: string | undefined
  readonly simulation_id?: string | undefined
  readonly simulation_status?: string | undefined
  readonly max_fee_per_gas?: string | undefined
  readonly max_priority_fee_per_gas?: string | undefined
  /** UUID. */
  readonly approval_id?: string | undefined
  /** People must agree first. Ask again with it as approval_id. UUID. */
  readonly pending_approval_id?: string | undefined
  readonly required_approvals?: number | undefined
  readonly current_approvals?: number | undefined
  /** RFC 3339 time. */
  readonly expires_at?: string | undefined
  readonly message?: string | undefined
  /** The proposal of a treasury that it asks for, or that it carries out. UUID. */
  readonly proposal_id?: string | undefined
}

/** Input of `intents.sign`. */
export interface SignTransactionInput {
  readonly agent_id: string
  /** Name or number of the chain, such as base or 8453. At most 64 characters. */
  readonly chain?: string | null | undefined
  /** Number of the chain. It must agree with chain. */
  readonly chain_id?: number | null | undefined
  /** Recipient. At most 128 characters. */
  readonly to?: string | null | undefined
  /**
   * Amount in the major unit, such as "0.01" ether. Whole numbers from 10^12 are wei. Default: 0. At most 128
   * characters.
   */
  readonly value?: string | null | undefined
  /** Calldata, as hexadecimal digits with 0x. At most 300000 characters. */
  readonly data?: string | null | undefined
  /**
   * Path of a secret that holds the key: keys/… or wallets/…. Default: the signing key of the agent, else
   * keys/{chain}-signer. At most 512 characters.
   */
  readonly signing_key_path?: string | null | undefined
  /** Maximum of gas. Default: 21000, or what a node estimates. */
  readonly gas_limit?: number | null | undefined
  /** Nonce. Default: the next one of the address. */
  readonly nonce?: number | null | undefined
  /** Price per gas in wei. Makes a transaction of type 0. At most 80 characters. */
  readonly gas_price?: string | null | undefined
  /** Most that a unit of gas can cost, in wei. At most 80 characters. */
  readonly max_fee_per_gas?: string | null | undefined
  /** Tip per gas, in wei. At most 80 characters. */
  readonly max_priority_fee_per_gas?: string | null | undefined
  /** Simulate, and sign only if that succeeds. Default: false. */
  readonly simulate_first?: boolean | null | undefined
  /** Type of the transaction: 0 legacy, 1 access list, 2 dynamic fee, 3 blob, 4 set code. */
  readonly tx_type?: number | null | undefined
  /** Addresses and storage keys, for types 1 to 4. At most 1000 entries. */
  readonly access_list?: readonly Json[] | null | undefined
  /** For type 3, in wei. At most 80 characters. */
  readonly max_fee_per_blob_gas?: string | null | undefined
  /** For type 3. At most 1000 entries. */
  readonly blob_versioned_hashes?: readonly Json[] | null | undefined
  /** For type 4: signed authorizations (EIP-7702). At most 1000 entries. */
  readonly authorization_list?: readonly Json[] | null | undefined
  /**
   * Token to transfer: its contract, mint, or policy and name. Default: the native currency. At most 256 characters.
   */
  readonly token_mint?: string | null | undefined
  /** Decimal places of the token. Default: those of a known token, else 6. From 0 to 36. */
  readonly token_decimals?: number | null | undefined
  /** For the XRP Ledger. */
  readonly destination_tag?: number | null | undefined
  /** For the XRP Ledger, Solana and Tron. At most 1024 characters. */
  readonly memo?: string | null | undefined
  /** For Bitcoin. */
  readonly fee_rate_sat_per_vbyte?: number | null | undefined
  /** For Tron. */
  readonly fee_limit_sun?: number | null | undefined
  /** For Cardano: the last slot. */
  readonly ttl?: number | null | undefined
  /** A whole transaction of the XRP Ledger. */
  readonly xrpl_tx_json?: JsonObject | null | undefined
  /** A whole transaction of Tron. */
  readonly tron_transaction?: JsonObject | null | undefined
  /**
   * eoa: the key signs itself. smart_account: the Safe of the agent makes the call, through a bundler. treasury:
   * makes a proposal of a treasury. Default: eoa.
   */
  readonly mode?: 'eoa' | 'smart_account' | 'treasury' | null | undefined
  /** For mode treasury. Default: the only treasury on the chain with a delegation for the agent. UUID. */
  readonly treasury_id?: string | null | undefined
  /** For mode smart_account, which it implies: whether a paymaster pays the fees. Default: false. */
  readonly gasless?: boolean | null | undefined
  /** Asks for the transaction of an approval instead of a new one. Everything else must be the same. UUID. */
  readonly approval_id?: string | null | undefined
  /** A whole transaction in base64, not for EVM chains. At most 131072 characters. */
  readonly raw_transaction?: string | null | undefined
}

export interface SignTransactionResponse {
  /** The transaction in the list of transactions. */
  readonly id: string
  readonly signed_tx?: string | undefined
  readonly tx_hash?: string | undefined
  readonly from: string
  readonly to: string
  readonly chain: string
  readonly chain_id: number
  /** 0 for chains without nonces. */
  readonly nonce: number
  readonly value_wei: string
  /** The same amount as text, such as 0.5 ETH. Absent for an amount of a token. */
  readonly value?: string | undefined
  readonly status: string
  readonly approval_id?: string | undefined
  readonly simulation_id?: string | undefined
  readonly simulation_status?: string | undefined
  readonly max_fee_per_gas?: string | undefined
  readonly max_priority_fee_per_gas?: string | undefined
  /** People must agree first. Ask again with it as approval_id. UUID. */
  readonly pending_approval_id?: string | undefined
  readonly required_approvals?: number | undefined
  readonly current_approvals?: number | undefined
  /** RFC 3339 time. */
  readonly expires_at?: string | undefined
  readonly message?: string | undefined
}

/** Input of `intents.signIntent`. */
export interface SignIntentInput {
  readonly agent_id: string
  /** Name or number of the chain, such as base or 8453. At most 64 characters. */
  readonly chain?: string | null | undefined
  /** Number of the chain. It must agree with chain. */
  readonly chain_id?: number | null | undefined
  /** Recipient. At most 128 characters. */
  readonly to?: string | null | undefined
  /**
   * Amount in the major unit, such as "0.01" ether. Whole numbers from 10^12 are wei. Default: 0. At most 128
   * characters.
   */
  readonly value?: string | null | undefined
  /** Calldata, as hexadecimal digits with 0x. At most 300000 characters. */
  readonly data?: string | null | undefined
  /**
   * Path of a secret that holds the key: keys/… or wallets/…. Default: the signing key of the agent, else
   * keys/{chain}-signer. At most 512 characters.
   */
  readonly signing_key_path?: string | null | undefined
  /** Maximum of gas. Default: 21000, or what a node estimates. */
  readonly gas_limit?: number | null | undefined
  /** Nonce. Default: the next one of the address. */
  readonly nonce?: number | null | undefined
  /** Price per gas in wei. Makes a transaction of type 0. At most 80 characters. */
  readonly gas_price?: string | null | undefined
  /** Most that a unit of gas can cost, in wei. At most 80 characters. */
  readonly max_fee_per_gas?: string | null | undefined
  /** Tip per gas, in wei. At most 80 characters. */
  readonly max_priority_fee_per_gas?: string | null | undefined
  /** Simulate, and sign only if that succeeds. Default: false. */
  readonly simulate_first?: boolean | null | undefined
  /** Type of the transaction: 0 legacy, 1 access list, 2 dynamic fee, 3 blob, 4 set code. */
  readonly tx_type?: number | null | undefined
  /** Addresses and storage keys, for types 1 to 4. At most 1000 entries. */
  readonly access_list?: readonly Json[] | null | undefined
  /** For type 3, in wei. At most 80 characters. */
  readonly max_fee_per_blob_gas?: string | null | undefined
  /** For type 3. At most 1000 entries. */
  readonly blob_versioned_hashes?: readonly Json[] | null | undefined
  /** For type 4: signed authorizations (EIP-7702). At most 1000 entries. */
  readonly authorization_list?: readonly Json[] | null | undefined
  /**
   * Token to transfer: its contract, mint, or policy and name. Default: the native currency. At most 256 characters.
   */
  readonly token_mint?: string | null | undefined
  /** Decimal places of the token. Default: those of a known token, else 6. From 0 to 36. */
  readonly token_decimals?: number | null | undefined
  /** For the XRP Ledger. */
  readonly destination_tag?: number | null | undefined
  /** For the XRP Ledger, Solana and Tron. At most 1024 characters. */
  readonly memo?: string | null | undefined
  /** For Bitcoin. */
  readonly fee_rate_sat_per_vbyte?: number | null | undefined
  /** For Tron. */
  readonly fee_limit_sun?: number | null | undefined
  /** For Cardano: the last slot. */
  readonly ttl?: number | null | undefined
  /** A whole transaction of the XRP Ledger. */
  readonly xrpl_tx_json?: JsonObject | null | undefined
  /** A whole transaction of Tron. */
  readonly tron_transaction?: JsonObject | null | undefined
  /**
   * eoa: the key signs itself. smart_account: the Safe of the agent makes the call, through a bundler. treasury:
   * makes a proposal of a treasury. Default: eoa.
   */
  readonly mode?: 'eoa' | 'smart_account' | 'treasury' | null | undefined
  /** For mode treasury. Default: the only treasury on the chain with a delegation for the agent. UUID. */
  readonly treasury_id?: string | null | undefined
  /** For mode smart_account, which it implies: whether a paymaster pays the fees. Default: false. */
  readonly gasless?: boolean | null | undefined
  /** Asks for the transaction of an approval instead of a new one. Everything else must be the same. UUID. */
  readonly approval_id?: string | null | undefined
  /** A whole transaction in base64, not for EVM chains. At most 131072 characters. */
  readonly raw_transaction?: string | null | undefined
  readonly intent_type: 'personal_sign' | 'typed_data' | 'eip712_digest' | 'transaction' | 'digest'
  /**
   * For personal_sign: hexadecimal digits are bytes, with or without 0x. Any other text is UTF-8. An agent with
   * limits needs raw_signing_enabled for a message of 32 bytes. At most 262144 characters.
   */
  readonly message?: string | null | undefined
  /** For typed_data: types, primaryType, domain and message (EIP-712). */
  readonly typed_data?: JsonObject | null | undefined
  /** For eip712_digest: 32 bytes. Needs raw_signing_enabled. At most 66 characters. */
  readonly hash?: string | null | undefined
  /** For transactions that are not on EVM chains: do not send it. Default: false. */
  readonly sign_only?: boolean | null | undefined
}

export interface SignIntentResponse {
  readonly intent_type: string
  readonly chain: string
  readonly from: string
  readonly signature?: string | undefined
  readonly signed_tx?: string | undefined
  readonly tx_hash?: string | undefined
  readonly message_hash?: string | undefined
  readonly typed_data_hash?: string | undefined
  readonly tx_type?: number | undefined
  /** UUID. */
  readonly id?: string | undefined
  readonly status?: string | undefined
  /** UUID. */
  readonly approval_id?: string | undefined
  /** People must agree first. Ask again with it as approval_id. UUID. */
  readonly pending_approval_id?: string | undefined
  readonly required_approvals?: number | undefined
  readonly current_approvals?: number | undefined
  /** RFC 3339 time. */
  readonly expires_at?: string | undefined
  readonly message?: string | undefined
}

/** Input of `intents.simulate`. */
export interface SimulateTransactionInput {
  readonly agent_id: string
  /** Name or number of the chain, such as base or 8453. At most 64 characters. */
  readonly chain?: string | null | undefined
  /** Number of the chain. It must agree with chain. */
  readonly chain_id?: number | null | undefined
  /** Recipient. At most 128 characters. */
  readonly to?: string | null | undefined
  /**
   * Amount in the major unit, such as "0.01" ether. Whole numbers from 10^12 are wei. Default: 0. At most 128
   * characters.
   */
  readonly value?: string | null | undefined
  /** Calldata, as hexadecimal digits with 0x. At most 300000 characters. */
  readonly data?: string | null | undefined
  /**
   * Path of a secret that holds the key: keys/… or wallets/…. Default: the signing key of the agent, else
   * keys/{chain}-signer. At most 512 characters.
   */
  readonly signing_key_path?: string | null | undefined
  /** Maximum of gas. Default: 21000, or what a node estimates. */
  readonly gas_limit?: number | null | undefined
}

export interface SimulationResponse {
  readonly simulation_id: string
  readonly status: 'success' | 'reverted' | 'error'
  readonly gas_used: number
  /** In the smallest unit. Empty also if the node cannot tell, which `error` says then. */
  readonly balance_changes: BalanceChange[]
  readonly error?: string | undefined
  readonly error_code?: string | undefined
  readonly error_human_readable?: string | undefined
  readonly revert_reason?: string | undefined
  /** RFC 3339 time. */
  readonly simulated_at: string
}

export interface BalanceChange {
  readonly address: string
  /** Contract of the token. Absent for the native currency. */
  readonly token?: string | undefined
  readonly token_symbol?: string | undefined
  readonly before: string
  readonly after: string
  readonly change: string
  /** The change as text, such as -0.5 ETH. */
  readonly amount: string
}

/** Input of `intents.simulateBundle`. */
export interface SimulateBundleInput {
  readonly agent_id: string
  /** Each runs on the state that the ones before it leave. All are for one chain. At most 20 entries. */
  readonly transactions: readonly SimulateBundleTransactions[]
}

export interface SimulateBundleTransactions {
  /** Name or number of the chain, such as base or 8453. At most 64 characters. */
  readonly chain?: string | null | undefined
  /** Number of the chain. It must agree with chain. */
  readonly chain_id?: number | null | undefined
  /** Recipient. At most 128 characters. */
  readonly to?: string | null | undefined
  /**
   * Amount in the major unit, such as "0.01" ether. Whole numbers from 10^12 are wei. Default: 0. At most 128
   * characters.
   */
  readonly value?: string | null | undefined
  /** Calldata, as hexadecimal digits with 0x. At most 300000 characters. */
  readonly data?: string | null | undefined
  /**
   * Path of a secret that holds the key: keys/… or wallets/…. Default: the signing key of the agent, else
   * keys/{chain}-signer. At most 512 characters.
   */
  readonly signing_key_path?: string | null | undefined
  /** Maximum of gas. Default: 21000, or what a node estimates. */
  readonly gas_limit?: number | null | undefined
}

export interface BundleSimulationResponse {
  readonly simulations: SimulationResponse[]
}

/** Input of `intents.explain`. */
export interface ExplainTransactionInput {
  readonly agent_id: string
  /** Name or number of the chain, such as base or 8453. At most 64 characters. */
  readonly chain?: string | null | undefined
  /** Number of the chain. It must agree with chain. */
  readonly chain_id?: number | null | undefined
  /** Recipient. At most 128 characters. */
  readonly to?: string | null | undefined
  /**
   * Amount in the major unit, such as "0.01" ether. Whole numbers from 10^12 are wei. Default: 0. At most 128
   * characters.
   */
  readonly value?: string | null | undefined
  /** Calldata, as hexadecimal digits with 0x. At most 300000 characters. */
  readonly data?: string | null | undefined
  /**
   * Path of a secret that holds the key: keys/… or wallets/…. Default: the signing key of the agent, else
   * keys/{chain}-signer. At most 512 characters.
   */
  readonly signing_key_path?: string | null | undefined
  /** Maximum of gas. Default: 21000, or what a node estimates. */
  readonly gas_limit?: number | null | undefined
}

export interface GuardrailExplanation {
  /** logged: a rule refuses, and the limits of the agent are only logged. */
  readonly outcome: 'allowed' | 'logged' | 'refused' | 'needs_approval'
  /** The verdict that decides. Null: every rule allows. */
  readonly violation: GuardrailVerdict | null
  /** What each rule says that has something to check. */
  readonly verdicts: GuardrailVerdict[]
  /** What is left of each budget, before this transaction. */
  readonly budgets: GuardrailExplanationBudgets[]
}

export interface GuardrailVerdict {
  readonly rule: string
  readonly allowed: boolean
  readonly reason: string
  readonly reason_code: string
  /** Money is decimal text in the unit of the chain. */
  readonly limit: string | number | null
  /** What was used of the limit before. */
  readonly current: string | number | null
  readonly attempted: string | number | null
}

export interface GuardrailExplanationBudgets {
  readonly rule: string
  /** What is counted: a family (evm), a network (evm/base), or everything (empty). */
  readonly within: string
  readonly limit: string | number
  readonly used: string | number
  readonly left: string | number
  /** When the count begins anew. Absent: each amount counts for 24 hours. */
  readonly resets_at?: string | undefined
}

/** Input of `intents.list`. */
export interface ListTransactionsInput {
  readonly agent_id: string
  /** true or 1: with signed_tx. Default: without. */
  readonly include_signed_tx?: string | undefined
  /** Maximum number of entries. Default: all. From 1 to 1000. */
  readonly limit?: number | null | undefined
  /** The next_cursor of the previous answer. Default: the beginning of the list. At most 1024 characters. */
  readonly cursor?: string | null | undefined
}

export interface TransactionListResponse {
  readonly transactions: TransactionResponse[]
  readonly next_cursor?: string | undefined
}

/** Input of `intents.get`. */
export interface GetTransactionInput {
  readonly agent_id: string
  /** UUID. */
  readonly tx_id: string
  /** true or 1: with signed_tx. Default: without. */
  readonly include_signed_tx?: string | undefined
}

/** Input of `intents.nonces`. */
export interface ListNoncesInput {
  readonly agent_id: string
  /** Maximum number of entries. Default: all. From 1 to 1000. */
  readonly limit?: number | null | undefined
  /** The next_cursor of the previous answer. Default: the beginning of the list. At most 1024 characters. */
  readonly cursor?: string | null | undefined
}

/** Output of `intents.nonces`. */
export interface ListNoncesOutput {
  readonly nonces: NonceLane[]
  readonly next_cursor?: string | undefined
}

export interface NonceLane {
  readonly chain: string
  readonly address: string
  /** Nonce of the next transaction. */
  readonly next: number
  /** What the node expects next. Absent without a node. */
  readonly pending?: number | undefined
  /** Nonces without a transaction. Later transactions wait for them. */
  readonly gaps: number[]
}

/** Input of `intents.repairNonces`. */
export interface RepairNoncesInput {
  /** UUID. */
  readonly agent_id: string
  /** Name of a chain, such as base. At most 64 characters. */
  readonly chain: string
}

/** Output of `intents.repairNonces`. */
export interface RepairNoncesOutput {
  /** Addresses whose next nonce is what the node expects again. */
  readonly reset: string[]
  /** Nonces that a transaction has now. */
  readonly filled: number[]
}
