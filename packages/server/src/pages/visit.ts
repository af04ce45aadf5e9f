import { type Pawl, type PawlClient, PawlError } from '@pawl/core'
import { rateLimited } from '@pawl/core/area'
import { type Address, formatAddress } from '@pawl/core/surfaces'
import { bodyOf } from '../web/body.ts'
import { clearedCookie, cookieOf, sessionCookie, sideCookie } from '../web/cookies.ts'
import { RequestRejected } from '../web/errors.ts'
import type { Begin, WebRequest } from '../web/messages.ts'
import { isFromElsewhere, isOwnOrigin } from '../web/own-origin.ts'
import { renewedSession } from '../web/session.ts'

/** The parts of an engine that the pages need. */
export type Shown = Pick<Pawl, 'as' | 'settings' | 'currentSettings'>

/** One request for a page, and its visitor. */
export interface Visit {
  readonly settings: Shown['settings']
  /** With what the operator has stored. */
  readonly currentSettings: Shown['currentSettings']
  /** The operations, for the visitor. */
  readonly as: PawlClient
  readonly isSignedIn: boolean
  /** Whether it is a program that asks for JSON by name. Link previews do not: they accept everything. */
  readonly wantsJson: boolean
  /** The address of the visitor. Empty: unknown. */
  readonly from: string
  readonly query: URLSearchParams
  /** The path and query, to come back to after signing in. */
  readonly here: string
  /** The path of another page, below the path of the public URL. */
  to(path: string): string
  /** The path of the page that follows a sign-in. */
  readonly home: string
  /** A header that keeps the visitor signed in with this token. */
  signedIn(token: { reveal(): string }, lifeSeconds: number): readonly string[]
  /** A header with a new token, when the present one ends soon. The session itself still ends after a day. */
  keepSession(): Promise<readonly string[]>
  /** A header that ends the session in the browser. */
  signedOut(): readonly string[]
  /** The value of a cookie of this server besides the session, by its name. */
  kept(name: string): string | null
  /** A header that sets the cookie. Null removes it. */
  keep(name: string, value: string | null, lifeSeconds?: number): readonly string[]
}

/** Reads the visitor from a request. The session is a token of the user in a cookie that no script can read. */
export function visitOf(pawl: Shown, home: string, wire: WebRequest, from: Address | null): Visit {
  const [path = '', query = ''] = wire.target.split('?', 2)
  const { publicUrl } = pawl.settings
  const base = new URL(publicUrl).pathname.replace(/\/$/, '')
  const bearer = cookieOf(publicUrl, wire.header('cookie'))
  const as = pawl.as({ bearer, scheme: 'cookie', ip: from })
  const accepted = wire.header('accept') ?? ''
  return {
    settings: pawl.settings,
    currentSettings: pawl.currentSettings,
    as,
    isSignedIn: bearer !== null,
    wantsJson: accepted.includes('application/json') && !accepted.includes('text/html'),
    from: from ? formatAddress(from) : '',
    query: new URLSearchParams(query),
    here: query === '' ? path : `${path}?${query}`,
    to: (page) => base + page,
    home: base + home,
    signedIn: (token, lifeSeconds) => ['set-cookie', sessionCookie(publicUrl, token.reveal(), lifeSeconds)],
    keepSession: () => renewedSession(as, publicUrl, bearer),
    signedOut: () => ['set-cookie', clearedCookie(publicUrl)],
    kept: (name) => cookieOf(publicUrl, wire.header('cookie'), name),
    keep: (name, value, lifeSeconds = 0) => ['set-cookie', sideCookie(publicUrl, name, value, lifeSeconds)],
  }
}

const formBytesMax = 64 * 1024

/**
 * The fields of a form that a page of this server sent. Browsers send the origin of a form, so the server refuses a form of
 * another site before it reads it (CSRF).
 */
export async function formOf({ settings }: Shown, wire: WebRequest, begin: Begin): Promise<URLSearchParams> {
  requireOwnOrigin(settings.publicUrl, wire)
  const [type = ''] = (wire.header('content-type') ?? '').split(';', 1)
  if (type.trim().toLowerCase() !== 'application/x-www-form-urlencoded') {
    throw new RequestRejected(415, 'unsupported_media_type', 'Send the form of the page.')
  }
  const bytes = await bodyOf(wire, formBytesMax, begin(null))
  return new URLSearchParams(Buffer.from(bytes).toString('utf8'))
}

function requireOwnOrigin(publicUrl: string, wire: WebRequest): void {
  if (!isOwnOrigin(publicUrl, wire) || isFromElsewhere(wire)) {
    throw new RequestRejected(403, 'foreign_form', 'The form was sent by a page of another site. Open the page here.')
  }
}

/** The text of an error for the visitor; null for an error that is not for the visitor. */
export function problemOf(error: unknown): Problem | null {
  if (error instanceof RequestRejected) {
    return { text: error.message, fields: {}, status: error.status, headers: error.headers }
  }
  if (!(error instanceof PawlError) || error.kind === 'internal') return null
  const { fields = {} } = (error.data ?? {}) as { fields?: Problem['fields'] }
  if (!rateLimited.is(error)) return { text: error.message, fields, status: 400, headers: [] }
  return { text: error.message, fields, status: 429, headers: ['retry-after', `${error.data.retryAfterSeconds}`] }
}

export interface Problem {
  readonly text: string
  readonly fields: Readonly<Record<string, string>>
  readonly status: number
  readonly headers: readonly string[]
}

/** The URL of a page that afterwards redirects to another path. */
export function leadingTo(page: string, next: string | null): string {
  return next === null ? page : `${page}${page.includes('?') ? '&' : '?'}next=${encodeURIComponent(next)}`
}

/** A path of this server in a form that `nextOf` takes: its query is escaped. Other programs escape less, or with `+`. */
export function escapedQuery(here: string): string {
  const [path = '', query] = here.split('?', 2)
  if (query === undefined) return path
  return `${path}?${new URLSearchParams(query).toString().replaceAll('+', '%20').replaceAll('*', '%2A')}`
}

/** The path of this server to redirect to. Other text is ignored, so that a link cannot send a visitor to another site. */
export function nextOf(text: string | null): string | null {
  return text !== null && /^\/[a-z][\w/.?=&%~-]*$/i.test(text) && !text.includes('//') ? text : null
}
