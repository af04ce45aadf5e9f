import { issuerUnavailable } from './errors.ts'

/** What an issuer says of itself (OpenID Connect Discovery). */
export interface IssuerMetadata {
  readonly issuer: string
  readonly jwksUri: string
  readonly authorizationEndpoint: string | null
  readonly tokenEndpoint: string | null
  readonly endSessionEndpoint: string | null
  /** Whether each answer to a browser names the issuer (RFC 9207). */
  readonly namesItself: boolean
}

/** Where an issuer says who it is. */
export function metadataUrl(issuer: string): string {
  return `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`
}

/** Refuses metadata of another issuer, and places that are less protected than the issuer. */
export function readMetadata(issuer: string, json: Readonly<Record<string, unknown>>): IssuerMetadata {
  const text = (name: string) => {
    const value = json[name]
    return typeof value === 'string' ? value : null
  }
  const endpoint = (name: string) => {
    const url = text(name)
    if (url !== null && !isAsSafe(url, issuer)) throw invalid(issuer, name)
    return url
  }
  if (text('issuer') !== issuer) throw invalid(issuer, 'issuer')
  const jwksUri = endpoint('jwks_uri')
  if (jwksUri === null) throw invalid(issuer, 'jwks_uri')
  return {
    issuer,
    jwksUri,
    authorizationEndpoint: endpoint('authorization_endpoint'),
    tokenEndpoint: endpoint('token_endpoint'),
    endSessionEndpoint: endpoint('end_session_endpoint'),
    namesItself: json.authorization_response_iss_parameter_supported === true,
  }
}

function isAsSafe(url: string, issuer: string): boolean {
  if (!URL.canParse(url)) return false
  const { protocol } = new URL(url)
  return protocol === 'https:' || (protocol === 'http:' && issuer.startsWith('http:'))
}

function invalid(issuer: string, field: string) {
  return issuerUnavailable({ reason: `${new URL(issuer).host} has an invalid ${field} in its discovery document.` })
}
