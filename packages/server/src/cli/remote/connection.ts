import { type CallOptions, createClient, type PawlHttpClient } from '@pawl/core/client'
import { isThisMachine } from '@pawl/core/ports'
import { ConfigError } from '../../host/config-error.ts'
import type { Environment } from '../../host/index.ts'
import { readKept } from './stored.ts'

/** A server, and the credential of the caller. */
export interface Connection {
  readonly url: string
  /** A token or a key; null for anonymous calls. */
  readonly bearer: string | null
}

const agentKeyPrefix = 'ocv_'

/** An API key says whose it is by its prefix, and a token by its subject. Only the server knows whether it is genuine. */
export function isOfAgent({ bearer }: Connection): boolean {
  if (bearer === null) return false
  if (bearer.startsWith(agentKeyPrefix)) return true
  const [, claims = ''] = bearer.split('.')
  try {
    return String(JSON.parse(Buffer.from(claims, 'base64url').toString()).sub).startsWith('agent:')
  } catch {
    return false
  }
}

export const defaultUrl = 'http://127.0.0.1:8210'

/** The URL from the flag, else the environment, else the sign-in, else the stored configuration, else the default. */
export function connectionOf(env: Environment, given?: string): Connection {
  const login = readKept(env, 'login')
  const url = tidy(
    given ?? env.PAWL_URL ?? env.ONECLAW_API_URL ?? login?.url ?? readKept(env, 'config')?.['api-url'] ?? defaultUrl,
  )
  refusePlainHttp(env, url)
  const named = env.PAWL_TOKEN ?? env.PAWL_API_KEY ?? env.ONECLAW_TOKEN ?? env.ONECLAW_API_KEY
  // A stored credential goes only to the server that it was stored for.
  return { url, bearer: named ?? (login?.url === url ? login.key : null) }
}

export function tidy(url: string): string {
  if (!/^https?:$/.test(URL.canParse(url) ? new URL(url).protocol : '')) {
    throw new ConfigError('The server URL must begin with http:// or https://, such as http://127.0.0.1:8210.')
  }
  return url.replace(/\/+$/, '')
}

/**
 * Throws if the URL is plain HTTP to another machine, because others in the network can read credentials and secrets. Applies to
 * every command: answers to commands without a credential can also contain keys and secrets.
 */
export function refusePlainHttp({ PAWL_ALLOW_HTTP: allow = 'off' }: Environment, url: string): void {
  if (allow !== 'on' && allow !== 'off') throw new ConfigError('PAWL_ALLOW_HTTP must be one of on, off.')
  const { protocol, hostname } = new URL(url)
  if (allow === 'on' || protocol === 'https:' || isThisMachine(hostname)) return
  throw new ConfigError(
    `Other machines could read what pawl sends to ${url}. Use https://, or set PAWL_ALLOW_HTTP=on in a network that you trust.`,
  )
}

/** The operations of a server. Sends an API key directly: to exchange it for a token would double the requests. */
export function clientAt({ url, bearer }: Connection): PawlHttpClient {
  return createClient({ url, ...(bearer === null ? {} : { token: bearer }) })
}

/** Any operation, by its name and its route. */
export function callAt(
  { url, bearer }: Connection,
  operation: string,
  route: string,
  input: object,
  options: CallOptions,
): Promise<unknown> {
  const [area = '', verb = ''] = operation.split('.')
  const credential = bearer === null ? {} : { token: bearer }
  const client = createClient<never>({ url, ...credential, routes: { [area]: { [verb]: route } } })
  const calls = client as unknown as Record<string, Record<string, Call>>
  const call = calls[area]?.[verb]
  if (!call) throw new TypeError(`${operation} is not an operation`)
  return call(input, options)
}

type Call = (input: object, options: CallOptions) => Promise<unknown>
