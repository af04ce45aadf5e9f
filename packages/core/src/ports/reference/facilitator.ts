import { hex, utf8 } from '../../kernel/bytes.ts'
import type { Json } from '../../kernel/json.ts'
import {
  type Facilitator,
  type Facilitators,
  FacilitatorUnavailable,
  type Payment,
  type PaymentRequirement,
} from '../facilitator.ts'

/** No facilitator can be reached. This is the default. */
export const noFacilitators: Facilitators = () => {
  const refuse = async () => {
    throw new FacilitatorUnavailable('This engine was opened without facilitators.')
  }
  return { verify: refuse, settle: refuse }
}

export interface MemoryFacilitator extends Facilitator {
  /** Returns a payment that it accepts. The payer has enough money. */
  pay(requirement: PaymentRequirement, more?: { readonly from?: string; readonly nonce?: string }): Payment
  /** What was settled, in that order. */
  readonly settled: readonly SettledPayment[]
  /** Takes all money from a payer. */
  empty(from: string): void
}

export interface SettledPayment {
  readonly from: string
  readonly to: string
  readonly value: string
  readonly resource: string
  readonly transaction: string
}

/**
 * A facilitator for tests. It moves money that does not exist, and moves the money of each authorization once.
 *
 * @example
 * const facilitator = memoryFacilitator()
 * const header = JSON.stringify(facilitator.pay(requirement))
 */
export function memoryFacilitator(): MemoryFacilitator {
  const settled: SettledPayment[] = []
  const transactions = new Map<string, string>()
  const poor = new Set<string>()
  let payments = 0

  const problemWith = (payment: Payment, wanted: PaymentRequirement): string | null => {
    const signed = signedIn(payment.payload)
    if (payment.scheme !== wanted.scheme || payment.network !== wanted.network) return 'invalid_network'
    if (!signed || signed.signature !== signatureOf(signed.authorization)) return 'invalid_exact_evm_payload_signature'
    const { from, to, value } = signed.authorization
    if (to !== wanted.payTo) return 'invalid_exact_evm_payload_recipient_mismatch'
    if (value !== wanted.maxAmountRequired) return 'invalid_exact_evm_payload_authorization_value'
    return poor.has(from) ? 'insufficient_funds' : null
  }

  return {
    settled,
    empty: (from) => void poor.add(from),
    pay: (
      { scheme, network, payTo, maxAmountRequired },
      { from = payer, nonce = hex(utf8(`n${++payments}`)) } = {},
    ) => {
      const authorization = { from, to: payTo, value: maxAmountRequired, nonce }
      return { x402Version: 1, scheme, network, payload: { signature: signatureOf(authorization), authorization } }
    },
    verify: async (payment, wanted) => {
      const reason = problemWith(payment, wanted)
      return reason === null ? { isValid: true, payer: payerOf(payment) } : { isValid: false, reason }
    },
    settle: async (payment, wanted) => {
      const reason = problemWith(payment, wanted)
      const signed = signedIn(payment.payload)
      if (reason !== null || !signed) return { success: false, reason: reason ?? 'invalid_payload' }
      const { from, to, value, nonce } = signed.authorization
      const known = transactions.get(`${from} ${nonce}`)
      const transaction =
        known ??
        `0x${hex(utf8(`${from}${nonce}`))
          .slice(-64)
          .padStart(64, '0')}`
      if (known === undefined) settled.push({ from, to, value, resource: wanted.resource, transaction })
      transactions.set(`${from} ${nonce}`, transaction)
      return { success: true, transaction, payer: from }
    },
  }
}

const payer = '0x857b06519E91e3A54538791bDbb0E22373e36b66'

interface Authorization {
  readonly [field: string]: Json
  readonly from: string
  readonly to: string
  readonly value: string
  readonly nonce: string
}

/** Stands for a signature: it belongs to exactly one authorization. */
function signatureOf({ from, to, value, nonce }: Authorization): string {
  return `0x${hex(utf8([from, to, value, nonce].join(' ')))}`
}

function signedIn(payload: Json): { readonly signature: string; readonly authorization: Authorization } | null {
  const { signature, authorization } = (payload ?? {}) as { signature?: unknown; authorization?: Authorization }
  return typeof signature === 'string' && authorization ? { signature, authorization } : null
}

function payerOf({ payload }: Payment): string | null {
  return signedIn(payload)?.authorization.from ?? null
}
