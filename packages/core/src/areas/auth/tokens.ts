import { Cache } from '../../kernel/budget.ts'
import { base64url, binaryText, fromBase64url, fromUtf8, utf8 } from '../../kernel/bytes.ts'
import { internalError } from '../../kernel/errors.ts'
import { nilUuid } from '../../kernel/ids.ts'
import type { Json } from '../../kernel/json.ts'
import { Secret } from '../../kernel/secret.ts'
import { day, second } from '../../kernel/time.ts'
import { type Engine, type Holder, notAuthenticated, perEngine } from '../../operations/index.ts'
import { HsmError } from '../../ports/hsm.ts'
import { kind, type MaybePromise, type Unit } from '../../records/index.ts'

// Access tokens are compact JWTs, signed with Ed25519 by a key of the HSM. A token with any other algorithm in its
// header is refused. The signature is checked once. `authenticate.ts` checks revocation and the state of the holder for
// each request.

export interface Claims {
  readonly sub: string
  readonly org: string
  readonly jti: string
  readonly iat: number
  readonly exp: number
  /** The epoch of the principal when the token was created. */
  readonly epoch: number
  /** The session: the `jti` of its first token. Ending the session ends all its tokens. */
  readonly sid: string
  /** End of the session, which refreshing does not extend. In seconds, like `exp`. */
  readonly session_exp: number
  /** The API key that was exchanged for the token. The token ends with the key. Null if there is none. */
  readonly key_id: string | null
  /** The key that the token is bound to (RFC 9449): a request needs a proof of it. Absent if there is none. */
  readonly cnf?: { readonly jkt: string }
  /** `device` is true in a session that began with the code of a device. */
  readonly [claim: string]: Json | undefined
}

interface TokenKey {
  readonly kid: string
  readonly uri: string
  readonly publicKey: string
}

/** The token keys, oldest first. The last one signs. The others verify older tokens until these expire. */
interface TokenKeys {
  readonly id: 'main'
  readonly keys: readonly TokenKey[]
}

export const tokenKeysKind = kind<TokenKeys>('tokenKeys', { scope: 'global' })

/** A session that was ended early, by `sid`. The record stays until the regular end. */
export const revokedTokenKind = kind<{ readonly id: string; readonly expiresAt: number }>('revokedToken', {
  indexes: { expires: { key: ({ expiresAt }) => [expiresAt] } },
})

/** If more rotations happen during a session, it ends early. */
const keysKeptMax = 8
const tokenCharactersMax = 8_192
/** Limit for additional claims of areas, so that every token fits into a header and is accepted. */
const extraCharactersMax = 4_096
export const sessionSecondsMax = day / second
/** Maximum difference to the clock of another engine on the same storage. */
const clockSkewSecondsMax = 60
/** Number of expired records to remove when a session is ended. */
const sweptAtOnce = 20

/** Creates and verifies the tokens of one engine. */
export const tokens = perEngine((engine) => ({
  /** The keys whose tokens are accepted, newest last. */
  keys: () => tokenKeys(engine),
  mint: (wanted: NewToken) => mintToken(engine, wanted),
  /** Returns null if the token is refused, for any reason. */
  verify: (token: string, now: number) => verifyToken(engine, token, now),
}))

/** A valid token, and whose it is. */
export interface Verified {
  readonly claims: Claims
  readonly principal: Holder
}

/** By a hash of the whole token, so that tokens are never confused and none is in memory. */
const verified = perEngine(({ budget }) => new Cache<string, Verified>(budget, { weigh: bytesOf }))

const bytesOf = ({ claims }: Verified) => 1_000 + 2 * JSON.stringify(claims).length

/** The keys whose tokens are accepted, newest last. Creates the first key if there is none. */
async function tokenKeys(engine: Engine): Promise<readonly TokenKey[]> {
  const known = await engine.records.reading().get(tokenKeysKind, 'main')
  if (known) return known.keys
  const key = await makeKey(engine)
  return engine.records.transact((unit) => {
    const other = unit.get(tokenKeysKind, 'main')
    if (other) return other.keys
    unit.put(tokenKeysKind, { id: 'main', keys: [key] })
    return [key]
  })
}

