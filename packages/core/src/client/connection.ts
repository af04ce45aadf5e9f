import { type Answer, readAnswer, unreachable } from './answer.ts'
import { orAborted } from './waiting.ts'

/** `fetch`, as far as the client uses it. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>

export interface Connection {
  /** Sends one request. Throws if there is no answer. */
  fetch(target: string, init: RequestInit): Promise<Response>
  /** Sends one request of a call and reads the complete answer. */
  send(target: string, init: RequestInit): Promise<Answer>
  /** A signal that aborts with the client or with the given signal. */
  signalOf(signal: AbortSignal | null | undefined): AbortSignal
  /**
   * Runs the work until it is done, a signal aborts or the timeout expires. An abort throws the reason of the signal.
   */
  within<T>(signal: AbortSignal | undefined, work: (signal: AbortSignal) => Promise<T>): Promise<T>
}

export interface ConnectionOptions {
  readonly url: string
  readonly fetch?: Fetch | undefined
  readonly signal?: AbortSignal | undefined
  readonly timeoutMs?: number | undefined
}

const defaultTimeoutMs = 30_000

export function connect(options: ConnectionOptions): Connection {
  const { timeoutMs = defaultTimeoutMs, signal: ofClient } = options
  const { fetch = (globalThis as unknown as { readonly fetch: Fetch }).fetch } = options
  const { base, origin } = placeOf(options.url)

  const signalOf: Connection['signalOf'] = (signal) =>
    AbortSignal.any([ofClient, signal].filter((one) => one !== undefined && one !== null))

  async function fetchOnce(target: string, init: RequestInit): Promise<Response> {
    try {
      // A redirect would send the credential to another server. The client never uses cookies.
      return await fetch(base + target, { ...init, redirect: 'error', credentials: 'omit' })
    } catch (error) {
      if (init.signal?.aborted) throw error
      throw unreachable({ origin, problem: causeOf(error) })
    }
  }

  async function send(target: string, init: RequestInit): Promise<Answer> {
    const response = await fetchOnce(target, init)
    try {
      return await readAnswer(response, origin)
    } catch (error) {
      if (init.signal?.aborted || unreachable.is(error)) throw error
      throw unreachable({ origin, problem: causeOf(error) })
    }
  }

  async function within<T>(ofCall: AbortSignal | undefined, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const deadline = new AbortController()
    const timer = setTimeout(() => deadline.abort(), timeoutMs)
    const signal = AbortSignal.any([deadline.signal, signalOf(ofCall)])
    try {
      return await orAborted(work(signal), signal)
    } catch (error) {
      if (!deadline.signal.aborted) throw error
      throw unreachable({ origin, problem: `it took longer than ${timeoutMs} ms` })
    } finally {
      clearTimeout(timer)
    }
  }

  return { fetch: fetchOnce, send, signalOf, within }
}

/** The base URL and origin of the vault. Errors do not repeat the URL, because it can contain a password. */
function placeOf(url: string): { base: string; origin: string } {
  const { origin, protocol, pathname, username, password, search, hash } = new URL(url)
  if (!/^https?:$/.test(protocol)) throw new TypeError('`url` must begin with http:// or https://.')
  if (username || password || search || hash) {
    throw new TypeError('`url` must not have a user, a password, a query or a fragment.')
  }
  return { base: origin + pathname.replace(/\/+$/, ''), origin }
}

/** The error code of the runtime, such as `ECONNREFUSED`. Its message can contain data that must not be repeated. */
function causeOf(error: unknown): string {
  const { code } = ((error as { cause?: unknown } | null)?.cause ?? {}) as { code?: unknown }
  return typeof code === 'string' && /^[A-Z0-9_]{2,40}$/.test(code) ? code : 'the connection failed'
}
