import { base64url, utf8 } from '../../kernel/bytes.ts'
import { Lru } from '../../kernel/lru.ts'
import { hour, minute } from '../../kernel/time.ts'
import {
  type Context,
  type Engine,
  type Holder,
  type Origin,
  type Proof,
  perEngine,
  type Services,
  useProof,
  wasUsed,
} from '../../operations/index.ts'
import { kind, type Reads } from '../../records/index.ts'
import { dpopOf } from '../orgs/index.ts'
import { isFor, type Proven, readProof } from './dpop-proof.ts'
import { invalidProof, nonceWanted } from './errors.ts'

// DPoP (RFC 9449): a token names a key, and each request with the token carries a proof of that key, for one use. A stolen
// token alone opens nothing. The published clients send `Authorization: Bearer`, and no hash of the token (§3.12).

/** The secret behind the nonces. */
export const proofNonceKind = kind<{ readonly id: 'main'; readonly secret: string }>('proofNonce', { scope: 'global' })

const nonceMs = 5 * minute
const warnedMax = 10_000

/** What came with a credential, in an organisation that the unit has entered. */
export interface Shown {
  readonly principal: Holder
  readonly credential: string
  /** Thumbprint of the key that the credential is bound to. */
  readonly boundTo: string | null
}

/** The proof that a credential comes with. Null where none is needed. Throws if a needed one is missing or invalid. */
export function proofFor(services: Services, unit: Reads, origin: Origin, shown: Shown, now: number): Proof | null {
  const { mode, needsNonce } = dpopOf(unit)
  const { boundTo, principal } = shown
  if (boundTo !== null) {
    const proven = freshProof(services, unit, origin, now, needsNonce)
    if (proven.keyThumbprint !== boundTo) throw invalidProof({ reason: 'The token is bound to another key.' })
    checkToken(services, origin, proven, shown.credential)
    return proven
  }
  if (origin.scheme === 'dpop')
    throw invalidProof({ reason: 'This credential is not bound to a key. Send it as Bearer.' })
  if (mode === 'off' || origin.scheme === 'cookie') return null
  if (mode === 'required') throw invalidProof({ reason: 'This organisation requires a token that is bound to a key.' })
  warnOnce(services, principal, now)
  // The proof is not needed here, but a wrong proof is refused.
  return origin.possession ? freshProof(services, unit, origin, now, needsNonce) : null
}

/**
 * The key to bind a new token to. Null without one. Uses up the proof.
 *
 * @param declared The thumbprint of the key that the body names, which must be the key of the proof if there is one.
 */
export function bindingFor(context: Context, principal: Holder, declared: string | null): string | null {
  const { unit, origin, now, caller } = context
  const { mode, needsNonce } = dpopOf(unit)
  if (origin.possession) {
    const own = caller.kind === 'anonymous' ? null : caller.session?.proof
    const proof = own ?? freshProof(context, unit, origin, now, needsNonce)
    if (declared !== null && declared !== proof.keyThumbprint) {
      throw invalidProof({ reason: 'dpop_jwk is not the key of the proof.' })
    }
    useProof(unit, proof)
    return proof.keyThumbprint
  }
  if (declared !== null || mode === 'off' || origin.trusted || origin.scheme === 'cookie') return declared
  if (mode === 'required') throw invalidProof({ reason: 'This organisation requires tokens that are bound to a key.' })
  warnOnce(context, principal, now)
  return null
}

function freshProof(services: Services, unit: Reads, origin: Origin, now: number, needsNonce: boolean): Proven {
  if (!origin.possession) throw invalidProof({ reason: 'The token is bound to a key, and the header DPoP is missing.' })
  const proven = readProof(services, unit, origin.possession, now)
  if ('refused' in proven) throw invalidProof({ reason: proven.refused })
  if (needsNonce) checkNonce(services, unit, proven, now)
  if (wasUsed(unit, proven)) throw invalidProof({ reason: 'It was used before: jti must be new.' })
  return proven
}

function checkToken(services: Services, { scheme }: Origin, { ath }: Proven, token: string): void {
  // The clients of the contract send no hash of the token. With the scheme of the standard, it is required.
  if (ath === null && scheme !== 'dpop') return
  if (!isFor(services, ath ?? '', token)) throw invalidProof({ reason: 'ath is not the hash of the token.' })
}

/** The present and the last nonce are accepted. Engines on one storage have the same. */
function checkNonce(services: Services, unit: Reads, { nonce }: Proven, now: number): void {
  const [current, last] = unit.waitFor(() => nonces(services)(now))
  if (nonce !== current && nonce !== last) throw nonceWanted({ nonce: current })
}

const nonces = perEngine((engine) => async (now: number): Promise<readonly [string, string]> => {
  const secret = utf8(await nonceSecret(engine))
  const at = (time: number) => base64url(engine.crypto.hmacSha256(secret, utf8(String(Math.floor(time / nonceMs)))))
  return [at(now), at(now - nonceMs)]
})

async function nonceSecret({ records, random }: Engine): Promise<string> {
  const known = await records.reading().get(proofNonceKind, 'main')
  if (known) return known.secret
  const secret = base64url(random.bytes(32))
  return records.transact((unit) => {
    const other = unit.get(proofNonceKind, 'main')
    if (!other) unit.put(proofNonceKind, { id: 'main', secret })
    return other?.secret ?? secret
  })
}

const warned = perEngine(() => new Lru<string, number>({ max: warnedMax }))

/** Tells the operator at most once per hour who does not use DPoP. */
function warnOnce(services: Services, { kind, id }: Holder, now: number): void {
  const before = warned(services).get(id)
  if (before !== undefined && now - before < hour) return
  warned(services).set(id, now)
  services.log('warn', 'a credential is not bound to a key (DPoP)', { principal: `${kind}:${id}` })
}
