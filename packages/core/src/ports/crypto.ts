/**
 * The primitives the engine is built on. Everything here is a pure function of its arguments: nonces, keys and salts
 * come from the caller, so two implementations can be compared byte for byte (and are, on shared vectors).
 */
export interface Crypto {
  sha256(message: Uint8Array): Uint8Array
  hmacSha256(key: Uint8Array, message: Uint8Array): Uint8Array

  /** AES-256-GCM. Key 32 bytes, nonce 12; the result is the ciphertext followed by the 16 byte tag. */
  encrypt(key: Uint8Array, nonce: Uint8Array, plaintext: Uint8Array, associated: Uint8Array): Uint8Array
  /** The plaintext, or null when anything about the sealed text is not authentic. One answer for every reason. */
  decrypt(key: Uint8Array, nonce: Uint8Array, sealed: Uint8Array, associated: Uint8Array): Uint8Array | null

  /** Ed25519 (RFC 8032). A seed is 32 bytes, a public key 32, a signature 64. */
  ed25519PublicKey(seed: Uint8Array): Uint8Array
  ed25519Sign(seed: Uint8Array, message: Uint8Array): Uint8Array
  ed25519Verify(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean

  /** NIST P-256: the uncompressed point (65 bytes) of a private scalar (32 bytes), or null when it is out of range. */
  p256PublicKey(scalar: Uint8Array): Uint8Array | null

  /** Argon2id (RFC 9106) to 32 bytes. Slow on purpose, so it does not block. */
  argon2id(password: Uint8Array, salt: Uint8Array, cost: Argon2Cost): Promise<Uint8Array>
}

export interface Argon2Cost {
  readonly memoryKib: number
  readonly passes: number
  readonly lanes: number
}
