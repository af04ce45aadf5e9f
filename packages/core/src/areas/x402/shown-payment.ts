import { frame, fromBase64url, fromUtf8, hex, utf8 } from '../../kernel/bytes.ts'
import { canonicalJson, type Json } from '../../kernel/json.ts'
import type { Services } from '../../operations/index.ts'
import type { Payment, PaymentRequirement } from '../../ports/facilitator.ts'

// Reads the header `X-PAYMENT`. Published clients write it as JSON, and others as base64 of that.

const headerCharactersMax = 8_192

/** A payment as the caller showed it, and its hash. The hash is the same in every spelling of the payment. */
export interface ShownPayment {
  readonly payment: Payment
  readonly id: string
}

/** Null: the header is not a payment. */
export function paymentIn({ crypto }: Pick<Services, 'crypto'>, header: string): ShownPayment | null {
  if (header.length > headerCharactersMax) return null
  const parsed = parsedJson(() => header) ?? parsedJson(() => textOfBase64(header))
  if (parsed === null || typeof parsed !== 'object' || Array.isArray(parsed)) return null
  const { x402Version, scheme, network, payload } = parsed as Readonly<Record<string, Json>>
  if (x402Version !== 1 || typeof scheme !== 'string' || typeof network !== 'string' || !payload) return null
  const inner = typeof payload === 'string' ? (parsedJson(() => payload) ?? payload) : payload
  const payment: Payment = { x402Version, scheme, network, payload: inner }
  return { payment, id: hex(crypto.sha256(frame(...identityOf(payment).map(utf8)))) }
}

/**
 * The fields that identify a payment. For an authorization (EIP-3009), these are its payer and nonce. So another spelling of the
 * same authorization or signature is the same payment.
 */
function identityOf({ scheme, network, payload }: Payment): string[] {
  const { from, nonce } = authorizationIn(payload)
  if (typeof from === 'string' && typeof nonce === 'string') {
    return ['authorization', from.toLowerCase(), nonce.toLowerCase()]
  }
  return ['payload', scheme, network, canonicalJson(payload)]
}

/** Why a payment cannot satisfy the requirement, as far as it shows. Null: the facilitator decides. */
export function mismatch({ scheme, network, payload }: Payment, wanted: PaymentRequirement): string | null {
  if (scheme !== wanted.scheme) return 'The payment has another scheme.'
  if (network !== wanted.network) return 'The payment is on another network.'
  const { to, value } = authorizationIn(payload)
  if (to !== undefined && String(to).toLowerCase() !== wanted.payTo.toLowerCase()) {
    return 'The payment is for another recipient.'
  }
  if (value !== undefined && String(value) !== wanted.maxAmountRequired) return 'The payment is of another amount.'
  return null
}

function authorizationIn(payload: Json): Readonly<Record<string, Json | undefined>> {
  const { authorization } = (payload ?? {}) as { readonly authorization?: Json }
  if (!authorization || typeof authorization !== 'object' || Array.isArray(authorization)) return {}
  return authorization as Readonly<Record<string, Json>>
}

function parsedJson(textOf: () => string | null): Json {
  try {
    const text = textOf()
    return text === null ? null : JSON.parse(text)
  } catch {
    return null
  }
}

/** Clients write both alphabets, with and without padding. */
function textOfBase64(text: string): string | null {
  const bytes = fromBase64url(text.trim().replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, ''))
  return bytes && fromUtf8(bytes)
}
