import { type Bytes, binaryText, concat, utf8, wipe } from '../kernel/bytes.ts'
import { Lru } from '../kernel/lru.ts'
import type { Crypto } from '../ports/crypto.ts'
import { HsmError } from '../ports/hsm.ts'
import type { Random } from '../ports/random.ts'

// The storage contains an envelope for each plaintext:
//
//   0x01 | salt (16) | nonce (12) | AES-256-GCM ciphertext and tag
//
// The key is HMAC(master, salt). Each engine takes a random salt at its start and then counts nonces. So no nonce is
// used twice with a key, for any number of messages and engines. The engine derives the key once per salt, not for every
// record.

const version = 1
const saltBytes = 16
const nonceBytes = 12
const headBytes = 1 + saltBytes + nonceBytes

/** GCM allows far more messages per key, and a new salt costs nothing. */
const messagesPerSaltMax = 2 ** 31
const keysRememberedMax = 256

/** Encrypts and decrypts envelopes with one master key. */
export interface RecordCipher {
  encrypt(plaintext: Uint8Array, associated: Uint8Array): Uint8Array
  /** Returns null if the envelope is not authentic, for any reason. */
  decrypt(envelope: Uint8Array, associated: Uint8Array): Uint8Array | null
  /** Wipes all keys from memory. Afterwards every call throws. */
  wipe(): void
}

export function recordCipher(crypto: Crypto, random: Random, master: Uint8Array): RecordCipher {
  const keys = new Lru<string, Uint8Array>({ max: keysRememberedMax })
  let isWiped = false
  const keyOf = (salt: Uint8Array): Uint8Array => {
    // A wiped key has only zeros, so data encrypted with it would be public.
    if (isWiped) throw keysWiped()
    const name = binaryText(salt)
    const known = keys.get(name)
    if (known) return known
    const key = crypto.hmacSha256(master, salt)
    keys.set(name, key)
    return key
  }

  let salt = new Uint8Array(0)
  let sealed = messagesPerSaltMax
  return {
    encrypt: (plaintext, associated) => {
      if (sealed === messagesPerSaltMax) {
        salt = random.bytes(saltBytes) as Bytes
        sealed = 0
      }
      const nonce = counted(sealed++)
      return concat(Uint8Array.of(version), salt, nonce, crypto.encrypt(keyOf(salt), nonce, plaintext, associated))
    },
    decrypt: (envelope, associated) => {
      if (envelope[0] !== version || envelope.length < headBytes) return null
      const key = keyOf(envelope.subarray(1, 1 + saltBytes))
      return crypto.decrypt(key, envelope.subarray(1 + saltBytes, headBytes), envelope.subarray(headBytes), associated)
    },
    wipe: () => {
      isWiped = true
      wipe(master)
      for (const key of keys.values()) wipe(key)
      keys.clear()
    },
  }
}

export function keysWiped(): HsmError {
  return new HsmError('sealed', 'The keys of this engine were wiped, because the vault is sealed.')
}

function counted(count: number): Bytes {
  const nonce = new Uint8Array(nonceBytes)
  new DataView(nonce.buffer).setUint32(nonceBytes - 4, count)
  return nonce
}

/** Derives one key per purpose, so that data for one purpose is never accepted for another. */
export function deriveKey(crypto: Crypto, master: Uint8Array, purpose: string): Uint8Array {
  return crypto.hmacSha256(master, utf8(`pawl/1/${purpose}`))
}
