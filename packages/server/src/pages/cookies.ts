// The session cookie. `__Host-` makes browsers refuse it from other hosts and without TLS.

const name = (publicUrl: string) => (publicUrl.startsWith('https:') ? '__Host-pawl' : 'pawl')

/** The token of the session, in the Cookie header of a request. */
export function cookieOf(publicUrl: string, header: string | undefined): string | null {
  const prefix = `${name(publicUrl)}=`
  const found = header?.split(/;\s*/).find((one) => one.startsWith(prefix))
  return found?.slice(prefix.length) || null
}

/** Links in mail lead here from other sites, so the cookie is Lax. Forms are checked by their origin. */
function cookie(publicUrl: string, value: string, lifeSeconds: number): string {
  const secure = publicUrl.startsWith('https:') ? '; Secure' : ''
  return `${name(publicUrl)}=${value}; Path=/; Max-Age=${lifeSeconds}; HttpOnly; SameSite=Lax${secure}`
}

export function sessionCookie(publicUrl: string, token: string, lifeSeconds: number): string {
  return cookie(publicUrl, token, lifeSeconds)
}

export function clearedCookie(publicUrl: string): string {
  return cookie(publicUrl, '', 0)
}
