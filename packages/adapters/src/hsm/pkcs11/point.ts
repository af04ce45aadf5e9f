import { createPublicKey, verify } from 'node:crypto'
import type { SigningType } from './key-types.ts'

/**
 * The raw public key in a CKA_EC_POINT. The standard wants an OCTET STRING there, and some tokens give the bytes alone;
 * their lengths tell them apart. Null when it is neither.
 */
export function rawPoint(type: SigningType, value: Uint8Array): Uint8Array | null {
  const length = type === 'ed25519' ? 32 : 65
  const isWrapped = value.length === length + 2 && value[0] === 0x04 && value[1] === length
  const raw = isWrapped ? value.subarray(2) : value
  const fits = raw.length === length && (type === 'ed25519' || raw[0] === 0x04)
  return fits ? new Uint8Array(raw) : null
}

const names = { ed25519: 'Ed25519', 'p-256': 'P-256', secp256k1: 'secp256k1' } as const

/**
 * Whether a signature is one of the key behind a raw public key, as node:crypto has it.
 *
 * @example
 * verifies('p-256', await hsm.publicKey(uri), message, await hsm.sign(uri, message))
 */
export function verifies(
  type: SigningType,
  publicKey: Uint8Array,
  message: Uint8Array,
  signature: Uint8Array,
): boolean {
  const coordinate = (from: number) => Buffer.from(publicKey.subarray(from, from + 32)).toString('base64url')
  const crv = names[type]
  const jwk =
    type === 'ed25519' ? { kty: 'OKP', crv, x: coordinate(0) } : { kty: 'EC', crv, x: coordinate(1), y: coordinate(33) }
  try {
    const key = createPublicKey({ key: jwk, format: 'jwk' })
    return verify(type === 'ed25519' ? null : 'sha256', message, { key, dsaEncoding: 'ieee-p1363' }, signature)
  } catch {
    return false
  }
}
