import { fromBase64url, fromUtf8 } from '../kernel/bytes.ts'
import { PawlError } from '../kernel/errors.ts'
import { Secret } from '../kernel/secret.ts'
import { minute, second } from '../kernel/time.ts'

type Text = string | Secret<string>

/** One way to say who is asking; none of them for nobody. */
export interface Credentials {
  /** The key of an agent (`ocv_…`) or of a user (`1ck_…`). It is exchanged for a token when one is needed. */
  readonly apiKey?: Text | undefined
  /** A token, refreshed as long as its session lasts. */
  readonly token?: Text | undefined
  readonly email?: string | undefined
  readonly password?: Text | undefined
}

export interface Credential {
  /** What to show now: exchanged at first use, renewed a minute before its end; null for nobody. */
  token(): Promise<string | null>
  /** Drops a token that was refused; answers whether there may be another. */
  drop(token: string): boolean
}

/** Asks for a token by one of the operations that give one, showing the token that it continues. */
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
      // Its session is over. Whoever can begin another does.
      if (!obtain || !(error instanceof PawlError && error.kind === 'unauthenticated')) throw error
      return obtain()
    }
  }

  return {
    token: async () => {
      if (held !== null && Date.now() < held.renewAt) return held.token
      // All who need it wait for the same one.
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

/** Counted from before it was asked for, so that it ends here no later than there. */
async function renewed(ask: () => Promise<unknown>): Promise<Held> {
  const askedAt = Date.now()
  const { access_token, expires_in } = (await ask()) as { access_token: Secret<string>; expires_in: number }
  return { token: access_token.reveal(), renewAt: renewalOf(askedAt, askedAt + expires_in * second) }
}

/** A token that says when it ends is renewed before that, any other one never. */
function heldUntilItEnds(token: string): Held {
  try {
    const claims = JSON.parse(fromUtf8(fromBase64url(token.split('.')[1] ?? '') ?? new Uint8Array(0)))
    return { token, renewAt: renewalOf(Date.now(), claims.exp * second) }
  } catch {
    return { token, renewAt: Number.POSITIVE_INFINITY }
  }
}

/** One that lives for less than two of the usual margins is used for half of its life. */
function renewalOf(now: number, endsAt: number): number {
  if (Number.isNaN(endsAt)) return Number.POSITIVE_INFINITY
  return endsAt - Math.min(renewedBeforeMs, Math.max(0, endsAt - now) / 2)
}

function textOf(text: Text): string {
  return text instanceof Secret ? text.reveal() : text
}
