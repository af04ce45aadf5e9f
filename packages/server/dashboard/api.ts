import { signWithPasskey } from 'virtual:passkeys'
import { createClient, PawlError } from '@pawl/core/client'
import { ClientKeyProblem } from './client-key.ts'

/** The base path of the server, with a slash at its end. */
export const base = document.querySelector<HTMLMetaElement>('meta[name=pawl-base]')?.content ?? '/'

/** The URL of this server for programs. */
export const serverUrl = new URL(base, location.href).href.replace(/\/$/, '')

/** Tells the server that the dashboard sends the call. Without this, the server does not accept the session cookie. */
export const asDashboard = { 'x-pawl-dashboard': '1' }

/** The operations, for the signed-in user. The token is in a cookie that no script can read. */
export const api = createClient({
  url: serverUrl,
  fetch: async (url, init) => {
    const answer = await send(url, init)
    if (!(await needsPasskey(answer))) return answer
    const token = await unlocked().catch(() => null)
    // The person may have taken longer than the time limit of the call.
    return token === null ? answer : send(url, { ...init, signal: null }, { 'x-passkey-token': token })
  },
})

type Wanted = Parameters<typeof fetch>

function send(url: Wanted[0], init: Wanted[1] = {}, more: Readonly<Record<string, string>> = {}): Promise<Response> {
  const headers = { ...(init.headers as Record<string, string>), ...asDashboard, ...more }
  return fetch(url, { ...init, credentials: 'same-origin', headers })
}

/** Whether the user asked for a passkey before values are shown, and the call had none. */
async function needsPasskey(answer: Response): Promise<boolean> {
  if (answer.status !== 403) return false
  const { code } = await answer
    .clone()
    .json()
    .catch(() => ({}))
  return code === 'passkey_needed'
}

let kept = { token: '', endsAt: 0 }

/** The token of the passkey, while it counts. Throws when the person cancels. */
async function unlocked(): Promise<string> {
  if (kept.endsAt > Date.now()) return kept.token
  const signed = await signWithPasskey(await api.factors.beginVaultPasskey())
  const { passkey_token, expires_in } = await api.factors.completeVaultPasskey(signed)
  kept = { token: passkey_token.reveal(), endsAt: Date.now() + (expires_in - 10) * 1_000 }
  return kept.token
}

/** An error for the user: what to do, and which fields are not valid. */
export interface Problem {
  readonly text: string
  readonly fields: Readonly<Record<string, string>>
}

/** An error of a field, found before the form is sent. */
export class FieldProblem extends Error {
  readonly field: string
  readonly what: string

  constructor(field: string, what: string) {
    super(`${field} ${what}.`)
    this.field = field
    this.what = what
  }
}

export function problemOf(error: unknown): Problem {
  if (error instanceof FieldProblem) return { text: error.message, fields: { [error.field]: error.what } }
  if (error instanceof DOMException && error.name === 'NotAllowedError') {
    return { text: 'The browser did not use a passkey. Try again, or choose another way.', fields: {} }
  }
  if (error instanceof DOMException && error.name === 'SecurityError') return { text: otherName(), fields: {} }
  if (error instanceof ClientKeyProblem) return { text: error.message, fields: {} }
  if (!(error instanceof PawlError)) {
    return {
      text: 'This page failed. Reload it. If that does not help, the log of the server may say more.',
      fields: {},
    }
  }
  if (error.code === 'unreachable') {
    return { text: 'Pawl does not answer. Check that the server runs, then try again.', fields: {} }
  }
  const { fields = {} } = (error.data ?? {}) as { fields?: Record<string, string> }
  return { text: error.message, fields }
}

/** Explains why passkeys fail here. Browsers allow no passkeys for an IP address, and only those of the public URL for a name. */
function otherName(): string {
  const { hostname, origin } = location
  const place = hostname === '127.0.0.1' ? origin.replace(hostname, 'localhost') : 'its public URL'
  return `Passkeys do not work at ${hostname}. Open Pawl at ${place}.`
}

/** Whether the server refused the user. For records that the user cannot see, it answers `not_found`. */
export function isRefusal(error: unknown): boolean {
  return (
    error instanceof PawlError &&
    ((error.kind === 'denied' && error.code !== 'passkey_needed') || error.kind === 'not_found')
  )
}

/** Whether the session has ended, so that the user must sign in again. */
export function isSignedOut(error: unknown): boolean {
  return error instanceof PawlError && error.code === 'not_authenticated'
}
