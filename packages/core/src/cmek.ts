import { gcm } from '@noble/ciphers/aes.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { type CmekFormat, cmekKeyBytes, cmekNonceBytes, openCmek, sealCmek } from './crypto/cmek-blob.ts'
import { fromUtf8, hex, utf8 } from './kernel/bytes.ts'

// Encryption of values before they reach a vault, for clients. The server gets only the fingerprint of the key.

export type { CmekFormat } from './crypto/cmek-blob.ts'

/**
 * Creates a key of 32 random bytes. Store it where the vault cannot reach it. Without the key the values are lost.
 *
 * @example
 * const key = newCmekKey()
 * await vault.cmek.enable({ vault_id, fingerprint: cmekFingerprint(key) })
 */
export function newCmekKey(): Uint8Array {
  return crypto.getRandomValues(new Uint8Array(cmekKeyBytes))
}

/** The SHA-256 of a key in lowercase hex. A vault stores it to name the key. */
export function cmekFingerprint(key: Uint8Array): string {
  return hex(sha256(checked(key)))
}

/**
 * Encrypts a value for a vault. The format is the one of the TypeScript client (`base64`) or of the Go client (`hex`).
 * Default: `base64`.
 *
 * @example
 * await vault.secrets.put({ vault_id, path: 'db/password', value: encryptCmek(key, 'hunter2') })
 */
export function encryptCmek(key: Uint8Array, value: string, format: CmekFormat = 'base64'): string {
  const nonce = crypto.getRandomValues(new Uint8Array(cmekNonceBytes))
  return sealCmek(cipher, checked(key), nonce, utf8(value), format)
}

/**
 * Decrypts a value of either format. Throws a `RangeError` if the key does not open it.
 *
 * @example
 * const { value } = await vault.secrets.get({ vault_id, path: 'db/password' })
 * const password = decryptCmek(key, value.reveal())
 */
export function decryptCmek(key: Uint8Array, blob: string): string {
  const opened = openCmek(cipher, checked(key), blob)
  if (!opened) throw new RangeError('The key does not open this value.')
  return fromUtf8(opened.plain)
}

function checked(key: Uint8Array): Uint8Array {
  if (key.length !== cmekKeyBytes) throw new RangeError(`A key has ${cmekKeyBytes} bytes.`)
  return key
}

const cipher = {
  encrypt: (key: Uint8Array, nonce: Uint8Array, plain: Uint8Array) => gcm(key, nonce).encrypt(plain),
  decrypt: (key: Uint8Array, nonce: Uint8Array, sealed: Uint8Array) => {
    try {
      return gcm(key, nonce).decrypt(sealed)
    } catch {
      return null
    }
  },
}
