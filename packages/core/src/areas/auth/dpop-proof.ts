import { compactVerify, decodeProtectedHeader, EmbeddedJWK, type JWK } from 'jose'
import { base64url, equalBytes, frame, fromBase64url, fromUtf8, utf8 } from '../../kernel/bytes.ts'
import { minute, second } from '../../kernel/time.ts'
import { type Possession, type Proof, perEngine, type Services } from '../../operations/index.ts'
import type { Reads } from '../../records/index.ts'

// A proof is a small JWT that the sender signs with its own key for one request (RFC 9449, section 4.3). What depends on the
// token is decided in dpop.ts.

export const proofAlgorithms = ['ES256', 'EdDSA', 'Ed25519'] as const

const proofCharactersMax = 4_096
const jtiCharactersMax = 256
/** Maximum difference between the clocks of the sender and of the server. */
const windowMs = 5 * minute

/** What a proof says, once its signature was verified. */
export interface Proven extends Proof {
  /** Hash of the token that the proof is for. Null: the proof names no token. */
  readonly ath: string | null
  readonly nonce: string | null
}

/** Why a proof is refused: for the sender, who wants to correct it. */
export type Refusal = { readonly refused: string }

/** One verification for each request, even if the request makes several calls. */
const verifications = perEngine((services) => {
  const known = new WeakMap<Possession, Read | Refusal>()
  return async (possession: Possession): Promise<Read | Refusal> => {
    const before = known.get(possession)
    if (before) return before
    const read = await verify(services, possession)
    known.set(possession, read)
    return read
  }
})

/** What does not change while a request is answered. */
type Read = Omit<Proven, 'endsAt'> & { readonly iatMs: number }

/** The proof of a request, checked in all that does not depend on its token. */
export function readProof(services: Services, unit: Reads, possession: Possession, now: number): Proven | Refusal {
  const read = unit.waitFor(() => verifications(services)(possession))
  if ('refused' in read) return read
  if (Math.abs(now - read.iatMs) > windowMs) return { refused: 'iat differs too much from the time of the server.' }
  const { iatMs, ...proven } = read
  return { ...proven, endsAt: iatMs + windowMs + second }
}

async function verify(services: Services, possession: Possession): Promise<Read | Refusal> {
  const { proof } = possession
  if (proof.length > proofCharactersMax) return { refused: 'It is too long.' }
  const key = keyIn(proof)
  if ('refused' in key) return key
  const payload = await compactVerify(proof, EmbeddedJWK, { algorithms: [...proofAlgorithms] })
    .then((verified) => JSON.parse(fromUtf8(verified.payload)) as unknown)
    .catch(() => null)
  if (payload === null || typeof payload !== 'object') return { refused: 'Its signature is not that of its jwk.' }
  const { htm, htu, iat, jti, ath, nonce } = payload as Record<string, unknown>
  if (htm !== possession.method) return { refused: 'htm is not the method of the request.' }
  if (typeof htu !== 'string' || !isSameUrl(htu, possession.url)) {
    return { refused: `htu is not the URL of the request: ${possession.url}` }
  }
  if (typeof iat !== 'number' || !Number.isFinite(iat)) return { refused: 'iat is missing.' }
  if (typeof jti !== 'string' || jti === '' || jti.length > jtiCharactersMax) {
    return { refused: `jti must be a string of up to ${jtiCharactersMax} characters.` }
  }
  const { keyThumbprint } = key
  const id = base64url(services.crypto.sha256(frame(utf8(keyThumbprint), utf8(jti))))
  return { id, keyThumbprint, possession, iatMs: iat * second, ath: textOf(ath), nonce: textOf(nonce) }

  function keyIn(jws: string): { keyThumbprint: string } | Refusal {
    const header = headerOf(jws)
    if (!header) return { refused: 'It is not one JWT.' }
    if (header.typ !== 'dpop+jwt') return { refused: 'typ must be dpop+jwt.' }
    if (!proofAlgorithms.some((alg) => alg === header.alg)) {
      return { refused: `alg must be one of ${proofAlgorithms.join(', ')}.` }
    }
    const thumbprint = thumbprintOf(services, header.jwk)
    return thumbprint === null
      ? { refused: 'jwk must be the public key: EC P-256 or OKP Ed25519, and nothing private.' }
      : { keyThumbprint: thumbprint }
  }
}

function headerOf(jws: string): ReturnType<typeof decodeProtectedHeader> | null {
  // Two headers of a request arrive joined by a comma.
  if (!/^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$/.test(jws)) return null
  try {
    return decodeProtectedHeader(jws)
  } catch {
    return null
  }
}

/** Something that is not text is not what was asked for, which is text. */
function textOf(claim: unknown): string | null {
  return claim === undefined ? null : typeof claim === 'string' ? claim : ''
}

/** Thumbprint of a public key (RFC 7638). Null for every other thing. */
export function thumbprintOf({ crypto }: Pick<Services, 'crypto'>, jwk: unknown): string | null {
  if (jwk === null || typeof jwk !== 'object' || 'd' in jwk) return null
  const { kty, crv, x, y } = jwk as JWK
  const isCoordinate = (text: unknown) => typeof text === 'string' && fromBase64url(text)?.length === 32
  if (!isCoordinate(x)) return null
  if (kty === 'EC' && crv === 'P-256' && isCoordinate(y)) return hashOf({ crv, kty, x, y })
  return kty === 'OKP' && crv === 'Ed25519' ? hashOf({ crv, kty, x }) : null

  function hashOf(members: object): string {
    return base64url(crypto.sha256(utf8(JSON.stringify(members))))
  }
}

/** Without query and fragment. All names of the loopback interface are one machine. */
function isSameUrl(a: string, b: string): boolean {
  const [one, other] = [plainUrl(a), plainUrl(b)]
  return one !== null && one === other
}

function plainUrl(text: string): string | null {
  if (!URL.canParse(text)) return null
  const { protocol, hostname, port, pathname, username, password } = new URL(text)
  if (`${username}${password}` !== '') return null
  // Not all of 127.0.0.0/8: another user of the machine can listen there.
  const host = ['127.0.0.1', '[::1]'].includes(hostname) ? 'localhost' : hostname
  return `${protocol}//${host}:${port}${pathname}`
}

/** Whether a proof names the token that it came with. */
export function isFor({ crypto }: Pick<Services, 'crypto'>, ath: string, token: string): boolean {
  return equalBytes(utf8(ath), utf8(base64url(crypto.sha256(utf8(token)))))
}
