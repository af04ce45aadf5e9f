import { concat, utf8 } from '../kernel/bytes.ts'
import type { Crypto } from '../ports/crypto.ts'
import type { Random } from '../ports/random.ts'

// An envelope is what the store holds in place of a plaintext:
//
//   0x01 | salt (16) | nonce (12) | AES-256-GCM ciphertext and tag
//
// The key is HMAC(master, salt), fresh for every envelope. So the 2^32 messages that one key may encrypt under random
// nonces are never counted here: salt and nonce together have 224 random bits.

const version = 1
const saltBytes = 16
const nonceBytes = 12
const headBytes = 1 + saltBytes + nonceBytes

/** Seals and opens envelopes under one master key. */
export interface Sealer {
  seal(plaintext: Uint8Array, associated: Uint8Array): Uint8Array
  /** Null when it is not authentic, whatever the reason. */
  open(envelope: Uint8Array, associated: Uint8Array): Uint8Array | null
}

export function sealer(crypto: Crypto, random: Random, master: Uint8Array): Sealer {
  return {
    seal: (plaintext, associated) => {
      const fresh = random.bytes(saltBytes + nonceBytes)
      const key = crypto.hmacSha256(master, fresh.subarray(0, saltBytes))
      return concat(Uint8Array.of(version), fresh, crypto.seal(key, fresh.subarray(saltBytes), plaintext, associated))
    },
    open: (envelope, associated) => {
      if (envelope[0] !== version || envelope.length < headBytes) return null
      const key = crypto.hmacSha256(master, envelope.subarray(1, 1 + saltBytes))
      return crypto.open(key, envelope.subarray(1 + saltBytes, headBytes), envelope.subarray(headBytes), associated)
    },
  }
}

/** A key of its own for each purpose, so that nothing made for one is ever accepted for another. */
export function deriveKey(crypto: Crypto, master: Uint8Array, purpose: string): Uint8Array {
  return crypto.hmacSha256(master, utf8(`pawl/1/${purpose}`))
}
