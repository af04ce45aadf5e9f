import { fromBase64url, fromUtf8 } from '../kernel/bytes.ts'
import { defineError, PawlError } from '../kernel/errors.ts'
import { Secret } from '../kernel/secret.ts'
import { minute, second } from '../kernel/time.ts'

type Text = string | Secret<string>

/** Set exactly one credential. Without one, the client can call public operations only. */
export interface Credentials {
  /** The API key of an agent (`ocv_…`) or a user (`1ck_…`). The client exchanges it for a token at the first call. */
  readonly apiKey?: Text | undefined
  /** A token. The client refreshes it while its session lasts. */
  readonly token?: Text | undefined
  readonly email?: string | undefined
  readonly password?: Text | undefined
}

/** The user has an authenticator app. A client that signs in without a human has no code. */
const codeNeeded = defineError(
  'code_needed',
  'unauthenticated',
  'This user signs in with a code too. Call auth.token and factors.verifyMfa, and create the client with the `token`.',
)

export interface Credential {
  /** The current token: exchanged at first use, renewed a minute before it expires. Null without a credential. */
  token(): Promise<string | null>
  /** Drops a refused token. Returns whether a new one can be obtained. */
  drop(token: string): boolean
}

/** Calls an operation that returns a token. `bearer` is the token that it continues. */
export type Exchange = (
  verb: 'agentToken' | 'apiKeyToken' | 'token' | 'refresh',
  input: Readonly<Record<string, unknown>>,
  bearer: string | null,
) => Promise<unknown>

interface Held {
  readonly token: string
  readonly renewAt: number
}

const renewedBeforeMs = minute

export function credentialOf(given: Credentials, exchange: Exchange): Credential {
  const obtain = obtaining(given, exchange)
  let held = given.token === undefined ? null : heldUntilItEnds(textOf(given.token))
  let underWay: Promise<void> | null = null

  async function renew(): Promise<void> {
    held = held === null ? ((await obtain?.()) ?? null) : await refreshed(held)
  }

  async function refreshed({ token }: Held): Promise<Held> {
    try {
      return await renewed(() => exchange('refresh', {}, token))
    } catch (error) {
      // Its session has ended. With a key or a password, the client begins a new one.
      if (!obtain || !(error instanceof PawlError && error.kind === 'unauthenticated')) throw error
      return obtain()
    }
  }

  return {
    token: async () => {
      if (held !== null && Date.now() < held.renewAt) return held.token
      // Concurrent calls wait for the same renewal.
      underWay ??= renew().finally(() => {
        underWay = null
      })
      await underWay
      return held?.token ?? null
    },
    drop: (token) => {
      if (obtain !== null && held?.token === token) held = null
      return obtain !== null
    },
  }
}

function obtaining({ apiKey, token, email, password }: Credentials, exchange: Exchange): (() => Promise<Held>) | null {
  const isPassword = email !== undefined || password !== undefined
  if ([apiKey !== undefined, token !== undefined, isPassword].filter(Boolean).length > 1) {
    throw new TypeError('Set exactly one credential: `apiKey`, `token`, or `email` and `password`.')
  }
  if (apiKey !== undefined) {
    const verb = textOf(apiKey).startsWith('ocv_') ? 'agentToken' : 'apiKeyToken'
    return () => renewed(() => exchange(verb, { api_key: apiKey }, null))
  }
  if (!isPassword) return null
  if (email === undefined || password === undefined) throw new TypeError('`email` and `password` must be set together.')
  return () => renewed(() => exchange('token', { email, password }, null))
}

/** Counts from before the request, so that the token never expires later here than on the server. */
async function renewed(ask: () => Promise<unknown>): Promise<Held> {
  const askedAt = Date.now()
  const answer = (await ask()) as { access_token: Secret<string>; expires_in: number; mfa_token?: unknown }
  const { access_token, expires_in, mfa_token } = answer
  if (mfa_token !== undefined) throw codeNeeded()
  return { token: access_token.reveal(), renewAt: renewalOf(askedAt, askedAt + expires_in * second) }
}

/** Renews a token before the expiry that it contains. A token without an expiry is never renewed. */
function heldUntilItEnds(token: string): Held {
  try {
    const claims = JSON.parse(fromUtf8(fromBase64url(token.split('.')[1] ?? '') ?? new Uint8Array(0)))
    return { token, renewAt: renewalOf(Date.now(), claims.exp * second) }
  } catch {
    return { token, renewAt: Number.POSITIVE_INFINITY }
  }
}

/** A token with a lifetime below two margins is renewed after half of its lifetime. */
function renewalOf(now: number, endsAt: number): number {
  if (Number.isNaN(endsAt)) return Number.POSITIVE_INFINITY
  return endsAt - Math.min(renewedBeforeMs, Math.max(0, endsAt - now) / 2)
}

function textOf(text: Text): string {
  return text instanceof Secret ? text.reveal() : text
}
