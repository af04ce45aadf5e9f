import { hostname } from 'node:os'
import { setTimeout as wait } from 'node:timers/promises'
import { createClient, PawlError, type PawlHttpClient } from '@pawl/core/client'
import { type Flag, type Given, last } from '../arguments.ts'
import { command } from '../command.ts'
import { exits } from '../exits.ts'
import { connectionOf } from '../remote/connection.ts'
import { stdinFlag, urlFlag } from '../remote/flags.ts'
import { sayingWhatToDo } from '../remote/refusals.ts'
import { secretValues } from '../remote/secret-values.ts'
import { signOut } from '../remote/sign-out.ts'
import { keep, type Login } from '../remote/stored.ts'
import { timeOf } from '../remote/values.ts'
import { identityAt } from '../remote/who.ts'
import { type Terminal, UsageError } from '../terminal.ts'

const flags: readonly Flag[] = [
  { flag: 'email', takes: 'value', about: 'E-mail address to sign in with.' },
  { flag: 'password', takes: 'nothing', about: 'Sign in with a password instead of the browser.' },
  { flag: 'api-key', takes: 'nothing', about: 'Sign in with an existing API key of a user or an agent.' },
  { flag: 'for', takes: 'value', about: 'Lifetime of the sign-in, such as 12h, 30d or a date. Default: 1d.' },
  stdinFlag,
  urlFlag,
]

/** `pawl login` */
export const login = command({
  flags,
  example: '--email ada@example.com',
  help: () => [
    'Prints a URL and a code. Open the URL in a browser, sign in and allow the code. With --password, asks for the password',
    'without showing it. With --email and no terminal, reads the password from standard input. Does not store it. Creates a',
    'personal API key for this machine and stores it in a file with mode 0600. pawl logout revokes the key.',
  ],
  run: async (given, terminal) => {
    const { url } = connectionOf(terminal.env, last(given.flags, 'api-url'))
    const kept = await sayingWhatToDo({ url, bearer: '' }, nameOf, () => wayOf(given, terminal)(url, given, terminal))
    // Revokes the key that this one replaces. If that fails, the old key expires.
    await signOut(terminal.env).catch(() => {})
    keep(terminal.env, 'login', kept)
    terminal.out(`Signed in at ${url} as ${kept.who}.`)
    return exits.ok
  },
})

type Way = (url: string, given: Given, terminal: Terminal) => Promise<Login>

/** How to sign in. Default: the browser, if neither the flags nor the standard input have a credential. */
function wayOf({ flags }: Given, { ask }: Terminal): Way {
  if (flags.has('api-key')) return withKey
  const isPiped = flags.has('email') && !ask
  return flags.has('password') || flags.has('stdin') || isPiped ? withPassword : inBrowser
}

function nameOf(field: string): string {
  return field === 'expires_at' ? '--for' : `--${field}`
}

async function withKey(url: string, { flags }: Given, terminal: Terminal): Promise<Login> {
  const [key = ''] = await secretValues(['api-key'], terminal, flags.has('stdin'))
  const { name } = await identityAt({ url, bearer: key.trim() })
  return { url, who: name, key: key.trim() }
}

/** Signs in with the password if the server has no sign-in by browser. */
async function inBrowser(url: string, given: Given, terminal: Terminal): Promise<Login> {
  const email = last(given.flags, 'email')
  const expiresAt = timeOf('--for', last(given.flags, 'for') ?? '1d', Date.now())
  if (Date.parse(expiresAt) > Date.now() + browserMs) {
    throw new UsageError('a sign-in in the browser lasts a day at most. Use --password with a longer --for')
  }
  const { logins } = createClient({ url })
  const asked = await logins
    .request({ client_id: `pawl on ${hostname()}`, ...(email && { email }) })
    .catch(unknownRoute)
  if (!asked) return withPassword(url, given, terminal)
  terminal.error(`Open ${asked.verification_uri_complete}`)
  terminal.error(`and allow the code ${asked.user_code} within ${asked.expires_in / 60} minutes.`)
  const endsAt = Date.now() + asked.expires_in * 1_000
  while (Date.now() < endsAt) {
    await wait(asked.interval * 1_000)
    const answer = await logins.poll({ device_code: asked.device_code, grant_type: grantType }).catch(later)
    if (answer.access_token) {
      return kept(url, answer.email ?? '', createClient({ url, token: answer.access_token.reveal() }), expiresAt)
    }
    if (answer.error === 'access_denied') throw refusal(answer.error, 'The sign-in was denied.')
    if (answer.error === 'expired_token') break
  }
  throw refusal('expired_token', 'The code has expired. Run pawl login again.')
}

const grantType = 'urn:ietf:params:oauth:grant-type:device_code'
/** A little more than a day, for the time between two looks at the clock. */
const browserMs = 24 * 3_600_000 + 60_000

function refusal(code: string, message: string): PawlError {
  return new PawlError('denied', code, message, undefined)
}

/** Retries when the server is temporarily unavailable, or limits the rate of requests. */
function later(error: unknown): {
  readonly error: 'authorization_pending'
  readonly access_token?: never
  email?: never
} {
  if (error instanceof PawlError && (error.kind === 'unavailable' || error.kind === 'limited')) {
    return { error: 'authorization_pending' }
  }
  throw error
}

function unknownRoute(error: unknown): null {
  if (error instanceof PawlError && ['unknown_route', 'not_found'].includes(error.code)) return null
  throw error
}

async function withPassword(url: string, { flags }: Given, terminal: Terminal): Promise<Login> {
  const expiresAt = timeOf('--for', last(flags, 'for') ?? '1d', Date.now())
  const email = last(flags, 'email') ?? (await terminal.askOpenly?.('E-mail: '))?.trim()
  if (!email) throw new UsageError('login --password needs --email when it has no terminal')
  const [password = ''] = await secretValues(['password'], terminal, flags.has('stdin'))
  const token = await signedIn(url, { email, password }, terminal, flags.has('stdin')).catch(plainly)
  return kept(url, email, createClient({ url, token }), expiresAt, password).catch(plainly)
}

/** The key for this machine. Without the password, it ends with the session at the latest. */
async function kept(
  url: string,
  who: string,
  session: PawlHttpClient,
  expires_at: string,
  current_password?: string,
): Promise<Login> {
  const name = `pawl on ${hostname()}`
  const { key, api_key } = await session.auth.createApiKey({
    name,
    expires_at,
    ...(current_password && { current_password }),
  })
  return { url, who, key: api_key.reveal(), keyId: key.id }
}

/** The token of a sign-in, with the second factor if the user has one. */
async function signedIn(
  url: string,
  given: { readonly email: string; readonly password: string },
  terminal: Terminal,
  fromStdin: boolean,
) {
  const client = createClient({ url })
  const { access_token, mfa_token } = await client.auth.token(given)
  if (mfa_token === undefined) return access_token
  const [code = ''] = await secretValues(['code'], terminal, fromStdin)
  return (await client.factors.verifyMfa({ code: code.trim(), mfa_token })).access_token
}

/** The server refuses the password here, not a stored credential, so the message says so. */
function plainly(error: unknown): never {
  const isWrong = error instanceof PawlError && error.kind === 'unauthenticated'
  throw isWrong
    ? new PawlError('unauthenticated', error.code, 'The e-mail address or the password is wrong.', undefined)
    : error
}
