import { lookup as lookUp } from 'node:dns/promises'
import type { IncomingMessage } from 'node:http'
import {
  type Egress,
  EgressDenied,
  EgressFailed,
  type EgressRequest,
  type EgressStream,
  type EgressStreaming,
  type EgressStreamRequest,
  parseAddress,
} from '@pawl/core/ports'
import { AnswerTooLong, begin, type Exchange, exchange, NoAnswer, reasonOf, refusedHeader } from './exchange.ts'
import { Pools } from './pools.ts'
import {
  type Destination,
  destinationOf,
  parseRule,
  permits,
  permitsAddress,
  type Rule,
  ruleFor,
  vouches,
} from './rules.ts'

export interface NodeEgressOptions {
  /**
   * What may be called: `api.example.com`, `*.example.com`, an address or a range such as `10.1.0.0/16`, each with a
   * `:port` where it is not 443. Without TLS only what begins with `http://`. A name that resolves to an address of a
   * private network takes a rule for that address too.
   */
  readonly allow: readonly string[]
  /**
   * What may be called beside these for one purpose only: `{ 'model:openai': ['http://localhost:11434'] }`. A name in here
   * may resolve to an address of a private network or of this machine.
   */
  readonly allowFor?: Readonly<Record<string, readonly string[]>>
  /** The timeout to establish a connection, including TLS. Default: 10 seconds. */
  readonly connectTimeoutMs?: number
  /** Resolves a name to its addresses. Default: the resolver of the machine. */
  readonly lookup?: (name: string) => Promise<readonly string[]>
  /** The certificate authorities, in PEM. Default: those of Node and of NODE_EXTRA_CA_CERTS. */
  readonly ca?: string
}

interface Settings extends Omit<Required<NodeEgressOptions>, 'allow' | 'allowFor' | 'ca'> {
  readonly rules: readonly Rule[]
  readonly rulesFor: ReadonlyMap<string, readonly Rule[]>
  readonly ca: string | undefined
  readonly pools: Pools
}

/** The fields that both kinds of calls have. */
type Asked = Pick<EgressRequest, 'purpose' | 'method' | 'url' | 'headers' | 'body'>

interface Judged {
  readonly url: URL
  readonly destination: Destination
}

/**
 * Calls over HTTP and HTTPS, only to allowed destinations. A name is resolved once for each call, all its addresses are
 * checked, and the connection goes to one of them. Proxies of the environment are not used. Redirects are not followed.
 * Each `fetch` has its own connection. `stream` keeps connections for later calls to the same addresses.
 *
 * @example
 * const egress = nodeEgress({ allow: ['api.example.com', '*.example.org:8443', 'http://127.0.0.1:9000'] })
 */
export function nodeEgress(options: NodeEgressOptions): Egress & EgressStreaming {
  const settings = settingsOf(options)
  return {
    permits: (text) => {
      const destination = URL.canParse(text) ? destinationOf(new URL(text)) : null
      return destination !== null && permits(settings.rules, destination)
    },
    fetch: async (request) => call(settings, request, judge(settings, request)),
    stream: async (request) => openStream(settings, request, judge(settings, request)),
  }
}

function settingsOf({
  allow,
  allowFor = {},
  connectTimeoutMs = 10_000,
  lookup = addressesOf,
  ca,
}: NodeEgressOptions): Settings {
  const rules = allow.map((text, at) => readRule(text, `allow[${at}]`))
  const byPurpose = Object.entries(allowFor).map(([purpose, texts]) => {
    return [purpose, texts.map((text, at) => readRule(text, `allowFor[${purpose}][${at}]`))] as const
  })
  return { rules, rulesFor: new Map(byPurpose), connectTimeoutMs, lookup, ca, pools: new Pools() }
}

function readRule(text: string, place: string): Rule {
  const rule = parseRule(text)
  if (!rule) throw new TypeError(`${place} is not a host, address or range with an optional port.`)
  return rule
}

/** Throws unless the request may be sent, as far as this is known before its name is resolved. */
function judge(settings: Settings, request: Asked): Judged {
  const url = parsed(request.url)
  const destination = url && destinationOf(url)
  if (!url || !destination) throw denied(request, 'the URL is not an HTTP URL, or has credentials in it.')
  const { rules, own } = rulesOf(settings, request)
  if (!permits(rules, destination) && !permits(own, destination)) throw notAllowed(request, destination, [destination])
  const header = refusedHeader(request.headers)
  if (header) throw denied(request, `to ${destination.host}: ${header}.`)
  return { url, destination }
}

function parsed(text: string): URL | null {
  try {
    return new URL(text)
  } catch {
    return null
  }
}

function rulesOf({ rules, rulesFor }: Settings, { purpose }: Asked) {
  return { rules, own: rulesFor.get(purpose) ?? [] }
}

/** Runs the allowed call, within its timeout. */
async function call(settings: Settings, request: EgressRequest, { url, destination }: Judged) {
  const ending = new Ending(request, destination)
  const answering = ending.after(request.timeoutMs, 'no complete answer')
  try {
    const prepared = await connect(settings, request, { url, destination }, ending)
    return await exchange({ ...prepared, agent: false }, request.responseBytesMax)
  } catch (error) {
    throw ending.errorFor(error)
  } finally {
    ending.clear()
    clearTimeout(answering)
  }
}

