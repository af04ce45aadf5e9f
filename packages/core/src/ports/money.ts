// Services of others that wallets can use. None is needed: an operation whose service is not configured answers
// `service_not_configured` with the name of the setting. No key of a wallet crosses these ports.

/** The configured services. Every member is optional. */
export interface MoneyServices {
  readonly swaps?: Swaps
  readonly fiatRamp?: FiatRamp
  readonly bankr?: Bankr
}

export type MoneyService = keyof MoneyServices

/** Quotes what one token costs in another on an EVM chain. The wallet signs and sends the transactions itself. */
export interface Swaps {
  /** Throws `MoneyServiceFailed` if there is no quote. */
  quote(wanted: SwapWanted): Promise<SwapQuote>
}

export interface SwapWanted {
  readonly chainId: number
  /** The wallet that sells and gets what is bought. */
  readonly wallet: string
  /** Contract of the token. Null: the native currency. */
  readonly sellToken: string | null
  readonly buyToken: string | null
  /** In the smallest unit. */
  readonly sellAmount: bigint
  /** Hundredths of a percent by which the price may get worse. */
  readonly slippageBps: number
}

export interface SwapQuote {
  /** The contract that the wallet calls. */
  readonly to: string
  /** Calldata as `0x` and hexadecimal digits. */
  readonly data: string
  /** Native currency that the call moves. */
  readonly value: bigint
  readonly gasLimit: bigint
  /** The contract that takes the sold tokens. Null: the native currency is sold. */
  readonly spender: string | null
  /** The expected amount, in the smallest unit. */
  readonly buyAmount: bigint
}

/** A service where people buy and sell coins for money. Pawl gives out the address of its page, and the service does the rest. */
export interface FiatRamp {
  readonly provider: string
  onramp(wanted: OnrampWanted): Promise<{ readonly url: string }>
  offramp(wanted: OfframpWanted): Promise<{ readonly id: string; readonly url: string; readonly status: string }>
}

export interface OnrampWanted {
  readonly chain: string
  readonly asset: string
  /** Null: the person chooses on the page. */
  readonly amountUsd: string | null
  readonly destination: string
}

export interface OfframpWanted {
  readonly chain: string
  readonly asset: string
  readonly amount: string
  readonly source: string
}

/** Leases short-lived keys of Bankr wallets, with the partner key of an organisation. */
export interface Bankr {
  lease(wanted: BankrWanted): Promise<{ readonly keyId: string; readonly apiKey: string }>
  /** An unknown or expired key is not an error, so the call can be repeated. */
  revoke(wanted: { readonly partnerKey: string; readonly keyId: string }): Promise<void>
}

export interface BankrWanted {
  readonly partnerKey: string
  readonly walletId: string
  readonly ttlSeconds: number
  readonly permissions: BankrPermissions
}

export interface BankrPermissions {
  readonly llmGateway: boolean
  readonly agentApi: boolean
  readonly readOnly: boolean
}

/** A service did not do what was asked. The message is for the operator, and contains no credential. */
export class MoneyServiceFailed extends Error {
  override readonly name = 'MoneyServiceFailed'
}
