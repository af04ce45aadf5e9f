import { ed25519 } from '@noble/curves/ed25519.js'
import { BadSignature } from './bad-signature.ts'

/** The 64 bytes. Throws `BadSignature` unless they are a signature of the message by the key. */
export function checkedEd25519(
  signature: Uint8Array | undefined,
  message: Uint8Array,
  publicKey: Uint8Array,
): Uint8Array {
  if (signature?.length === 64 && ed25519.verify(signature, message, publicKey, { zip215: false })) return signature
  throw new BadSignature()
}
