// Written by tools/gen-client-types.ts.

import type { CallOptions, NoInput } from '../types.ts'

/** The chains and tokens that agents can use. */
export interface ChainsClient {
  /** List the chains that agents can use. */
  list(input?: NoInput, options?: CallOptions): Promise<ListChainsOutput>

  /**
   * Get a chain by its name, number or ID.
   *
   * @throws `chain_not_found`: The chain does not exist. GET /v1/chains lists the chains.
   *
   * @example
   * await client.chains.get({ identifier: 'base' })
   */
  get(input: GetChainInput, options?: CallOptions): Promise<Chain>

  /** List all chains, including disabled ones. For the operator. */
  readonly listAll: {
    (input?: AdminListChainsInput, options?: CallOptions): Promise<AdminListChainsOutput>
    /** Everything there is, page after page; `limit` is how much of it comes at once. */
    each(
      input?: Omit<AdminListChainsInput, 'offset' | 'cursor'>,
      options?: CallOptions,
    ): AsyncGenerator<Chain, void, undefined>
  }

  /**
   * Add a chain of the EVM family, or a removed one with its old name and number. For the operator.
   *
   * @throws `chain_exists`: A chain with this name or number exists.
   * @throws `chain_removed`: A built-in chain with this name or number was removed. It returns with its old name and
   * number together.
   *
   * @example
   * await client.chains.create({
   *   name: 'local',
   *   display_name: 'Local',
   *   chain_id: 31337,
   *   rpc_url: 'http://127.0.0.1:8545',
   * })
   */
  create(input: CreateChainInput, options?: CallOptions): Promise<Chain>

  /**
   * Change a chain, or disable it for all agents. For the operator.
   *
   * @throws `chain_not_found`: The chain does not exist. GET /v1/chains lists the chains.
   *
   * @example
   * await client.chains.update({ chain_id, is_enabled: false })
   */
  update(input: UpdateChainInput, options?: CallOptions): Promise<Chain>

  /**
   * Remove a chain. No agent can use it any more. For the operator.
   *
   * @throws `chain_not_found`: The chain does not exist. GET /v1/chains lists the chains.
   *
   * @example
   * await client.chains.delete({ chain_id })
   */
  delete(input: DeleteChainInput, options?: CallOptions): Promise<void>

  /**
   * List the known tokens of all chains, or of one.
   *
   * @example
   * await client.chains.listTokens({ chain: 'base' })
   */
  readonly listTokens: {
    (input?: ListKnownTokensInput, options?: CallOptions): Promise<ListKnownTokensOutput>
    /** Everything there is, page after page; `limit` is how much of it comes at once. */
    each(
      input?: Omit<ListKnownTokensInput, 'offset' | 'cursor'>,
      options?: CallOptions,
    ): AsyncGenerator<KnownToken, void, undefined>
  }

  /**
   * List the known tokens of a chain.
   *
   * @throws `chain_not_found`: The chain does not exist. GET /v1/chains lists the chains.
   *
   * @example
   * await client.chains.listTokensOf({ chain_name: 'base' })
   */
  readonly listTokensOf: {
    (input: ListTokensByChainInput, options?: CallOptions): Promise<ListTokensByChainOutput>
    /** Everything there is, page after page; `limit` is how much of it comes at once. */
    each(
      input: Omit<ListTokensByChainInput, 'offset' | 'cursor'>,
      options?: CallOptions,
    ): AsyncGenerator<KnownToken, void, undefined>
  }

  /**
   * Add a known token. For the operator.
   *
   * @throws `token_exists`: The chain has a token with this contract.
   *
   * @example
   * await client.chains.createToken({
   *   chain: 'base',
   *   symbol: 'DAI',
   *   name: 'Dai',
   *   contract_address: '0x50c5725949A6F0c72E6C4a641F24049A917DB0Cb',
   *   decimals: 18,
   * })
   */
  createToken(input: CreateKnownTokenInput, options?: CallOptions): Promise<KnownToken>

  /**
   * Remove a known token. For the operator.
   *
   * @throws `token_not_found`: The token does not exist.
   *
   * @example
   * await client.chains.deleteToken({ token_id })
   */
  deleteToken(input: DeleteKnownTokenInput, options?: CallOptions): Promise<void>
}

/** Output of `chains.list`. */
export interface ListChainsOutput {
  readonly chains: Chain[]
}

export interface Chain {
  /** UUID. */
  readonly id: string
  readonly name: string
  readonly display_name: string
  /** 0 for chains without a number. */
  readonly chain_id: number
  readonly rpc_url?: string | undefined
  readonly ws_url?: string | undefined
  readonly explorer_url?: string | undefined
  readonly native_currency: string
  readonly is_testnet: boolean
  readonly is_enabled: boolean
  /** RFC 3339 time. */
  readonly created_at: string
  /** RFC 3339 time. */
  readonly updated_at: string
}

/** Input of `chains.get`. */
export interface GetChainInput {
  /** At most 100 characters. */
  readonly identifier: string
}

