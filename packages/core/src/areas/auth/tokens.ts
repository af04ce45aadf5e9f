import { base64url, fromBase64url, fromUtf8, hex, utf8 } from '../../kernel/bytes.ts'
import { internalError } from '../../kernel/errors.ts'
import type { Json } from '../../kernel/json.ts'
import { Lru } from '../../kernel/lru.ts'
import { Secret } from '../../kernel/secret.ts'
import { day, second } from '../../kernel/time.ts'
import { type Engine, notAuthenticated, type Principal, perEngine } from '../../operations/index.ts'
import { HsmError } from '../../ports/hsm.ts'
import { kind, type MaybePromise, type Unit } from '../../records/index.ts'

// Access tokens are compact JWTs, signed with Ed25519 by a key of the HSM. The algorithm is ours, not the token's: a
// header that says anything else is not a token. The signature is checked once; what may change while a token lives
// (revocation, the state of who holds it) is checked with every request, elsewhere.

export interface Claims {
  readonly sub: string
  readonly org: string
  readonly jti: string
  readonly iat: number
  readonly exp: number
  /** The epoch of the principal when the token was made. */
  readonly epoch: number
  /** The session: the `jti` of its first token. Ending the session ends every token that was made from that one. */
  readonly sid: string
  /** When the session ends, however often it is refreshed. Seconds, like `exp`. */
  readonly session_exp: number
  /** The key it was exchanged for, and ends with; null for none. */
  readonly key_id: string | null
  readonly [claim: string]: Json
}

interface TokenKey {
  readonly kid: string
  readonly uri: string
  readonly publicKey: string
}

/** The keys that sign tokens, oldest first. The last one signs; the others are kept while their tokens may live. */
interface TokenKeys {
  readonly id: 'main'
  readonly keys: readonly TokenKey[]
}

export const tokenKeysKind = kind<TokenKeys>('tokenKeys', { scope: 'global' })

/** A session that was ended before its time, under its `sid`. Kept until then. */
export const revokedTokenKind = kind<{ readonly id: string; readonly expiresAt: number }>('revokedToken', {
  indexes: { expires: { key: ({ expiresAt }) => [expiresAt] } },
})

const verifiedMax = 20_000
/** More rotations than this within the life of a session end it early. */
const keysKeptMax = 8
const tokenCharactersMax = 8_192
/** What an area may add to a token, so that every token we make is one that we accept, and fits into a header. */
const extraCharactersMax = 4_096
const sessionSecondsMax = day / second
/** How far ahead of ours the clock of another engine on the same store may be. */
const clockSkewSecondsMax = 60
/** Sessions whose time is over anyway, taken away when one is ended. */
const sweptAtOnce = 20

/** Makes and verifies the tokens of one engine. */
export const tokens = perEngine((engine) => ({
  /** The keys whose tokens are accepted, newest last. */
  keys: () => tokenKeys(engine),
  mint: (wanted: NewToken) => mintToken(engine, wanted),
  /** The claims of a token that is ours, unspoiled and not expired; null for every reason there can be. */
  verify: (token: string, now: number) => verifyToken(engine, token, now),
}))

const verified = perEngine(() => new Lru<string, Claims>({ max: verifiedMax }))

/** The keys whose tokens are accepted, newest last. Made at first use. */
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

/** Lets a new key sign from now on, and destroys those that did. Tokens that are out stay good: the public halves stay. */
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
  readonly principal: Principal
  readonly org: string
  readonly epoch: number
  readonly lifetimeSeconds: number
  /** The token it is made from: the new one continues its session, and never outlives it. */
  readonly parent?: Claims | null
  /** The key it is made from, when there is no such token. */
  readonly keyId?: string | null
  /** When whatever it rests on ends, in milliseconds. */
  readonly endsAt?: number | null
  /** What else the token says, for whoever reads it; nothing is decided by it. The first to go when it is too much. */
  readonly claims?: Readonly<Record<string, Json>>
}

export interface MintedToken {
  readonly token: Secret<string>
  readonly expiresIn: number
}

