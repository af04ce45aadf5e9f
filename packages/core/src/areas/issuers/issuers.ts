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
/** Minimum time between two requests for keys, even if tokens name unknown keys. */
const againMs = 30 * second
const clockSkewSeconds = 60

/** What a token must say, beside a valid signature and time. */
export interface Expected {
  readonly issuer: string
  /** The token must be for these, and for nothing else. */
  readonly audiences: readonly string[]
}

/** The claims that a token must have when the URL of its keys is known. Null: any value. */
export interface ExpectedOfKeys {
  readonly jwksUrl: string
  readonly issuer: string | null
  readonly audience: string | null
}

/** A rule for the claims of a token. */
interface Rule {
  readonly issuer: string | null
  readonly audiences: readonly string[] | null
}

/** The claims of a valid token, or why it is refused. */
export type Verified = { readonly claims: JWTPayload } | { readonly refused: string }

interface Keys {
  readonly keyFor: JWTVerifyGetKey
  readonly fetchedAt: number
}

interface Known extends Keys {
  readonly metadata: IssuerMetadata
}

/** The issuers that this engine has asked. Their answers are cached. */
export const issuers = perEngine((engine) => {
  const known = remembering(engine, (issuer) => load(engine, issuer))
  const keysAt = remembering(engine, (url) => loadKeys(engine, url))

  const verify = async (token: string, rule: Rule, keys: (maxAgeMs: number) => Promise<Keys>): Promise<Verified> => {
    const nowMs = engine.records.now()
    if (token.length > tokenCharactersMax) return { refused: 'It is too long.' }
    try {
      return await verifyWith((await keys(keptMs)).keyFor, token, rule, nowMs)
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey)) throw error
    }
    // The issuer may have a new key.
    const { keyFor } = await keys(againMs)
    return verifyWith(keyFor, token, rule, nowMs).catch(() => ({ refused: 'The issuer has no such key.' }))
  }
  return {
    metadata: async (issuer: string) => (await known(issuer, keptMs)).metadata,
    verify: (token: string, expected: Expected) => verify(token, expected, (ageMs) => known(expected.issuer, ageMs)),
    /** The same with the keys at one URL, without asking the issuer where they are. */
    verifyWithKeysAt: (token: string, { jwksUrl, issuer, audience }: ExpectedOfKeys) =>
      verify(token, { issuer, audiences: audience === null ? null : [audience] }, (ageMs) => keysAt(jwksUrl, ageMs)),
  }
})

/** Asks once at a time, and again when the answer is too old. */
function remembering<K extends Keys>(engine: Engine, load: (place: string) => Promise<K>) {
  const cache = new Lru<string, K>({ max: issuersMax })
  const asking = new Map<string, Promise<K>>()
  const ask = (place: string): Promise<K> => {
    const asked = asking.get(place) ?? load(place).finally(() => asking.delete(place))
    asking.set(place, asked)
    return asked
  }
  return async (place: string, maxAgeMs: number): Promise<K> => {
    const before = cache.get(place)
    if (before && engine.records.now() - before.fetchedAt < maxAgeMs) return before
    const found = await ask(place)
    cache.set(place, found)
    return found
  }
}

async function load(engine: Engine, issuer: string): Promise<Known> {
  const at = metadataUrl(issuer)
  const metadata = readMetadata(issuer, httpOk(await fetchJson(engine, { url: at }), at))
  return { metadata, ...(await loadKeys(engine, metadata.jwksUri, issuer)) }
}

async function loadKeys(engine: Engine, url: string, issuer = url): Promise<Keys> {
  const keys = httpOk(await fetchJson(engine, { url }), url)
  return { keyFor: keySet(issuer, keys), fetchedAt: engine.records.now() }
}

function keySet(issuer: string, keys: Readonly<Record<string, unknown>>): JWTVerifyGetKey {
  try {
    return createLocalJWKSet(keys as unknown as JSONWebKeySet)
  } catch {
    throw issuerUnavailable({ reason: `${new URL(issuer).host} has an invalid list of keys.` })
  }
}

/** Throws if no key fits. */
async function verifyWith(keyFor: JWTVerifyGetKey, token: string, rule: Rule, now: number): Promise<Verified> {
  try {
    const { payload } = await jwtVerify(token, keyFor, {
      algorithms,
      ...(rule.issuer === null ? {} : { issuer: rule.issuer }),
      requiredClaims: ['exp', 'iat', 'sub'],
      clockTolerance: clockSkewSeconds,
      currentDate: new Date(now),
    })
    if (rule.audiences && !isOnlyFor(payload.aud, rule.audiences)) return { refused: 'It is for another audience.' }
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
