import { hostname } from 'node:os'
import { createClient, PawlError } from '@pawl/core/client'
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
  { flag: 'email', takes: 'value', about: 'E-mail address to sign in with. Default: ask for it.' },
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
    'Asks for the password without showing it, or reads it from standard input. Does not store it. Creates a personal',
    'API key for this machine and stores it in a file with mode 0600. pawl logout revokes the key.',
  ],
  run: async (given, terminal) => {
    const { url } = connectionOf(terminal.env, last(given.flags, 'api-url'))
    const kept = await sayingWhatToDo({ url, bearer: '' }, nameOf, () =>
      given.flags.has('api-key') ? withKey(url, given, terminal) : withPassword(url, given, terminal),
    )
    // The key that this one takes the place of is not left behind; where that fails, it ends by itself.
    await signOut(terminal.env).catch(() => {})
    keep(terminal.env, 'login', kept)
    terminal.out(`Signed in at ${url} as ${kept.who}.`)
    return exits.ok
  },
})

function nameOf(field: string): string {
  return field === 'expires_at' ? '--for' : `--${field}`
}

async function withKey(url: string, { flags }: Given, terminal: Terminal): Promise<Login> {
  const [key = ''] = await secretValues(['api-key'], terminal, flags.has('stdin'))
  const { name } = await identityAt({ url, bearer: key.trim() })
  return { url, who: name, key: key.trim() }
}

async function withPassword(url: string, { flags }: Given, terminal: Terminal): Promise<Login> {
  const expiresAt = timeOf('--for', last(flags, 'for') ?? '1d', Date.now())
  const email = last(flags, 'email') ?? (await terminal.askOpenly?.('E-mail: '))?.trim()
  if (!email) throw new UsageError('login needs --email when it has no terminal')
  const [password = ''] = await secretValues(['password'], terminal, flags.has('stdin'))
  const token = await signedIn(url, { email, password }, terminal, flags.has('stdin')).catch(plainly)
  const { key, api_key } = await createClient({ url, token })
    .auth.createApiKey({ name: `pawl on ${hostname()}`, expires_at: expiresAt, current_password: password })
    .catch(plainly)
  return { url, who: email, key: api_key.reveal(), keyId: key.id }
}

/** The token of a sign-in, with its second step where there is one. */
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

/** What is refused here is the password, and no credential that somebody has. */
function plainly(error: unknown): never {
  const isWrong = error instanceof PawlError && error.kind === 'unauthenticated'
  throw isWrong
    ? new PawlError('unauthenticated', error.code, 'The e-mail address or the password is wrong.', undefined)
    : error
}
