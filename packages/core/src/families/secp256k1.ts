import { secp256k1 } from '@noble/curves/secp256k1.js'
import { BadSignature } from './bad-signature.ts'

/** A public key with 33 bytes. Takes both forms. */
export function compressed(publicKey: Uint8Array): Uint8Array {
  return publicKey.length === 33 ? publicKey : secp256k1.Point.fromBytes(publicKey).toBytes(true)
}

/** A public key with 65 bytes. Takes both forms. */
export function uncompressed(publicKey: Uint8Array): Uint8Array {
  return publicKey.length === 65 ? publicKey : secp256k1.Point.fromBytes(publicKey).toBytes(false)
}

/** r ‖ s of r ‖ s ‖ recovery bit. Throws `BadSignature` unless it is a signature of the digest by the key, with a low s. */
export function checkedSignature(
  signature: Uint8Array | undefined,
  digest: Uint8Array,
  publicKey: Uint8Array,
): Uint8Array {
  const proof = signature?.length === 65 ? signature.subarray(0, 64) : null
  const isRight = proof && secp256k1.verify(proof, digest, publicKey, { prehash: false, lowS: true })
  if (!isRight) throw new BadSignature()
  return proof
}

/** ASN.1 DER, as Bitcoin has it. */
export function derOf(proof: Uint8Array): Uint8Array {
  return secp256k1.Signature.fromBytes(proof, 'compact').toBytes('der')
}
