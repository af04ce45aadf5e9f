import type { PawlClient } from '@pawl/core'
import { cookieOf, sessionCookie } from './cookies.ts'
import { type Known, refuseStrangers } from './known-hosts.ts'
import type { WebRequest } from './messages.ts'
import { isFromElsewhere, isOwnOrigin } from './own-origin.ts'

// The session of a user in a browser: a token in a cookie that no script can read.

/** The header of every call of the dashboard. No page of another origin can send it: the server allows it to none. */
const dashboardHeader = 'x-pawl-dashboard'

/**
 * The token of the session cookie, when the dashboard itself sends the call. A call of another page, or one without the
 * header, gets no session, so a foreign form or link can use none (CSRF).
 */
export function sessionOf(publicUrl: string, known: Known, wire: Pick<WebRequest, 'method' | 'header'>): string | null {
  if (wire.header(dashboardHeader) === undefined || isFromElsewhere(wire)) return null
  // Browsers name the origin in every request that can change something.
  const mayBeSilent = wire.method === 'GET' || wire.method === 'HEAD'
  const isOwn = wire.header('origin') === undefined ? mayBeSilent : isOwnOrigin(publicUrl, wire)
  if (!isOwn) return null
  refuseStrangers(known, wire)
  return cookieOf(publicUrl, wire.header('cookie'))
}

/** A header with a new token, when the present one ends soon. The session itself still ends after a day. */
export async function renewedSession(as: PawlClient, publicUrl: string, bearer: string | null): Promise<string[]> {
  if (bearer === null || secondsLeft(bearer) > renewedBelowSeconds) return []
  const { access_token, expires_in } = await as.auth.refresh()
  return ['set-cookie', sessionCookie(publicUrl, access_token.reveal(), expires_in)]
}

const renewedBelowSeconds = 600

/** The claim is not verified here: the engine verifies the token in each call. */
function secondsLeft(token: string): number {
  try {
    const { exp } = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8')) as { exp: number }
    return exp - Date.now() / 1000
  } catch {
    return Number.POSITIVE_INFINITY
  }
}
