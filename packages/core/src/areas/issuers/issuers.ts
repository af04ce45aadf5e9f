import { createLocalJWKSet, errors, type JSONWebKeySet, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose'
import { Lru } from '../../kernel/lru.ts'
import { minute, second } from '../../kernel/time.ts'
import { type Engine, perEngine } from '../../operations/index.ts'
import { issuerUnavailable } from './errors.ts'
import { fetchJson, httpOk } from './fetch-json.ts'
import { type IssuerMetadata, metadataUrl, readMetadata } from './metadata.ts'

/** All are asymmetric. Each key of an issuer works with its own algorithm only (B8). */
const algorithms = ['RS256', 'PS256', 'ES256', 'ES384', 'EdDSA', 'Ed25519']
const issuersMax = 1_000
const tokenCharactersMax = 16_384
/** A key that the issuer withdraws is refused after this time. */
const keptMs = 10 * minute
/** Minimum time between two requests for keys, whatever tokens name. */
const againMs = 30 * second
const clockSkewSeconds = 60

/** What a token must say, beside a valid signature and time. */
export interface Expected {
  readonly issuer: string
  /** The token must be for these, and for nothing else. */
  readonly audiences: readonly string[]
}

/** The claims of a valid token, or why it is refused. */
export type Verified = { readonly claims: JWTPayload } | { readonly refused: string }

interface Known {
  readonly metadata: IssuerMetadata
  readonly keyFor: JWTVerifyGetKey
  readonly fetchedAt: number
}

/** The issuers that this engine has asked. Their answers are cached. */
export const issuers = perEngine((engine) => {
  const cache = new Lru<string, Known>({ max: issuersMax })
  const asking = new Map<string, Promise<Known>>()

  const ask = (issuer: string): Promise<Known> => {
    const asked = asking.get(issuer) ?? load(engine, issuer).finally(() => asking.delete(issuer))
    asking.set(issuer, asked)
    return asked
  }
  const known = async (issuer: string, maxAgeMs: number): Promise<Known> => {
    const before = cache.get(issuer)
    if (before && engine.records.now() - before.fetchedAt < maxAgeMs) return before
    const found = await ask(issuer)
    cache.set(issuer, found)
    return found
  }
  const verify = async (token: string, expected: Expected): Promise<Verified> => {
    const nowMs = engine.records.now()
    if (token.length > tokenCharactersMax) return { refused: 'It is too long.' }
    try {
      return await verifyWith((await known(expected.issuer, keptMs)).keyFor, token, expected, nowMs)
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey)) throw error
    }
    // The issuer may have a new key.
    const { keyFor } = await known(expected.issuer, againMs)
    return verifyWith(keyFor, token, expected, nowMs).catch(() => ({ refused: 'The issuer has no such key.' }))
  }
  return { metadata: async (issuer: string) => (await known(issuer, keptMs)).metadata, verify }
})

async function load(engine: Engine, issuer: string): Promise<Known> {
  const at = metadataUrl(issuer)
  const metadata = readMetadata(issuer, httpOk(await fetchJson(engine, { url: at }), at))
  const keys = httpOk(await fetchJson(engine, { url: metadata.jwksUri }), metadata.jwksUri)
  return { metadata, keyFor: keySet(issuer, keys), fetchedAt: engine.records.now() }
}

function keySet(issuer: string, keys: Readonly<Record<string, unknown>>): JWTVerifyGetKey {
  try {
    return createLocalJWKSet(keys as unknown as JSONWebKeySet)
  } catch {
    throw issuerUnavailable({ reason: `${new URL(issuer).host} has an invalid list of keys.` })
  }
}

/** Throws if no key fits. */
async function verifyWith(keyFor: JWTVerifyGetKey, token: string, expected: Expected, now: number): Promise<Verified> {
  try {
    const { payload } = await jwtVerify(token, keyFor, {
      algorithms,
      issuer: expected.issuer,
      requiredClaims: ['exp', 'iat', 'sub'],
      clockTolerance: clockSkewSeconds,
      currentDate: new Date(now),
    })
    if (!isOnlyFor(payload.aud, expected.audiences)) return { refused: 'It is for another audience.' }
    if (typeof payload.sub !== 'string' || payload.sub === '') return { refused: 'sub is missing.' }
    if (Number(payload.iat) > now / second + clockSkewSeconds) return { refused: 'iat is in the future.' }
    return { claims: payload }
  } catch (error) {
    if (error instanceof errors.JWKSNoMatchingKey) throw error
    if (error instanceof errors.JOSEError) return { refused: reasonOf(error) }
    throw error
  }
}

/** One text, or a list of texts, each of which is one of ours (B7). */
function isOnlyFor(aud: unknown, ours: readonly string[]): boolean {
  const named = Array.isArray(aud) ? aud : [aud]
  return named.length > 0 && named.every((one) => typeof one === 'string' && ours.includes(one))
}

/** For the trail. The messages of jose name claims and no values. */
function reasonOf(error: errors.JOSEError): string {
  if (error instanceof errors.JWTExpired) return 'It has expired.'
  if (error instanceof errors.JWTClaimValidationFailed) return `The claim ${error.claim} is not as expected.`
  if (error instanceof errors.JWSSignatureVerificationFailed) return 'Its signature is invalid.'
  if (error instanceof errors.JOSEAlgNotAllowed) return 'Its algorithm is not allowed.'
  return 'It is not a valid JWT.'
}
