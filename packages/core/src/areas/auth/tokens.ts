import { base64url, fromBase64url, fromUtf8, hex, utf8 } from '../../kernel/bytes.ts'
import { internalError } from '../../kernel/errors.ts'
import { uuid } from '../../kernel/ids.ts'
import type { Json } from '../../kernel/json.ts'
import { Lru } from '../../kernel/lru.ts'
import { Secret } from '../../kernel/secret.ts'
import { second } from '../../kernel/time.ts'
import { type Engine, type Principal, perEngine } from '../../operations/index.ts'
import { kind, type Unit } from '../../records/index.ts'

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

const tokenKeysKind = kind<TokenKeys>('tokenKeys', { scope: 'global' })

/** A token that was revoked before its end. Kept until then. */
export const revokedTokenKind = kind<{ readonly id: string; readonly expiresAt: number }>('revokedToken', {
  indexes: { expires: { key: ({ expiresAt }) => [expiresAt] } },
})

const verifiedMax = 20_000
const tokenCharactersMax = 8_192

const verified = perEngine(() => new Lru<string, Claims>({ max: verifiedMax }))
const loaded = perEngine<{ keys: Promise<readonly TokenKey[]> | null }>(() => ({ keys: null }))

/** The keys whose tokens are accepted, newest last. Made at first use. */
export function tokenKeys(engine: Engine): Promise<readonly TokenKey[]> {
  const held = loaded(engine)
  held.keys ??= openKeys(engine).catch((error) => {
    held.keys = null
    throw error
  })
  return held.keys
}

async function openKeys(engine: Engine): Promise<readonly TokenKey[]> {
  const known = await engine.records.reading().get(tokenKeysKind, 'main')
  if (known) return known.keys
  const kid = uuid(engine.random)
  const uri = `pawl:tokens/${kid}`
  await engine.hsm.createKey(uri, 'ed25519')
  const publicKey = base64url(await engine.hsm.publicKey(uri))
  return engine.records.transact(async (unit) => {
    const other = await unit.get(tokenKeysKind, 'main')
    if (other) return other.keys
    const keys = [{ kid, uri, publicKey }]
    unit.put(tokenKeysKind, { id: 'main', keys })
    return keys
  })
}

export interface NewToken {
  readonly principal: Principal
  readonly org: string
  readonly epoch: number
  readonly lifetimeSeconds: number
  readonly claims?: Readonly<Record<string, Json>>
}

export interface MintedToken {
  readonly token: Secret<string>
  readonly expiresIn: number
}

export async function mintToken(engine: Engine, wanted: NewToken): Promise<MintedToken> {
  const keys = await tokenKeys(engine)
  const key = keys[keys.length - 1]
  if (!key) throw internalError()
  const iat = Math.floor(engine.records.now() / second)
  const { principal, org, epoch, lifetimeSeconds } = wanted
  const claims: Claims = {
    ...wanted.claims,
    sub: `${principal.kind}:${principal.id}`,
    org,
    iat,
    exp: iat + lifetimeSeconds,
    jti: uuid(engine.random),
    epoch,
  }
  const header = { alg: 'EdDSA', typ: 'JWT', kid: key.kid }
  const signed = `${encode(header)}.${encode(claims)}`
  const signature = await engine.hsm.sign(key.uri, utf8(signed))
  return { token: Secret.of(`${signed}.${base64url(signature)}`), expiresIn: lifetimeSeconds }
}

function encode(part: unknown): string {
  return base64url(utf8(JSON.stringify(part)))
}

/** The claims of a token that is ours, unspoiled and not expired; null for every reason there can be. */
export async function verifyToken(engine: Engine, token: string, now: number): Promise<Claims | null> {
  if (token.length > tokenCharactersMax) return null
  // Remembered under a hash of the whole token, so that no two tokens can be taken for each other.
  const name = hex(engine.crypto.sha256(utf8(token)))
  const known = verified(engine).get(name)
  const claims = known ?? (await checkSignature(engine, token))
  if (!claims || claims.exp * second <= now) return null
  if (!known) verified(engine).set(name, claims)
  return claims
}

async function checkSignature(engine: Engine, token: string): Promise<Claims | null> {
  const parts = token.split('.')
  if (parts.length !== 3) return null
  const [head, body, tail] = parts as [string, string, string]
  const header = decode(head)
  const signature = fromBase64url(tail)
  if (header?.alg !== 'EdDSA' || header.typ !== 'JWT' || signature?.length !== 64) return null
  const key = (await tokenKeys(engine)).find(({ kid }) => kid === header.kid)
  const publicKey = key && fromBase64url(key.publicKey)
  if (!publicKey || !engine.crypto.ed25519Verify(publicKey, utf8(`${head}.${body}`), signature)) return null
  const claims = decode(body)
  return claims && isClaims(claims) ? claims : null
}

function decode(part: string): Record<string, Json> | null {
  try {
    const bytes = fromBase64url(part)
    const value = bytes && JSON.parse(fromUtf8(bytes))
    return value !== null && typeof value === 'object' && !Array.isArray(value) ? value : null
  } catch {
    return null
  }
}

function isClaims(claims: Record<string, Json>): claims is Claims {
  const texts = ['sub', 'org', 'jti'].every((name) => typeof claims[name] === 'string')
  return texts && ['iat', 'exp', 'epoch'].every((name) => Number.isSafeInteger(claims[name]))
}

/** Ends one token. The record stays until the token would have ended by itself. */
export async function revokeToken(unit: Unit, tokenId: string, expiresAt: number): Promise<void> {
  if (await unit.get(revokedTokenKind, tokenId)) return
  unit.put(revokedTokenKind, { id: tokenId, expiresAt })
}
