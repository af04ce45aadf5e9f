import { gcm } from '@noble/ciphers/aes.js'
import { ed25519 } from '@noble/curves/ed25519.js'
import { p256 } from '@noble/curves/nist.js'
import { secp256k1 } from '@noble/curves/secp256k1.js'
import { argon2idAsync } from '@noble/hashes/argon2.js'
import { hmac } from '@noble/hashes/hmac.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { concat } from '../../kernel/bytes.ts'
import type { Crypto } from '../crypto.ts'

/** The primitives in pure JavaScript, with the audited noble libraries. Slower than a native implementation. */
export const nobleCrypto: Crypto = {
  sha256,
  hmacSha256: (key, message) => hmac(sha256, key, message),

  encrypt: (key, nonce, plaintext, associated) => aes256(key, nonce, associated).encrypt(plaintext),
  decrypt: (key, nonce, sealed, associated) => {
    try {
      return aes256(key, nonce, associated).decrypt(sealed)
    } catch {
      return null
    }
  },

  ed25519PublicKey: (seed) => ed25519.getPublicKey(seed),
  ed25519Sign: (seed, message) => ed25519.sign(message, seed),
  ed25519Verify: (publicKey, message, signature) => {
    try {
      return ed25519.verify(signature, message, publicKey, { zip215: false })
    } catch {
      return false
    }
  },

  p256PublicKey: (scalar) => (p256.utils.isValidSecretKey(scalar) ? p256.getPublicKey(scalar, false) : null),

  secp256k1PublicKey: (scalar) =>
    secp256k1.utils.isValidSecretKey(scalar) ? secp256k1.getPublicKey(scalar, false) : null,
  secp256k1Sign: (scalar, digest, extra) => {
    if (digest.length !== 32) throw new RangeError('a digest has 32 bytes')
    if (extra && extra.length !== 32) throw new RangeError('the extra input has 32 bytes')
    const options = { prehash: false, format: 'recovered', ...(extra && { extraEntropy: extra }) } as const
    const signature = secp256k1.sign(digest, scalar, options)
    return concat(signature.subarray(1), signature.subarray(0, 1))
  },

  argon2id: (password, salt, { memoryKib, passes, lanes }) =>
    argon2idAsync(password, salt, { m: memoryKib, t: passes, p: lanes, dkLen: 32 }),
}

/** The library also accepts shorter keys (AES-128) and nonces of any length. The port allows one length of each. */
function aes256(key: Uint8Array, nonce: Uint8Array, associated: Uint8Array) {
  if (key.length !== 32) throw new RangeError('key must be 32 bytes')
  if (nonce.length !== 12) throw new RangeError('nonce must be 12 bytes')
  if (!(associated instanceof Uint8Array)) throw new TypeError('associated must be bytes')
  return gcm(key, nonce, associated)
}
