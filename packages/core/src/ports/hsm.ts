/**
 * Where keys live. A key is named by a URI, and its bytes never cross this port: data keys are wrapped and unwrapped
 * inside, messages are signed inside.
 *
 * The engine uses few keys: one wrapping key per vault, one for its own keyring, one that signs tokens, one that signs
 * the audit trail. `wrap` binds its associated data, so a wrapped key that was moved elsewhere does not open.
 *
 * Failures are an `HsmError`. `unavailable` means that nothing happened and a later call may work; everything else will
 * fail the same way again.
 */
export interface Hsm {
  /** A short name for health reports: `software`, `pkcs11`. */
  readonly provider: string

  /** Makes a key. When the URI has a key of this type already, nothing happens; of another type, `wrong_type`. */
  createKey(uri: string, type: KeyType): Promise<void>

  /** Raw public key: 32 bytes for ed25519, 65 (uncompressed) for the curves of Weierstrass. */
  publicKey(uri: string): Promise<Uint8Array>

  /** Ed25519 signs the message itself; the ECDSA types sign its SHA-256 and answer r ‖ s, with a low s. */
  sign(uri: string, message: Uint8Array): Promise<Uint8Array>

  /** Encrypts a small plaintext (at most 4 KiB) under an aes-256 key, bound to the associated data. */
  wrap(uri: string, plaintext: Uint8Array, associated: Uint8Array): Promise<Uint8Array>
  unwrap(uri: string, wrapped: Uint8Array, associated: Uint8Array): Promise<Uint8Array>

  /** Destroys a key for good. Destroying what is not there is fine, so it can be repeated after a crash. */
  destroyKey(uri: string): Promise<void>

  /** Whether keys can be used right now. Never throws. */
  status(): Promise<HsmStatus>

  close(): Promise<void>
}

export type KeyType = 'aes-256' | 'ed25519' | 'p-256' | 'secp256k1'
export type HsmStatus = 'ok' | 'sealed' | 'degraded' | 'unavailable'

/** Optional: the keys can be locked away while the process runs, and come back with the secret that seals them. */
export interface Sealable {
  seal(): Promise<void>
  /** Throws `not_authentic` when the secret is not the right one; nothing changes then. */
  unseal(secret: Uint8Array): Promise<void>
}

/** Optional: the key that seals all others can be replaced while the process runs, without touching what they wrapped. */
export interface RotatingRoot {
  rotateRoot(secret: Uint8Array): Promise<void>
}

/** Optional: all keys as one image, sealed as they are kept, so of no use without the secret that seals them. */
export interface Portable {
  image(): Promise<Uint8Array>
}

/** Optional: proof that a key was made in the device and cannot leave it. The format is the device's own. */
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
