import type { Json } from '../kernel/json.ts'

/**
 * Checks payments of the x402 protocol and carries them out on their chain. The operator chooses one by its URL, and trusts
 * its word that money has moved. The engine asks it to verify a payment first, and to settle it just before it answers a call.
 *
 * `settle` moves the money of a payment once, also when it is asked again because an answer was lost. It should report success
 * then. If it reports a failure, the caller has paid and got nothing.
 *
 * @example
 * const verdict = await facilitator.verify(payment, requirement)
 * if (verdict.isValid) await facilitator.settle(payment, requirement)
 */
export interface Facilitator {
  verify(payment: Payment, requirement: PaymentRequirement): Promise<PaymentVerdict>
  settle(payment: Payment, requirement: PaymentRequirement): Promise<Settlement>
}

/** The facilitator at a URL. */
export type Facilitators = (url: string) => Facilitator

/** What a caller shows in the header `X-PAYMENT`. */
export interface Payment {
  readonly x402Version: 1
  readonly scheme: string
  readonly network: string
  /** Depends on the scheme. For `exact` on EVM chains: a signature and an authorization (EIP-3009). */
  readonly payload: Json
}

/** How a call can be paid, in the form of the protocol. */
export interface PaymentRequirement {
  readonly scheme: string
  /** `eip155:8453`, or the name of a network. */
  readonly network: string
  /** The price in atomic units of the asset. */
  readonly maxAmountRequired: string
  /** URL of what is paid. */
  readonly resource: string
  readonly description: string
  readonly mimeType: string
  readonly payTo: string
  readonly maxTimeoutSeconds: number
  /** The token contract. */
  readonly asset: string
  /** The price in US dollars, without a currency sign. */
  readonly price: string
  /** The EIP-712 domain of the token. */
  readonly extra: { readonly name: string; readonly version: string }
}

/** `reason` is a word of the facilitator, such as `insufficient_funds`. */
export type PaymentVerdict =
  | { readonly isValid: true; readonly payer: string | null }
  | { readonly isValid: false; readonly reason: string }

export type Settlement =
  | { readonly success: true; readonly transaction: string; readonly payer: string | null }
  | { readonly success: false; readonly reason: string }

/** There is no usable answer. A payment that was to be settled may have been settled. */
export class FacilitatorUnavailable extends Error {
  override readonly name = 'FacilitatorUnavailable'
}
