import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { concat, frame, utf8, wipe } from '@pawl/core/ports'
import { CKM, gcmParameter } from './constants.ts'
import { codeOf, isStale, isUnable } from './failures.ts'
import { type Key, recipesFor } from './key-types.ts'
import type { Mechanism } from './pkcs11js.ts'
import { TokenError } from './protocol.ts'
import type { Handle, Token } from './token.ts'

// Two formats, told apart by their first byte; which of them a key uses follows from what the key is.
//
// 1: AES-256-GCM in the token.   01 ‖ IV (12) ‖ ciphertext ‖ tag (16)
// 2: for tokens without it.      02 ‖ salt (32) ‖ ciphertext ‖ tag (16)
//
// In the second the key in the token is one for HMAC-SHA-256. It derives from each fresh salt a key that encrypts once,
// with AES-256-GCM outside the token. HMAC is a pseudorandom function, so these keys are independent of each other, and
// one of them opens only what it wrapped, whose plaintext stands beside it in memory anyway. Against AES-CBC with an HMAC
// over it this needs one key in the token and one call, cannot be held up to a padding oracle, and leaves nothing to put
// together wrongly.

const versions = { gcm: 1, hmac: 2 } as const
const label = utf8('pawl/hsm/wrap')
const oneTime = utf8('pawl/hsm/one-time')
/** Modules refuse to encrypt nothing, so no plaintext is empty. */
const lead = Uint8Array.of(0)
const overheadBytes = { gcm: 1 + 12 + lead.length + 16, hmac: 1 + 32 + lead.length + 16 } as const

export function wrap(token: Token, key: Key, plaintext: Uint8Array, associated: Uint8Array): Uint8Array {
  const [text, bound] = [concat(lead, plaintext), frame(label, associated)]
  try {
    if (key.kind === 'hmac') {
      const salt = randomBytes(32)
      return concat(Uint8Array.of(versions.hmac), salt, sealOnce(token, key.handle, salt, text, bound))
    }
    const iv = randomBytes(12)
    return concat(Uint8Array.of(versions.gcm), iv, token.encrypt(key.handle, gcm(iv, bound), text))
  } finally {
    wipe(text)
  }
}

/** Null when this was not wrapped by the key for this purpose. */
export function unwrap(token: Token, key: Key, wrapped: Uint8Array, associated: Uint8Array): Uint8Array | null {
  const way = key.kind === 'hmac' ? 'hmac' : 'gcm'
  const isLong = wrapped.length >= overheadBytes[way] && wrapped.length <= overheadBytes[way] + 4096
  if (!isLong || wrapped[0] !== versions[way]) return null
  const bound = frame(label, associated)
  const start = way === 'hmac' ? 33 : 13
  const [fresh, sealed] = [wrapped.subarray(1, start), wrapped.subarray(start)]
  const text =
    way === 'hmac'
      ? openOnce(token, key.handle, fresh, sealed, bound)
      : openInToken(token, key.handle, fresh, sealed, bound)
  return text && text[0] === lead[0] ? text.slice(lead.length) : null
}

function gcm(iv: Uint8Array, aad: Uint8Array): Mechanism {
  const parameter = { type: gcmParameter, iv: Buffer.from(iv), ivBits: 96, aad: Buffer.from(aad), tagBits: 128 }
  return { mechanism: CKM.AES_GCM, parameter }
}

function openInToken(token: Token, key: Handle, iv: Uint8Array, sealed: Uint8Array, bound: Uint8Array) {
  try {
    return token.decrypt(key, gcm(iv, bound), sealed)
  } catch (error) {
    // What a token says about a wrong tag differs, and some have one word for it and for their own failures. A token
    // that still opens what it wraps is well, and then it was the tag.
    if (codeOf(error) === null || isStale(error) || !opensItsOwn(token, key)) throw error
    return null
  }
}

function opensItsOwn(token: Token, key: Handle): boolean {
  try {
    const own = gcm(randomBytes(12), label)
    return Buffer.from(lead).equals(token.decrypt(key, own, token.encrypt(key, own, lead)))
  } catch {
    return false
  }
}

function sealOnce(token: Token, key: Handle, salt: Uint8Array, text: Uint8Array, bound: Uint8Array): Uint8Array {
  return withOneTimeKey(token, key, salt, (secret) => {
    const cipher = createCipheriv('aes-256-gcm', secret, Buffer.alloc(12)).setAAD(bound)
    return concat(cipher.update(text), cipher.final(), cipher.getAuthTag())
  })
}

function openOnce(token: Token, key: Handle, salt: Uint8Array, sealed: Uint8Array, bound: Uint8Array) {
  return withOneTimeKey(token, key, salt, (secret) => {
    const decipher = createDecipheriv('aes-256-gcm', secret, Buffer.alloc(12), { authTagLength: 16 }).setAAD(bound)
    decipher.setAuthTag(sealed.subarray(-16))
    const text = decipher.update(sealed.subarray(0, -16))
    try {
      return concat(text, decipher.final())
    } catch {
      return null
    }
  })
}

function withOneTimeKey<T>(token: Token, key: Handle, salt: Uint8Array, work: (secret: Uint8Array) => T): T {
  const secret = token.sign(key, CKM.SHA256_HMAC, frame(oneTime, salt))
  if (secret.length !== 32) throw new TokenError('unavailable', 'The token returned an HMAC of the wrong length.')
  try {
    return work(secret)
  } finally {
    wipe(secret)
  }
}

/** Whether the token wraps with AES-GCM, and with the IV that it is given. It is tried with a key that is gone after. */
export function gcmWorks(token: Token): boolean {
  if (!token.mechanisms().has(CKM.AES_GCM)) return false
  const [recipe] = recipesFor('gcm')
  if (!recipe) return false
  try {
    const passing = token.generatePassing(recipe)
    try {
      return opensItsOwn(token, passing)
    } finally {
      token.destroy(passing)
    }
  } catch (error) {
    if (isUnable(error)) return false
    throw error
  }
}