async function mintToken(engine: Engine, wanted: NewToken): Promise<MintedToken> {
  const claims = claimsOf(engine, wanted)
  // The key may be replaced between the two steps; then there is another.
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

function claimsOf(engine: Engine, { principal, org, epoch, lifetimeSeconds, ...wanted }: NewToken): Claims {
  const now = engine.records.now()
  const iat = Math.floor(now / second)
  const jti = engine.newId()
  const session = wanted.parent ?? {
    sid: jti,
    session_exp: iat + Math.max(lifetimeSeconds, sessionSecondsMax),
    key_id: wanted.keyId ?? null,
  }
  const { sid, session_exp, key_id } = session
  const end = Math.floor((wanted.endsAt ?? Number.POSITIVE_INFINITY) / second)
  const exp = Math.min(iat + lifetimeSeconds, session_exp, end)
  // Nothing left is nothing, and never "without end".
  if (exp * second <= now) throw notAuthenticated({ reason: 'The session has ended. Sign in again.' })
  const sub = `${principal.kind}:${principal.id}`
  return { ...fitting(wanted.claims ?? {}), sub, org, iat, exp, jti, epoch, sid, session_exp, key_id }
}

function fitting(claims: Readonly<Record<string, Json>>): Record<string, Json> {
  const kept = Object.entries(claims).sort(([, a], [, b]) => JSON.stringify(a).length - JSON.stringify(b).length)
  while (utf8(JSON.stringify(Object.fromEntries(kept))).length > extraCharactersMax) kept.pop()
  return Object.fromEntries(kept)
}

function headerOf(kid: string): string {
  return encode({ alg: 'EdDSA', typ: 'JWT', kid })
}

function encode(part: unknown): string {
  return base64url(utf8(JSON.stringify(part)))
}

function verifyToken(engine: Engine, token: string, now: number): MaybePromise<Claims | null> {
  if (token.length > tokenCharactersMax) return null
  // Remembered under a hash of the whole token, so that no two tokens can be taken for each other.
  const name = hex(engine.crypto.sha256(utf8(token)))
  const known = verified(engine).get(name)
  if (known) return isCurrent(known, now) ? known : null
  return checkSignature(engine, token).then((claims) => {
    if (!claims || !isCurrent(claims, now)) return null
    verified(engine).set(name, claims)
    return claims
  })
}

function isCurrent({ iat, exp }: Claims, now: number): boolean {
  return exp * second > now && (iat - clockSkewSecondsMax) * second <= now
}

async function checkSignature(engine: Engine, token: string): Promise<Claims | null> {
  const parts = token.split('.')
  if (parts.length !== 3) return null
  const [head, body, tail] = parts as [string, string, string]
  const signature = fromBase64url(tail)
  // A header is one of ours, to the letter, or none: there is no algorithm, key or address in it to be believed.
  const key = (await tokenKeys(engine)).find(({ kid }) => headerOf(kid) === head)
  const publicKey = key && fromBase64url(key.publicKey)
  if (!publicKey || signature?.length !== 64) return null
  if (!engine.crypto.ed25519Verify(publicKey, utf8(`${head}.${body}`), signature)) return null
  const claims = decode(body)
  return claims && isClaims(claims) ? claims : null
}

/** Reads JSON in the one form that we write, so no two readers can see different claims in it. */
function decode(part: string): Record<string, Json> | null {
  try {
    const text = fromUtf8(fromBase64url(part) ?? new Uint8Array(0))
    const value = JSON.parse(text)
    const isObject = value !== null && typeof value === 'object' && !Array.isArray(value)
    return isObject && JSON.stringify(value) === text ? value : null
  } catch {
    return null
  }
}

/** A token that was made for somebody else to accept names its audience, and is none of ours. */
function isClaims(claims: Record<string, Json>): claims is Claims {
  const texts = ['sub', 'org', 'jti', 'sid'].every((name) => typeof claims[name] === 'string')
  const numbers = ['iat', 'exp', 'epoch', 'session_exp'].every((name) => Number.isSafeInteger(claims[name]))
  const keyed = claims.key_id === null || typeof claims.key_id === 'string'
  return texts && numbers && keyed && claims.aud === undefined
}

/** Ends a session. The record stays until the session would have ended by itself; some that have are taken away. */
export function endSession(unit: Unit, sid: string, expiresAt: number, now: number): void {
  const ended = unit.page(revokedTokenKind, 'expires', { to: [now], limit: sweptAtOnce })
  for (const one of ended) unit.delete(revokedTokenKind, one)
  if (!unit.get(revokedTokenKind, sid)) unit.put(revokedTokenKind, { id: sid, expiresAt })
}
