// Written by tools/gen-client-types.ts.

import type { CallOptions, NoInput } from '../types.ts'

/** Payments for single calls, by the x402 protocol. */
export interface X402Client {
  /** Get how calls over the limit of a tier are paid. For the operator. */
  get(input?: NoInput, options?: CallOptions): Promise<X402Config>

  /**
   * Change how calls over the limit of a tier are paid. For the operator.
   *
   * @throws `no_tiers`: This server has no tiers, so no request is over a limit. Set PAWL_TIERS first.
   *
   * @example
   * await client.x402.update({
   *   pay_to: '0x209693Bc6afc0C5328bA36FaF03C514EF312287C',
   *   network: 'eip155:8453',
   *   facilitator_url: 'http://127.0.0.1:4020',
   *   prices: { "secrets.get": '0.001' },
   * })
   */
  update(input?: AdminUpdateX402ConfigInput, options?: CallOptions): Promise<X402Config>
}

export interface X402Config {
  readonly pay_to?: string | undefined
  readonly network: string
  readonly scheme: string
  readonly free_tier_limit?: number | undefined
  readonly facilitator_url?: string | undefined
  readonly prices: { readonly [name: string]: string }
  /** Contract of USDC on the network. */
  readonly asset?: string | undefined
}

/** Input of `x402.update`. */
export interface AdminUpdateX402ConfigInput {
  /** Address that gets the payments. null: no call can be paid. */
  readonly pay_to?: string | null | undefined
  /**
   * Chain of the payments, as your facilitator names it: eip155:8453 or base. Default: eip155:8453. At most 64
   * characters.
   */
  readonly network?: string | null | undefined
  /** Scheme of the payments. Default: exact. */
  readonly scheme?: 'exact' | null | undefined
  /** Free requests per month in the default tier. null: as PAWL_TIERS says. */
  readonly free_tier_limit?: number | null | undefined
  /** URL of the facilitator, without /verify. null: no call can be paid. At most 2048 characters. */
  readonly facilitator_url?: string | null | undefined
  /** US dollars by operation, such as {"secrets.get": "0.001"}. Others cost what their tier says. */
  readonly prices?: { readonly [name: string]: string } | null | undefined
}
