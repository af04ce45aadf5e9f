import { gcm } from '@noble/ciphers/aes.js'
import { ed25519 } from '@noble/curves/ed25519.js'
import { p256 } from '@noble/curves/nist.js'
import { argon2idAsync } from '@noble/hashes/argon2.js'
import { hmac } from '@noble/hashes/hmac.js'
import { sha256 } from '@noble/hashes/sha2.js'
import type { Crypto } from '../crypto.ts'

/** The primitives in plain JavaScript, over the audited noble libraries. Runs anywhere; slower than a native one. */
export const nobleCrypto: Crypto = {
  sha256,
  hmacSha256: (key, message) => hmac(sha256, key, message),

  seal: (key, nonce, plaintext, associated) => gcm(key, nonce, associated).encrypt(plaintext),
  open: (key, nonce, sealed, associated) => {
    try {
      return gcm(key, nonce, associated).decrypt(sealed)
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

  argon2id: (password, salt, { memoryKib, passes, lanes }) =>
    argon2idAsync(password, salt, { m: memoryKib, t: passes, p: lanes, dkLen: 32 }),
}
