/** The credential of an `Authorization: Bearer …`; null for any other, and for none. */
export function bearerOf(authorization: string | undefined): string | null {
  if (authorization === undefined || authorization.slice(0, 7).toLowerCase() !== 'bearer ') return null
  return authorization.slice(7).trim() || null
}
