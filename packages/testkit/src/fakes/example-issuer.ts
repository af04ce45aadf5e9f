import { generateKeyPairSync, sign } from 'node:crypto'
import { type IdentityProvider, identityProvider } from '@pawl/core'
import type { Egress, EgressStreaming } from '@pawl/core/ports'

const url = 'http://issuer.test'
const clientId = 'pawl'
const kid = 'example'

/** One key for all worlds of a process. Its signatures are the same each time, as worlds of one seed are. */
let pair: ReturnType<typeof newPair> | null = null

function newPair() {
  return generateKeyPairSync('rsa', { modulusLength: 2_048 })
}

function keys() {
  pair ??= newPair()
  return pair
}

/** The identity providers of every world. They accept every user with an address at example.com. */
export const exampleProviders: readonly IdentityProvider[] = ['example', 'google'].map((name) =>
  identityProvider({ name, issuer: url, clientId, domains: ['example.com'] }),
)

/** An ID token of a person with an address at example.com. Its issuer also takes it as a code. */
export function exampleIdToken(nowMs: number, claims: Readonly<Record<string, unknown>> = {}, sub = 'ada'): string {
  const iat = Math.floor(nowMs / 1_000)
  const person = { sub, email: `${sub}@example.com`, email_verified: true }
  const usual = { iss: url, aud: clientId, iat, exp: iat + 300, ...person, ...claims }
  const text = [{ alg: 'RS256', typ: 'JWT', kid }, usual]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.')
  const signature = sign('sha256', Buffer.from(text), keys().privateKey)
  return `${text}.${signature.toString('base64url')}`
}

/** Answers for the issuer of the examples without a socket, and hands on everything else. */
export function withExampleIssuer(inner: Egress & Partial<EgressStreaming>): Egress & Partial<EgressStreaming> {
  return {
    ...inner,
    fetch: async (request) => {
      if (!request.url.startsWith(`${url}/`)) return inner.fetch(request)
      const body = answerAt(new URL(request.url).pathname, new TextDecoder().decode(request.body))
      return { status: 200, headers: {}, body: new TextEncoder().encode(JSON.stringify(body)) }
    },
  }
}

function answerAt(path: string, form: string): object {
  if (path === '/jwks')
    return { keys: [{ ...keys().publicKey.export({ format: 'jwk' }), kid, alg: 'RS256', use: 'sig' }] }
  if (path === '/token') return { id_token: new URLSearchParams(form).get('code') }
  const places = { authorization_endpoint: `${url}/authorize`, token_endpoint: `${url}/token`, jwks_uri: `${url}/jwks` }
  return { issuer: url, ...places }
}
