/**
 * The cryptographic primitives of the engine. Every function is pure: the caller passes nonces, keys and salts. So two
 * implementations return the same bytes, and shared test vectors check this.
 */
export interface Crypto {
  sha256(message: Uint8Array): Uint8Array
  hmacSha256(key: Uint8Array, message: Uint8Array): Uint8Array

  /** AES-256-GCM. The key has 32 bytes, the nonce 12. Returns the ciphertext followed by the tag of 16 bytes. */
  encrypt(key: Uint8Array, nonce: Uint8Array, plaintext: Uint8Array, associated: Uint8Array): Uint8Array
  /** Returns the plaintext. Null: the text is not authentic, for any reason. */
  decrypt(key: Uint8Array, nonce: Uint8Array, sealed: Uint8Array, associated: Uint8Array): Uint8Array | null

  /** Ed25519 (RFC 8032). A seed is 32 bytes, a public key 32, a signature 64. */
  ed25519PublicKey(seed: Uint8Array): Uint8Array
  ed25519Sign(seed: Uint8Array, message: Uint8Array): Uint8Array
  ed25519Verify(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean

  /**
   * NIST P-256: the uncompressed point (65 bytes) of a private scalar (32 bytes). Null if the scalar is out of range.
   */
  p256PublicKey(scalar: Uint8Array): Uint8Array | null

  /** secp256k1: the uncompressed point (65 bytes) of a private scalar (32 bytes). Null if the scalar is out of range. */
  secp256k1PublicKey(scalar: Uint8Array): Uint8Array | null
  /**
   * ECDSA over secp256k1 of a digest (32 bytes): r ‖ s ‖ recovery bit, with a low s and the nonce of RFC 6979. `extra` (32 bytes)
   * is mixed into the nonce (section 3.6 of the RFC). Throws if the scalar is out of range.
   */
  secp256k1Sign(scalar: Uint8Array, digest: Uint8Array, extra?: Uint8Array): Uint8Array

  /** Argon2id (RFC 9106) with 32 bytes of output. It is slow by design, so it is asynchronous. */
  argon2id(password: Uint8Array, salt: Uint8Array, cost: Argon2Cost): Promise<Uint8Array>
}

export interface Argon2Cost {
  readonly memoryKib: number
  readonly passes: number
  readonly lanes: number
}
