// The session cookie. `__Host-` makes browsers refuse it from other hosts and without TLS.

const nameOf = (publicUrl: string, side = '') =>
  (publicUrl.startsWith('https:') ? '__Host-pawl' : 'pawl') + (side && `-${side}`)

/** The session token from the Cookie header of a request, or the value of the side cookie `side`. */
export function cookieOf(publicUrl: string, header: string | undefined, side = ''): string | null {
  const prefix = `${nameOf(publicUrl, side)}=`
  const found = header?.split(/;\s*/).find((one) => one.startsWith(prefix))
  return found?.slice(prefix.length) || null
}

/** Links in mail lead here from other sites, so the cookie is Lax. Forms are checked by their origin. */
function cookie(publicUrl: string, value: string, lifeSeconds: number, side = ''): string {
  const secure = publicUrl.startsWith('https:') ? '; Secure' : ''
  return `${nameOf(publicUrl, side)}=${value}; Path=/; Max-Age=${lifeSeconds}; HttpOnly; SameSite=Lax${secure}`
}

export function sessionCookie(publicUrl: string, token: string, lifeSeconds: number): string {
  return cookie(publicUrl, token, lifeSeconds)
}

/** A cookie beside the session. Null removes it. */
export function sideCookie(publicUrl: string, side: string, value: string | null, lifeSeconds: number): string {
  return cookie(publicUrl, value ?? '', value === null ? 0 : lifeSeconds, side)
}

export function clearedCookie(publicUrl: string): string {
  return cookie(publicUrl, '', 0)
}
