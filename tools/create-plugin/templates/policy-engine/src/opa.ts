import { type Egress, type PolicyEngine, type PolicyVerdict, utf8 } from '@pawl/core/ports'

export interface OpaOptions {
  /** The way out; it must be allowed to call the host of the URL. */
  readonly egress: Egress
  /** Of the rule that gives the verdicts: `http://127.0.0.1:8181/v1/data/pawl/verdicts`. */
  readonly url: string
}

/**
 * Rules in an Open Policy Agent, which is asked once about all requests of a call.
 *
 * @example
 * const policyEngine = opa({ egress, url: 'http://127.0.0.1:8181/v1/data/pawl/verdicts' })
 */
export function opa({ egress, url }: OpaOptions): PolicyEngine {
  return {
    evaluate: async (requests) => {
      if (requests.length === 0) return []
      const { status, body } = await egress.fetch({
        purpose: 'policy',
        method: 'POST',
        url,
        headers: { 'content-type': 'application/json' },
        body: utf8(JSON.stringify({ input: { requests } })),
        // The engine waits for five seconds.
        timeoutMs: 4_000,
        responseBytesMax: 4 * 1024 * 1024,
      })
      if (status !== 200) throw new Error(`The policy agent answered with the status ${status}.`)
      return verdictsOf(JSON.parse(new TextDecoder().decode(body)))
    },
  }
}

/** Whatever is not a verdict is an error, and an error is no yes. There is no result at all when no rule is loaded. */
function verdictsOf({ result }: { readonly result?: unknown }): PolicyVerdict[] {
  if (!Array.isArray(result)) throw new TypeError('The policy agent gave no list. Are the rules loaded?')
  return result.map((verdict) => {
    if (verdict?.allowed === true) return { allowed: true }
    if (verdict?.allowed === false && typeof verdict.reason === 'string') {
      return { allowed: false, reason: verdict.reason, isPublic: verdict.public === true }
    }
    throw new TypeError('The policy agent gave something that is no verdict.')
  })
}