/** Input of `chains.listAll`. */
export interface AdminListChainsInput {
  /** Maximum number of entries. Default: all. From 1 to 1000. */
  readonly limit?: number | null | undefined
  /** The next_cursor of the previous answer. Default: the beginning of the list. At most 1024 characters. */
  readonly cursor?: string | null | undefined
}

/** Output of `chains.listAll`. */
export interface AdminListChainsOutput {
  readonly chains: Chain[]
  readonly next_cursor?: string | undefined
}

/** Input of `chains.create`. */
export interface CreateChainInput {
  /** What agents name the chain. */
  readonly name: string
  /** What people read. At most 255 characters. */
  readonly display_name: string
  /** Number of the chain (EIP-155). */
  readonly chain_id: number
  /** URL of a node. Every caller can see it. For a URL with a key, set PAWL_RPC_<CHAIN> instead. */
  readonly rpc_url?: string | null | undefined
  /** WebSocket URL of a node. Every caller can see it. */
  readonly ws_url?: string | null | undefined
  /** URL of a block explorer. */
  readonly explorer_url?: string | null | undefined
  /** Symbol of the native currency. Default: ETH. At most 16 characters. */
  readonly native_currency?: string | null | undefined
  /** Default: false. */
  readonly is_testnet?: boolean | null | undefined
  /** Whether agents can use it. Default: true. */
  readonly is_enabled?: boolean | null | undefined
}

/** Input of `chains.update`. */
export interface UpdateChainInput {
  /** ID of the entry, not the number of the chain. UUID. */
  readonly chain_id: string
  /** What people read. At most 255 characters. */
  readonly display_name?: string | null | undefined
  /** URL of a node. Every caller can see it. For a URL with a key, set PAWL_RPC_<CHAIN> instead. */
  readonly rpc_url?: string | null | undefined
  /** WebSocket URL of a node. Every caller can see it. */
  readonly ws_url?: string | null | undefined
  /** URL of a block explorer. */
  readonly explorer_url?: string | null | undefined
  /** Symbol of the native currency. Default: ETH. At most 16 characters. */
  readonly native_currency?: string | null | undefined
  /** Default: false. */
  readonly is_testnet?: boolean | null | undefined
  /** Whether agents can use it. Default: true. */
  readonly is_enabled?: boolean | null | undefined
}

/** Input of `chains.delete`. */
export interface DeleteChainInput {
  /** ID of the entry, not the number of the chain. UUID. */
  readonly chain_id: string
}

/** Input of `chains.listTokens`. */
export interface ListKnownTokensInput {
  /** Name, number or ID of a chain. Default: all. At most 100 characters. */
  readonly chain?: string | null | undefined
  /** Maximum number of entries. Default: all. From 1 to 1000. */
  readonly limit?: number | null | undefined
  /** The next_cursor of the previous answer. Default: the beginning of the list. At most 1024 characters. */
  readonly cursor?: string | null | undefined
}

/** Output of `chains.listTokens`. */
export interface ListKnownTokensOutput {
  readonly tokens: KnownToken[]
  readonly next_cursor?: string | undefined
}

export interface KnownToken {
  /** UUID. */
  readonly id: string
  readonly chain: string
  readonly symbol: string
  readonly name: string
  readonly contract_address: string
  readonly decimals: number
  readonly is_testnet: boolean
  readonly is_verified: boolean
  /** RFC 3339 time. */
  readonly created_at: string
  /** RFC 3339 time. */
  readonly updated_at: string
}

/** Input of `chains.listTokensOf`. */
export interface ListTokensByChainInput {
  /** Name, number or ID of the chain. At most 100 characters. */
  readonly chain_name: string
  /** Maximum number of entries. Default: all. From 1 to 1000. */
  readonly limit?: number | null | undefined
  /** The next_cursor of the previous answer. Default: the beginning of the list. At most 1024 characters. */
  readonly cursor?: string | null | undefined
}

/** Output of `chains.listTokensOf`. */
export interface ListTokensByChainOutput {
  readonly tokens: KnownToken[]
  readonly next_cursor?: string | undefined
}

/** Input of `chains.createToken`. */
export interface CreateKnownTokenInput {
  /** Name, number or ID of the chain. At most 100 characters. */
  readonly chain: string
  /** What people read, such as USDC. At most 16 characters. */
  readonly symbol: string
  /** The long name, such as USD Coin. At most 255 characters. */
  readonly name: string
  /** Contract, mint, or policy and name. At most 200 characters. */
  readonly contract_address: string
  /** Number of decimal places of an amount. From 0 to 36. */
  readonly decimals: number
  /** Default: false. */
  readonly is_testnet?: boolean | null | undefined
  /** Default: true. */
  readonly is_verified?: boolean | null | undefined
}

/** Input of `chains.deleteToken`. */
export interface DeleteKnownTokenInput {
  /** UUID. */
  readonly token_id: string
}