/** Creates a new signing key and destroys the old ones. Their public keys stay, so existing tokens stay valid. */
export async function rotateTokenKey(engine: Engine): Promise<void> {
  const former = await tokenKeys(engine)
  const key = await makeKey(engine)
  await engine.records.transact((unit) => {
    const keys = unit.get(tokenKeysKind, 'main')?.keys ?? []
    unit.put(tokenKeysKind, { id: 'main', keys: [...keys, key].slice(-keysKeptMax) })
  })
  for (const { uri } of former) await engine.hsm.destroyKey(uri)
}

async function makeKey({ hsm, newId }: Engine): Promise<TokenKey> {
  const kid = newId()
  const uri = `pawl:tokens/${kid}`
  await hsm.createKey(uri, 'ed25519')
  return { kid, uri, publicKey: base64url(await hsm.publicKey(uri)) }
}

interface NewToken {
  readonly principal: Holder
  readonly org: string
  readonly epoch: number
  readonly lifetimeSeconds: number
  /** The token that is refreshed. The new token continues its session and never outlives it. */
  readonly parent?: Claims | null
  /** The API key that is exchanged, if no token is refreshed. */
  readonly keyId?: string | null
  /** Thumbprint of the key that the token is bound to. A refreshed token stays bound to its key. */
  readonly boundTo?: string | null
  /** A device was allowed to sign in, if no token is refreshed. */
  readonly isDevice?: boolean
  /** Expiry of the key or principal behind the token, in milliseconds. */
  readonly endsAt?: number | null
  /** Informative claims. No decision uses them. They are dropped if the token would be too large. */
  readonly claims?: Readonly<Record<string, Json>>
}

export interface MintedToken {
  readonly token: Secret<string>
  readonly expiresIn: number
}

async function mintToken(engine: Engine, wanted: NewToken): Promise<MintedToken> {
  const claims = claimsOf(engine, wanted)
  // A rotation can replace the key between the two steps. Then the next key signs.
  const token = await signed(engine, claims).catch((error) => {
    if (error instanceof HsmError && error.failure === 'key_missing') return signed(engine, claims)
    throw error
  })
  return { token: Secret.of(token), expiresIn: claims.exp - claims.iat }
}

async function signed(engine: Engine, claims: Claims): Promise<string> {
  const keys = await tokenKeys(engine)
  const key = keys[keys.length - 1]
  if (!key) throw internalError()
  const text = `${headerOf(key.kid)}.${encode(claims)}`
  return `${text}.${base64url(await engine.hsm.sign(key.uri, utf8(text)))}`
}

function claimsOf(engine: Engine, wanted: NewToken): Claims {
  const now = engine.records.now()
  const { principal, lifetimeSeconds, parent, boundTo, endsAt } = wanted
  const iat = Math.floor(now / second)
  const jti = engine.newId()
  const sid = parent?.sid ?? jti
  const session_exp = parent?.session_exp ?? iat + Math.max(lifetimeSeconds, sessionSecondsMax)
  const end = Math.floor((endsAt ?? Number.POSITIVE_INFINITY) / second)
  const exp = Math.min(iat + lifetimeSeconds, session_exp, end)
  // Zero seconds left means expired, not unlimited.
  if (exp * second <= now) throw notAuthenticated({ reason: 'The session has ended. Sign in again.' })
  const isDevice = parent ? parent.device === true : wanted.isDevice === true
  const jkt = parent?.cnf?.jkt ?? boundTo ?? null
  const claims: Writable = {
    sub: `${principal.kind}:${principal.id}`,
    org: wanted.org,
    iat,
    exp,
    jti,
    epoch: wanted.epoch,
    sid,
    session_exp,
    key_id: parent ? parent.key_id : (wanted.keyId ?? null),
  }
  if (isDevice) claims.device = true
  if (jkt !== null) claims.cnf = { jkt }
  return wanted.claims ? withExtra(claims, wanted.claims) : claims
}

type Writable = { -readonly [Name in keyof Claims]: Claims[Name] }

/** Adds the claims of areas: all of them, or the short ones. None replaces a claim of ours. */
function withExtra(claims: Writable, extra: Readonly<Record<string, Json>>): Claims {
  for (const [name, value] of Object.entries(fitting(extra))) if (!Object.hasOwn(claims, name)) claims[name] = value
  return claims
}

