import { lookup as lookUp } from 'node:dns/promises'
import { type Egress, EgressDenied, EgressFailed, type EgressRequest, parseAddress } from '@pawl/core/ports'
import { exchange, NoAnswer, reasonOf, refusedHeader } from './exchange.ts'
import { type Destination, destinationOf, parseRule, permits, permitsAddress, type Rule, ruleFor } from './rules.ts'

export interface NodeEgressOptions {
  /**
   * What may be called: `api.example.com`, `*.example.com`, an address or a range such as `10.1.0.0/16`, each with a
   * `:port` where it is not 443. Without TLS only what begins with `http://`. A name that resolves to an address of a
   * private network takes a rule for that address too.
   */
  readonly allow: readonly string[]
  /** Until a connection stands, TLS included. 10 seconds by default. */
  readonly connectTimeoutMs?: number
  /** The addresses of a name. By default as the machine resolves it. */
  readonly lookup?: (name: string) => Promise<readonly string[]>
  /** In PEM, the authorities that certificates must come from. By default those of Node and of NODE_EXTRA_CA_CERTS. */
  readonly ca?: string
}

type Settings = Omit<Required<NodeEgressOptions>, 'allow' | 'ca'> & {
  readonly rules: readonly Rule[]
  readonly ca: string | undefined
}

/**
 * Calls over HTTP and HTTPS to what was allowed, and to nothing else. A name is resolved once, all its addresses are
 * judged, and the connection goes to one of them. Proxies of the environment are not used, redirects are answers, and
 * each request has a connection of its own.
 *
 * @example
 * const egress = nodeEgress({ allow: ['api.example.com', '*.example.org:8443', 'http://127.0.0.1:9000'] })
 */
export function nodeEgress({ allow, connectTimeoutMs = 10_000, lookup = addressesOf, ca }: NodeEgressOptions): Egress {
  const settings: Settings = { rules: allow.map(readRule), connectTimeoutMs, lookup, ca }
  return {
    permits: (text) => {
      const destination = URL.canParse(text) ? destinationOf(new URL(text)) : null
      return destination !== null && permits(settings.rules, destination)
    },
    fetch: async (request) => {
      const url = URL.canParse(request.url) ? new URL(request.url) : null
      const destination = url && destinationOf(url)
      if (!url || !destination) throw denied(request, 'the URL is not an HTTP URL, or has credentials in it.')
      if (!permits(settings.rules, destination)) throw notAllowed(request, destination, [destination])
      const header = refusedHeader(request.headers)
      if (header) throw denied(request, `to ${destination.host}: ${header}.`)
      return call(settings, request, url, destination)
    },
  }
}

function readRule(text: string, at: number): Rule {
  const rule = parseRule(text)
  if (!rule) throw new TypeError(`allow[${at}] is not a host, address or range with an optional port.`)
  return rule
}

/** All that happens after the decision, in the time that there is for it. */
async function call(settings: Settings, request: EgressRequest, url: URL, destination: Destination) {
  const ending = new AbortController()
  const endAfter = (ms: number, what: string) =>
    setTimeout(() => ending.abort(failed(request, destination, `${what} within ${ms} ms`)), ms)
  const connecting = endAfter(settings.connectTimeoutMs, 'no connection')
  const answering = endAfter(request.timeoutMs, 'no complete answer')
  try {
    const addresses = await Promise.race([resolve(settings, request, destination), aborted(ending.signal)])
    const { host, protocol, port } = destination
    return await exchange({
      ...{ request, host, port, addresses, isTls: protocol === 'https:', path: `${url.pathname}${url.search}` },
      ...{ ca: settings.ca, signal: ending.signal, connected: () => clearTimeout(connecting) },
    })
  } catch (error) {
    if (ending.signal.aborted) throw ending.signal.reason
    if (error instanceof EgressDenied) throw error
    throw failed(request, destination, reasonOf(error))
  } finally {
    clearTimeout(connecting)
    clearTimeout(answering)
  }
}

/** Judged all together: who mixes an inner address into outer ones wants it to be chosen some day. */
async function resolve({ rules, lookup }: Settings, request: EgressRequest, destination: Destination) {
  const { host, address } = destination
  const found = address ? [host] : await lookup(host)
  if (found.length === 0) throw new NoAnswer('the host has no address')
  const inner = found.filter((one) => {
    const parsed = parseAddress(one)
    return !parsed || !permitsAddress(rules, destination, parsed)
  })
  if (inner.length > 0) {
    const missing = inner.map((one) => ({ ...destination, host: one }))
    throw notAllowed(request, destination, missing)
  }
  return found
}

async function addressesOf(name: string): Promise<string[]> {
  return (await lookUp(name, { all: true })).map(({ address }) => address)
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason), { once: true }))
}

// What is said of a request is who asked and which host was meant: the rest of a URL can be a secret. To what address a
// name leads is for the operator alone, who would otherwise show the private network to each caller.

function notAllowed(request: EgressRequest, { host }: Destination, missing: readonly Destination[]): EgressDenied {
  const at = missing.map((one) => one.host).filter((one) => one !== host)
  const rules = `Add ${missing.map(ruleFor).join(',')} to PAWL_EGRESS_ALLOW.`
  if (at.length === 0) return denied(request, `to ${host} is not allowed. ${rules}`)
  const why = `to ${host} is not allowed, because it is at an address that is not public. The log of the server says what to add to PAWL_EGRESS_ALLOW.`
  return denied(request, why, `${host} is at ${at.join(' and ')}. ${rules}`)
}

function denied({ purpose }: EgressRequest, why: string, detail: string | null = null): EgressDenied {
  return new EgressDenied(`Not sent (${purpose}): ${why}`, { detail })
}

function failed({ purpose }: EgressRequest, { host }: Destination, why: string): EgressFailed {
  return new EgressFailed(`No answer from ${host} (${purpose}): ${why}.`)
}
