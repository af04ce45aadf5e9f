import { createHash, generateKeyPairSync, type KeyObject, randomUUID, sign } from 'node:crypto'
import type { ServerResponse } from 'node:http'
import { listen, sendJson } from './loopback.ts'
import { rsaKeys } from './rsa-keys.ts'

type Claims = Readonly<Record<string, unknown>>

/** How a token differs from a good one. */
export interface Spoiled {
  readonly alg?: 'RS256' | 'ES256' | 'HS256' | 'none'
  /** Signs with a key that the issuer does not publish, under the name of one that it does. */
  readonly wrongKey?: boolean
  /** Default: the key of the algorithm. Undefined: no `kid`. */
  readonly kid?: string | undefined
  readonly claims?: Claims
}

/** A user who signs in at the issuer. */
export type Person = { readonly sub: string } & Claims

export interface FakeIssuer extends AsyncDisposable {
  readonly url: string
  readonly clientId: string
  readonly clientSecret: string
  /** A token that the issuer signs. Valid for five minutes, unless it is spoiled. */
  token(claims: Claims, spoiled?: Spoiled): string
  /** Goes where a browser is sent, signs this person in, and answers where the browser is sent back. */
  signIn(authorizationUrl: string, person: Person, spoiled?: Spoiled): Promise<URL>
  /** The user who signs in when a browser comes to the issuer. Null: the issuer sends the browser back with an error. */
  visitor: Person | null
  /** Makes new keys, and publishes only these. */
  rotateKeys(): void
  /** The requested paths. */
  readonly asked: readonly string[]
  /** Additional or changed fields of the discovery document. */
  discovery: Claims
  close(): Promise<void>
}

export interface FakeIssuerOptions {
  /** Milliseconds since 1970. Default: the clock of the machine. */
  readonly now?: () => number
}

interface Grant {
  readonly person: Person
  readonly spoiled: Spoiled
  readonly asked: URLSearchParams
}

/**
 * An issuer of OpenID Connect on loopback, with keys for RS256 and ES256. It knows one client.
 *
 * @example
 * await using issuer = await startFakeIssuer({ now: () => world.clock.now() })
 * const back = await issuer.signIn(authorization_url, { sub: 'ada', email: 'ada@example.com', email_verified: true })
 */
export async function startFakeIssuer({ now = Date.now }: FakeIssuerOptions = {}): Promise<FakeIssuer> {
  const [clientId, clientSecret] = ['pawl', randomUUID()]
  const grants = new Map<string, Grant>()
  const asked: string[] = []
  let keys = newKeys()
  const strangers = newKeys()
  let discovery: Claims = {}
  let visitor: Person | null = null

  const token = (claims: Claims, spoiled: Spoiled = {}) => {
    const { alg = 'RS256', wrongKey = false } = spoiled
    const pair = (wrongKey ? strangers : keys)[alg === 'ES256' ? 'ES256' : 'RS256']
    const kid = 'kid' in spoiled ? spoiled.kid : keys[alg === 'ES256' ? 'ES256' : 'RS256'].kid
    const iat = Math.floor(now() / 1_000)
    const usual = { iss: loopback.url, aud: clientId, iat, exp: iat + 300 }
    return jwt({ alg, typ: 'JWT', kid }, { ...usual, ...claims, ...spoiled.claims }, pair.privateKey)
  }

  const exchange = (response: ServerResponse, given: URLSearchParams, authorization: string | undefined) => {
    const grant = grants.get(given.get('code') ?? '')
    grants.delete(given.get('code') ?? '')
    const challenge = createHash('sha256')
      .update(given.get('code_verifier') ?? '')
      .digest('base64url')
    const basic = `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`
    const isRight =
      authorization === basic &&
      grant?.asked.get('code_challenge') === challenge &&
      grant.asked.get('redirect_uri') === given.get('redirect_uri')
    if (!isRight) return sendJson(response, 400, { error: 'invalid_grant' })
    const nonce = grant.asked.get('nonce')
    const id_token = token({ ...grant.person, ...(nonce !== null && { nonce }) }, grant.spoiled)
    sendJson(response, 200, { access_token: 'at', token_type: 'Bearer', expires_in: 300, id_token })
  }

  /** Where the browser is sent back, with a code for this person. */
  const backFor = (given: URLSearchParams, person: Person | null, spoiled: Spoiled = {}) => {
    const back = new URL(given.get('redirect_uri') ?? '')
    const code = randomUUID()
    if (person) grants.set(code, { person, spoiled, asked: given })
    const answer: Record<string, string> = person ? { code, iss: loopback.url } : { error: 'access_denied' }
    back.search = new URLSearchParams({ ...answer, state: given.get('state') ?? '' }).toString()
    return back
  }

  const loopback = await listen(async (request, body, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://issuer')
    asked.push(pathname)
    if (pathname === '/authorize') {
      response.writeHead(302, { location: backFor(searchParams, visitor).href }).end()
      return
    }
    if (pathname === '/token') return exchange(response, new URLSearchParams(body), request.headers.authorization)
    if (pathname === '/jwks') return sendJson(response, 200, { keys: Object.values(keys).map(({ jwk }) => jwk) })
    if (pathname !== '/.well-known/openid-configuration') return sendJson(response, 404, {})
    const { url } = loopback
    const places = { jwks_uri: `${url}/jwks`, token_endpoint: `${url}/token`, end_session_endpoint: `${url}/logout` }
    sendJson(response, 200, { issuer: url, authorization_endpoint: `${url}/authorize`, ...places, ...discovery })
  })

  return {
    url: loopback.url,
    clientId,
    clientSecret,
    token,
    signIn: async (authorizationUrl, person, spoiled = {}) => {
      return backFor(new URL(authorizationUrl).searchParams, person, spoiled)
    },
    rotateKeys: () => {
      keys = newKeys()
    },
    asked,
    get visitor() {
      return visitor
    },
    set visitor(changed) {
      visitor = changed
    },
    get discovery() {
      return discovery
    },
    set discovery(changed) {
      discovery = changed
    },
    close: () => loopback.close(),
    [Symbol.asyncDispose]: () => loopback.close(),
  }
}

function newKeys() {
  const rsa = rsaKeys()
  const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const published = (alg: string, { publicKey, privateKey }: { publicKey: KeyObject; privateKey: KeyObject }) => {
    const kid = randomUUID()
    return { kid, privateKey, jwk: { ...publicKey.export({ format: 'jwk' }), kid, alg, use: 'sig' } }
  }
  return { RS256: published('RS256', rsa), ES256: published('ES256', ec) }
}

function jwt(header: { readonly alg: string } & Claims, claims: Claims, key: KeyObject): string {
  const text = [header, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.')
  return `${text}.${signature(header.alg, text, key)}`
}

function signature(alg: string, text: string, key: KeyObject): string {
  if (alg === 'none') return ''
  const given = { key, dsaEncoding: 'ieee-p1363' } as const
  return sign('sha256', Buffer.from(text), given).toString('base64url')
}