function fitting(claims: Readonly<Record<string, Json>>): Readonly<Record<string, Json>> {
  if (isShort(claims)) return claims
  const kept = Object.entries(claims).sort(([, a], [, b]) => JSON.stringify(a).length - JSON.stringify(b).length)
  while (!isShort(Object.fromEntries(kept))) kept.pop()
  return Object.fromEntries(kept)
}

function isShort(claims: Readonly<Record<string, Json>>): boolean {
  return utf8(JSON.stringify(claims)).length <= extraCharactersMax
}

function headerOf(kid: string): string {
  return encode({ alg: 'EdDSA', typ: 'JWT', kid })
}

function encode(part: unknown): string {
  return base64url(utf8(JSON.stringify(part)))
}

function verifyToken(engine: Engine, token: string, now: number): MaybePromise<Verified | null> {
  if (token.length > tokenCharactersMax) return null
  const name = binaryText(engine.crypto.sha256(utf8(token)))
  const known = verified(engine).get(name)
  if (known) return isCurrent(known, now) ? known : null
  return checkSignature(engine, token).then((found) => {
    if (!found || !isCurrent(found, now)) return null
    verified(engine).set(name, found)
    return found
  })
}

function isCurrent({ claims: { iat, exp } }: Verified, now: number): boolean {
  return exp * second > now && (iat - clockSkewSecondsMax) * second <= now
}

async function checkSignature(engine: Engine, token: string): Promise<Verified | null> {
  const parts = token.split('.')
  if (parts.length !== 3) return null
  const [head, body, tail] = parts as [string, string, string]
  const signature = fromBase64url(tail)
  // The header must be exactly one of ours. No algorithm, key or URL of the header is trusted.
  const key = (await tokenKeys(engine)).find(({ kid }) => headerOf(kid) === head)
  const publicKey = key && fromBase64url(key.publicKey)
  if (!publicKey || signature?.length !== 64) return null
  if (!engine.crypto.ed25519Verify(publicKey, utf8(`${head}.${body}`), signature)) return null
  const claims = decode(body)
  return claims && isClaims(claims) ? verifiedOf(claims) : null
}

function verifiedOf(claims: Claims): Verified | null {
  const [kind, id = nilUuid] = claims.sub.split(':')
  if (kind !== 'user' && kind !== 'agent' && kind !== 'app') return null
  return { claims, principal: { kind, id } }
}

/** Parses JSON only in the form that we write, so that all readers see the same claims. */
function decode(part: string): Record<string, Json | undefined> | null {
  try {
    const text = fromUtf8(fromBase64url(part) ?? new Uint8Array(0))
    const value = JSON.parse(text)
    const isObject = value !== null && typeof value === 'object' && !Array.isArray(value)
    return isObject && JSON.stringify(value) === text ? value : null
  } catch {
    return null
  }
}

/** A token with an audience is for another service and is refused here. */
function isClaims(claims: Record<string, Json | undefined>): claims is Claims {
  const texts = ['sub', 'org', 'jti', 'sid'].every((name) => typeof claims[name] === 'string')
  const numbers = ['iat', 'exp', 'epoch', 'session_exp'].every((name) => Number.isSafeInteger(claims[name]))
  const keyed = claims.key_id === null || typeof claims.key_id === 'string'
  return texts && numbers && keyed && isBinding(claims.cnf) && claims.aud === undefined
}

/** A token that is bound in a way that is unknown here is not valid. */
function isBinding(cnf: Json | undefined): boolean {
  return cnf === undefined || typeof (cnf as { readonly jkt?: unknown } | null)?.jkt === 'string'
}

/** Ends a session. The record stays until the regular end of the session. Also removes some expired records. */
export function endSession(unit: Unit, sid: string, expiresAt: number, now: number): void {
  const ended = unit.page(revokedTokenKind, 'expires', { to: [now], limit: sweptAtOnce })
  for (const one of ended) unit.delete(revokedTokenKind, one)
  if (!unit.get(revokedTokenKind, sid)) unit.put(revokedTokenKind, { id: sid, expiresAt })
}