/** The call ends with its body: at the end, when the reader leaves the loop, by an abort, or after the idle timeout. */
async function openStream(settings: Settings, request: EgressStreamRequest, judged: Judged): Promise<EgressStream> {
  const ending = new Ending(request, judged.destination)
  const letGo = ending.follow(request.signal)
  const answering = ending.after(request.headMs, 'no answer')
  try {
    const prepared = await connect(settings, request, judged, ending)
    const agent = settings.pools.agentFor(prepared)
    const { status, headers, answer } = await begin({ ...prepared, agent })
    return { status, headers, body: pieces(answer, request.idleMs, ending, letGo) }
  } catch (error) {
    letGo()
    throw ending.errorFor(error)
  } finally {
    ending.clear()
    clearTimeout(answering)
  }
}

async function* pieces(answer: IncomingMessage, idleMs: number, ending: Ending, letGo: () => void) {
  const rest = answer[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>
  try {
    for (;;) {
      // The idle timeout counts only while the server is slow, and not while the reader is.
      const idle = ending.after(idleMs, 'nothing more')
      const { done, value } = await rest.next().finally(() => clearTimeout(idle))
      if (done) return
      yield value
    }
  } catch (error) {
    throw ending.errorFor(error)
  } finally {
    letGo()
    if (!answer.complete) answer.destroy()
  }
}

/** Resolves the name and judges its addresses. */
async function connect(settings: Settings, request: Asked, { url, destination }: Judged, ending: Ending) {
  const connecting = ending.after(settings.connectTimeoutMs, 'no connection')
  ending.onClear(() => clearTimeout(connecting))
  const addresses = await Promise.race([resolve(settings, request, destination), aborted(ending.signal)])
  const { host, protocol, port } = destination
  return {
    ...{ request, host, port, addresses, isTls: protocol === 'https:', path: `${url.pathname}${url.search}` },
    ...{ ca: settings.ca, signal: ending.signal, connected: () => clearTimeout(connecting) },
  } satisfies Omit<Exchange, 'agent'>
}

/** The reason why a call ends before its response is complete, and the error for that reason. */
class Ending {
  readonly #controller = new AbortController()
  readonly #request: Asked
  readonly #destination: Destination
  #clear = () => {}

  constructor(request: Asked, destination: Destination) {
    this.#request = request
    this.#destination = destination
  }

  get signal(): AbortSignal {
    return this.#controller.signal
  }

  after(ms: number, what: string): NodeJS.Timeout {
    const late = () => this.#controller.abort(failed(this.#request, this.#destination, `${what} within ${ms} ms`))
    return setTimeout(late, ms)
  }

  /** Ends when this signal is aborted, until the function is called that it returns. */
  follow(signal: AbortSignal | undefined): () => void {
    if (!signal) return () => {}
    const abort = () => this.#controller.abort(signal.reason)
    if (signal.aborted) abort()
    signal.addEventListener('abort', abort, { once: true })
    return () => signal.removeEventListener('abort', abort)
  }

  onClear(clear: () => void): void {
    this.#clear = clear
  }

  clear(): void {
    this.#clear()
  }

  errorFor(error: unknown): unknown {
    if (this.signal.aborted) return this.signal.reason
    if (error instanceof EgressDenied) return error
    return failed(this.#request, this.#destination, reasonOf(error), error instanceof AnswerTooLong)
  }
}

/** Checks all addresses together: an attacker can mix a private address into public ones, and wait until it is chosen. */
async function resolve(settings: Settings, request: Asked, destination: Destination) {
  const { host, address } = destination
  const { rules, own } = rulesOf(settings, request)
  const found = address ? [host] : await settings.lookup(host)
  if (found.length === 0) throw new NoAnswer('the host has no address')
  const inner = found.filter((one) => {
    const parsed = parseAddress(one)
    return !parsed || !(permitsAddress(rules, destination, parsed) || vouches(own, destination, parsed))
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
  if (signal.aborted) return Promise.reject(signal.reason)
  return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason), { once: true }))
}

// An error names only the purpose and the host of a request: the rest of a URL can be a secret. Only the operator sees the
// address of a name. Otherwise, each caller could see the private network.

function notAllowed(request: Asked, { host }: Destination, missing: readonly Destination[]): EgressDenied {
  const at = missing.map((one) => one.host).filter((one) => one !== host)
  const rules = `Add ${missing.map(ruleFor).join(',')} to PAWL_EGRESS_ALLOW.`
  if (at.length === 0) return denied(request, `to ${host} is not allowed. ${rules}`)
  const why = `to ${host} is not allowed, because it is at an address that is not public. The log of the server says what to add to PAWL_EGRESS_ALLOW.`
  return denied(request, why, `${host} is at ${at.join(' and ')}. ${rules}`)
}

function denied({ purpose }: Asked, why: string, detail: string | null = null): EgressDenied {
  return new EgressDenied(`Not sent (${purpose}): ${why}`, { detail })
}

function failed({ purpose }: Asked, { host }: Destination, why: string, isTooLong = false): EgressFailed {
  return new EgressFailed(`No answer from ${host} (${purpose}): ${why}.`, { isTooLong })
}
