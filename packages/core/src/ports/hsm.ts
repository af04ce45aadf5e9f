/**
 * The key store. A URI names each key, and key bytes never cross this port. The HSM wraps and unwraps data keys and
 * signs messages.
 *
 * The engine uses few keys: one wrapping key per vault, and one key each for its keyring, tokens, the audit trail and
 * backups. `wrap` binds its associated data, so a wrapped key that was moved cannot be unwrapped.
 *
 * Failures are an `HsmError`. `unavailable` means that nothing happened and a retry can succeed. Every other failure is
 * permanent.
 */
export interface Hsm {
  /** A short name for health reports: `software`, `pkcs11`. */
  readonly provider: string

  /** Creates a key. Does nothing if the URI has a key of this type. Throws `wrong_type` if it has another type. */
  createKey(uri: string, type: KeyType): Promise<void>

  /** The raw public key: 32 bytes for ed25519, 65 bytes (uncompressed) for p-256 and secp256k1. */
  publicKey(uri: string): Promise<Uint8Array>

  /** Ed25519 signs the message. The ECDSA types sign its SHA-256 and return r ‖ s, with a low s. */
  sign(uri: string, message: Uint8Array): Promise<Uint8Array>

  /** Encrypts a plaintext of up to 4 KiB with an aes-256 key, bound to the associated data. */
  wrap(uri: string, plaintext: Uint8Array, associated: Uint8Array): Promise<Uint8Array>
  unwrap(uri: string, wrapped: Uint8Array, associated: Uint8Array): Promise<Uint8Array>

  /** Destroys a key permanently. A missing key is not an error, so the call can be repeated after a crash. */
  destroyKey(uri: string): Promise<void>

  /** Returns whether keys can be used now. Never throws. */
  status(): Promise<HsmStatus>

  close(): Promise<void>
}

export type KeyType = 'aes-256' | 'ed25519' | 'p-256' | 'secp256k1'
export type HsmStatus = 'ok' | 'sealed' | 'degraded' | 'unavailable'

/** Optional: the keys can be sealed while the process runs, and unsealed with the secret that encrypts them. */
export interface Sealable {
  seal(): Promise<void>
  /** Throws `not_authentic` if the secret is wrong, and changes nothing. */
  unseal(secret: Uint8Array): Promise<void>
}

/** Optional: the root key can be replaced while the process runs. Wrapped data stays unchanged. */
export interface RotatingRoot {
  rotateRoot(secret: Uint8Array): Promise<void>
}

/** Optional: all keys as one encrypted image. It is useless without the secret that encrypts the keys. */
export interface Portable {
  image(): Promise<Uint8Array>
}

/** Optional: signs digests with secp256k1 keys, for chains that do not hash with SHA-256. */
export interface DigestSigning {
  /** Signs these 32 bytes as they are, and returns r ‖ s with a low s. */
  signDigest(uri: string, digest: Uint8Array): Promise<Uint8Array>
}

/** Optional: proof that a key was created in the device and cannot leave it, in the format of the device. */
export interface Attesting {
  attest(uri: string): Promise<Uint8Array>
}

export type HsmFailure = 'key_missing' | 'wrong_type' | 'not_authentic' | 'sealed' | 'unavailable'

export class HsmError extends Error {
  override readonly name = 'HsmError'
  readonly failure: HsmFailure

  constructor(failure: HsmFailure, message: string) {
    super(message)
    this.failure = failure
  }
}
