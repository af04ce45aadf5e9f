import { listen, sendJson } from './loopback.ts'

/** One request that the fake has received. */
export interface StripeRequest {
  readonly method: string
  readonly path: string
  /** The form of the body, with names such as `line_items[0][price]`. */
  readonly form: Readonly<Record<string, string>>
  readonly idempotencyKey: string | null
}

export interface FakeStripe {
  readonly url: string
  readonly requests: readonly StripeRequest[]
  /** The next request gets this status and code. */
  refuseNext(status: number, code: string): void
  close(): Promise<void>
}

/** The part of the API of Stripe that Pawl uses, on loopback. It knows one key and remembers what it was asked for. */
export async function startFakeStripe(apiKey: string): Promise<FakeStripe> {
  const requests: StripeRequest[] = []
  const sessions = new Map<string, unknown>()
  let refusal: { readonly status: number; readonly code: string } | null = null
  const { url, close } = await listen(async (request, body, response) => {
    const { method = '', url: path = '', headers } = request
    const idempotencyKey = headers['idempotency-key']
    const key = typeof idempotencyKey === 'string' ? idempotencyKey : null
    const form = Object.fromEntries(new URLSearchParams(body))
    requests.push({ method, path, form, idempotencyKey: key })
    const refuse = (status: number, code: string) =>
      sendJson(response, status, { error: { type: 'invalid_request_error', code, message: `no: ${apiKey}` } })
    if (headers.authorization !== `Bearer ${apiKey}`) return refuse(401, 'api_key_invalid')
    if (refusal) {
      const { status, code } = refusal
      refusal = null
      return refuse(status, code)
    }
    if (method === 'POST' && path === '/v1/checkout/sessions') {
      const known = key === null ? undefined : sessions.get(key)
      const id = `cs_test_${sessions.size + 1}`
      const made = known ?? { id, object: 'checkout.session', url: `https://checkout.stripe.com/c/pay/${id}` }
      if (key !== null) sessions.set(key, made)
      return sendJson(response, 200, made)
    }
    if (method === 'POST' && path === '/v1/billing_portal/sessions') {
      const link = `https://billing.stripe.com/p/session/${form.customer}`
      return sendJson(response, 200, { id: 'bps_1', object: 'billing_portal.session', url: link })
    }
    const [, subscription] = /^\/v1\/subscriptions\/(\w+)$/.exec(path) ?? []
    if (method === 'DELETE' && subscription !== undefined) {
      if (subscription === 'sub_gone') return refuse(404, 'resource_missing')
      return sendJson(response, 200, { id: subscription, object: 'subscription', status: 'canceled' })
    }
    refuse(404, 'resource_missing')
  })
  const refuseNext = (status: number, code: string) => {
    refusal = { status, code }
  }
  return { url, requests, close, refuseNext }
}
