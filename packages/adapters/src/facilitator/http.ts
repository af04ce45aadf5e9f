import {
  type Egress,
  type EgressResponse,
  type Facilitator,
  FacilitatorUnavailable,
  type Payment,
  type PaymentRequirement,
  utf8,
} from '@pawl/core/ports'

export interface HttpFacilitatorOptions {
  /** `/verify` and `/settle` are added to it. */
  readonly url: string
  /** Must allow the host of the facilitator. */
  readonly egress: Egress
  /** Default: 5 s. */
  readonly verifyMs?: number
  /** Default: 30 s, because a settlement waits for its chain. */
  readonly settleMs?: number
}

const responseBytesMax = 64 * 1024

/**
 * A facilitator of the x402 protocol, version 1. Only the expected fields of its answer count. An answer in another format
 * is no answer.
 *
 * @example
 * const facilitator = httpFacilitator({ url: 'https://facilitator.example.com', egress })
 */
export function httpFacilitator(options: HttpFacilitatorOptions): Facilitator {
  const { verifyMs = 5_000, settleMs = 30_000 } = options
  return {
    verify: async (payment, requirement) => {
      const said = await ask(options, 'verify', verifyMs, payment, requirement)
      if (said.isValid === true && said.isSuccess) return { isValid: true, payer: wordIn(said.payer) }
      if (said.isValid === false) return { isValid: false, reason: wordIn(said.invalidReason) ?? 'invalid' }
      throw unreadable('verify')
    },
    settle: async (payment, requirement) => {
      const said = await ask(options, 'settle', settleMs, payment, requirement)
      if (said.success === false) return { success: false, reason: wordIn(said.errorReason) ?? 'failed' }
      const transaction = wordIn(said.transaction)
      const isSame = said.network === requirement.network
      if (said.success === true && said.isSuccess && transaction !== null && isSame) {
        return { success: true, transaction, payer: wordIn(said.payer) }
      }
      throw unreadable('settle')
    },
  }
}

type Said = Readonly<Record<string, unknown>> & { readonly isSuccess: boolean }

async function ask(
  { url, egress }: HttpFacilitatorOptions,
  what: 'verify' | 'settle',
  timeoutMs: number,
  paymentPayload: Payment,
  paymentRequirements: PaymentRequirement,
): Promise<Said> {
  const response = await egress
    .fetch({
      purpose: 'x402',
      method: 'POST',
      url: `${url.replace(/\/+$/, '')}/${what}`,
      headers: { 'content-type': 'application/json' },
      body: utf8(JSON.stringify({ x402Version: 1, paymentPayload, paymentRequirements })),
      timeoutMs,
      responseBytesMax,
    })
    .catch((error) => {
      // An error of the egress port names the host, and no other part of the URL.
      throw new FacilitatorUnavailable(error instanceof Error ? error.message : 'The facilitator did not answer.')
    })
  return said(response, what)
}

/** A refusal may come with a status such as 400. Only a success can say yes. */
function said({ status, body }: EgressResponse, what: string): Said {
  if (status === 429 || status >= 500) {
    throw new FacilitatorUnavailable(`The facilitator answered ${what} with status ${status}.`)
  }
  try {
    const answer = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body))
    if (answer !== null && typeof answer === 'object' && !Array.isArray(answer)) {
      return { ...answer, isSuccess: status >= 200 && status < 300 }
    }
  } catch {}
  throw unreadable(what)
}

function unreadable(what: string): FacilitatorUnavailable {
  return new FacilitatorUnavailable(`The facilitator gave an answer to ${what} that is not in the form of x402.`)
}

/** A word, a hash or an address of the answer. It goes to callers, so nothing else does. */
function wordIn(value: unknown): string | null {
  return typeof value === 'string' && /^[\w.:-]{1,128}$/.test(value) ? value : null
}
