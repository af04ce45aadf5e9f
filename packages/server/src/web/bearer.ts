import type { Origin } from '@pawl/core'
import type { WebRequest } from './messages.ts'

/** The credential of a request. `publicOrigin` is the origin of the URL that clients use. */
export function credentialOf(
  wire: Pick<WebRequest, 'method' | 'target' | 'header'>,
  publicOrigin: string,
): Pick<Origin, 'bearer' | 'scheme' | 'possession'> {
  const [scheme, token] = schemeAndToken(wire.header('authorization'))
  const proof = wire.header('dpop')
  if (scheme !== 'dpop' && proof === undefined) return { bearer: token }
  const [path = ''] = wire.target.split('?')
  return {
    bearer: token,
    ...(scheme === 'dpop' && { scheme }),
    ...(proof !== undefined && { possession: { proof, method: wire.method, url: `${publicOrigin}${path}` } }),
  }
}

/** The credential of an `Authorization: Bearer …` header; null for other schemes, and without the header. */
export function bearerOf(authorization: string | undefined): string | null {
  const [scheme, token] = schemeAndToken(authorization)
  return scheme === 'bearer' ? token : null
}

function schemeAndToken(authorization: string | undefined): ['bearer' | 'dpop' | null, string | null] {
  const [, scheme = '', token = ''] = /^(bearer|dpop) (.*)$/is.exec(authorization ?? '') ?? []
  const found = scheme.toLowerCase()
  return found === 'bearer' || found === 'dpop' ? [found, token.trim() || null] : [null, null]
}
