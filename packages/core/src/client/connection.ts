import { type Answer, readAnswer, unreachable } from './answer.ts'
import { orAborted } from './waiting.ts'

/** `fetch`, as far as the client uses it. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>

export interface Connection {
  /** One request as it is; throws when nothing comes back. */
  fetch(target: string, init: RequestInit): Promise<Response>
  /** One request of a call, with the answer read to its end. */
  send(target: string, init: RequestInit): Promise<Answer>
  /** Aborted with the client, or with the signal given. */
  signalOf(signal: AbortSignal | null | undefined): AbortSignal
  /** Works until it is done, a signal says stop or the time is up. Throws the reason of the signal. */
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
      // A redirect would take what is sent to somebody else. No cookie is ever ours.
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

/** Where requests go. What is wrong with a URL is said without it, since it may hold a password. */
function placeOf(url: string): { base: string; origin: string } {
  const { origin, protocol, pathname, username, password, search, hash } = new URL(url)
  if (!/^https?:$/.test(protocol)) throw new TypeError('`url` must begin with http:// or https://.')
  if (username || password || search || hash) {
    throw new TypeError('`url` must not have a user, a password, a query or a fragment.')
  }
  return { base: origin + pathname.replace(/\/+$/, ''), origin }
}

/** The code of what the runtime says, `ECONNREFUSED`; its words may hold more than we want to repeat. */
function causeOf(error: unknown): string {
  const { code } = ((error as { cause?: unknown } | null)?.cause ?? {}) as { code?: unknown }
  return typeof code === 'string' && /^[A-Z0-9_]{2,40}$/.test(code) ? code : 'the connection failed'
}
