import { secp256k1 } from '@noble/curves/secp256k1.js'
import { concat } from '../../kernel/bytes.ts'
import type { UnitContext } from '../../operations/index.ts'
import type { DigestSigning, Hsm } from '../../ports/hsm.ts'
import { custodyUnavailable } from './errors.ts'
import { type StoredKey, storedKeyOf, withPrivateKey } from './open-key.ts'
import { type Curve, publicKeyOf } from './private-key.ts'
import { keyUri, type SigningKey } from './records.ts'

/** A key that can sign, and where it is. */
export type Signer = {
  readonly curve: Curve
  readonly publicKey: Uint8Array
} & ({ readonly stored: StoredKey } | { readonly key: SigningKey })

/** The signer of a secret in an ordinary vault. */
export function storedSigner(context: UnitContext, stored: StoredKey): Signer {
  const { curve } = stored
  return { curve, stored, publicKey: withPrivateKey(context, stored, (bytes) => publicKeyOf(context, curve, bytes)) }
}

/**
 * Signs each entry. secp256k1 signs digests of 32 bytes and returns r ‖ s ‖ recovery bit, with a low s and a deterministic
 * nonce (RFC 6979). ed25519 signs whole messages.
 */
export function signAll(context: UnitContext, signer: Signer, toSign: readonly Uint8Array[]): readonly Uint8Array[] {
  // Code in JavaScript can pass anything, and a list of numbers is another message for some libraries (I1).
  if (!toSign.every((one) => one instanceof Uint8Array)) throw new TypeError('only bytes can be signed')
  if ('key' in signer && signer.key.custody === 'hsm')
    return signInKeyStore(context, signer.key, signer.publicKey, toSign)
  const stored = 'key' in signer ? storedKeyOf(context, signer.key) : signer.stored
  const { crypto } = context
  // A signature of the library is not verified here. It is deterministic, and a verification takes longer than a signature.
  return withPrivateKey(context, stored, (bytes) =>
    toSign.map((one) =>
      signer.curve === 'ed25519' ? crypto.ed25519Sign(bytes, one) : crypto.secp256k1Sign(bytes, checkedDigest(one)),
    ),
  )
}

function signInKeyStore(
  context: UnitContext,
  key: SigningKey,
  publicKey: Uint8Array,
  toSign: readonly Uint8Array[],
): readonly Uint8Array[] {
  const uri = keyUri(context.unit.org ?? '', key)
  return toSign.map((one) =>
    context.unit.waitFor(async () => {
      if (key.curve === 'ed25519') return context.hsm.sign(uri, one)
      const signature = await digestSigning(context.hsm).signDigest(uri, checkedDigest(one))
      return concat(signature, Uint8Array.of(recoveryBit(signature, one, publicKey)))
    }),
  )
}

/** The one of two public keys that the signature fits. Also proves that the key store signed with this key. */
function recoveryBit(signature: Uint8Array, digest: Uint8Array, publicKey: Uint8Array): number {
  // Chains refuse a high s, because anyone can make it of a low one (I3).
  if (secp256k1.Signature.fromBytes(signature).hasHighS()) throw new TypeError('the key store signed with a high s')
  for (const bit of [0, 1]) {
    try {
      const point = secp256k1.Signature.fromBytes(signature).addRecoveryBit(bit).recoverPublicKey(digest)
      if (point.toBytes(false).every((byte, at) => byte === publicKey[at])) return bit
    } catch {
      // With this bit, the signature fits no point.
    }
  }
  throw new TypeError('the key store signed with another key')
}

function checkedDigest(digest: Uint8Array): Uint8Array {
  if (digest.length !== 32) throw new TypeError('a digest has 32 bytes')
  return digest
}

/** Throws if the key store cannot sign digests. */
export function digestSigning(hsm: Hsm & Partial<DigestSigning>): DigestSigning {
  if (hsm.signDigest) return hsm as DigestSigning
  throw custodyUnavailable({ provider: hsm.provider })
}
