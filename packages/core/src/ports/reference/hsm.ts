import { p256 } from '@noble/curves/nist.js'
import { secp256k1 } from '@noble/curves/secp256k1.js'
import { concat, frame, utf8 } from '../../kernel/bytes.ts'
import type { Crypto } from '../crypto.ts'
import { type DigestSigning, type Hsm, HsmError, type KeyType } from '../hsm.ts'
import type { Random } from '../random.ts'
import { nobleCrypto } from './crypto.ts'
import { systemRandom } from './random.ts'

interface Key {
  readonly type: KeyType
  /** The AES key, the Ed25519 seed or the private scalar. */
  readonly secret: Uint8Array
}

const ecdsa = { 'p-256': p256, secp256k1 }
const wrapLabel = utf8('pawl/hsm/wrap')
const wrapVersion = 1
const wrapBytesMax = 4096

/**
 * Keys in plain memory: the reference implementation of the port, and the HSM of tests. `close` keeps the keys. So a
 * test can pass the same HSM to a second engine, like a device after a restart.
 */
export function memoryHsm({ crypto = nobleCrypto, random = systemRandom }: MemoryHsmOptions = {}): Hsm & DigestSigning {
  const keys = new Map<string, Key>()

  function keyOf(uri: string, ...types: readonly KeyType[]): Key {
    const key = keys.get(uri)
    if (!key) throw new HsmError('key_missing', `The key ${uri} does not exist.`)
    if (!types.includes(key.type))
      throw new HsmError('wrong_type', `The key ${uri} has type ${key.type}. This operation requires ${types}.`)
    return key
  }

  return {
    provider: 'memory',

    createKey: async (uri, type) => {
      if (keys.has(uri)) keyOf(uri, type)
      else keys.set(uri, { type, secret: newSecret(type, random) })
    },

    publicKey: async (uri) => {
      const { type, secret } = keyOf(uri, 'ed25519', 'p-256', 'secp256k1')
      return isEcdsa(type) ? ecdsa[type].getPublicKey(secret, false) : crypto.ed25519PublicKey(secret)
    },

    sign: async (uri, message) => {
      checkBytes('message', message)
      const { type, secret } = keyOf(uri, 'ed25519', 'p-256', 'secp256k1')
      if (!isEcdsa(type)) return crypto.ed25519Sign(secret, message)
      return ecdsa[type].sign(message, secret, { lowS: true, extraEntropy: random.bytes(32) })
    },

    signDigest: async (uri, digest) => {
      checkDigest(digest)
      const { secret } = keyOf(uri, 'secp256k1')
      return secp256k1.sign(digest, secret, { prehash: false, lowS: true, extraEntropy: random.bytes(32) })
    },

    wrap: async (uri, plaintext, associated) => {
      checkBytes('plaintext', plaintext)
      if (plaintext.length > wrapBytesMax) throw new RangeError(`plaintext must be at most ${wrapBytesMax} bytes`)
      const { secret } = keyOf(uri, 'aes-256')
      const nonce = random.bytes(12)
      return concat(Uint8Array.of(wrapVersion), nonce, crypto.encrypt(secret, nonce, plaintext, bound(associated)))
    },

    unwrap: async (uri, wrapped, associated) => {
      const { secret } = keyOf(uri, 'aes-256')
      const known = wrapped[0] === wrapVersion && wrapped.length >= 1 + 12 + 16
      const plaintext = known
        ? crypto.decrypt(secret, wrapped.subarray(1, 13), wrapped.subarray(13), bound(associated))
        : null
      if (!plaintext) throw new HsmError('not_authentic', `The data was not wrapped by ${uri} for this purpose.`)
      return plaintext
    },

    destroyKey: async (uri) => {
      keys.get(uri)?.secret.fill(0)
      keys.delete(uri)
    },

    status: async () => 'ok',
    close: async () => {},
  }
}

/** An array of 32 numbers would be another message for other code (I1). */
function checkDigest(digest: Uint8Array): void {
  checkBytes('digest', digest)
  if (digest.length !== 32) throw new RangeError('digest must have 32 bytes')
}

export interface MemoryHsmOptions {
  readonly crypto?: Crypto
  readonly random?: Random
}

function isEcdsa(type: KeyType): type is keyof typeof ecdsa {
  return type in ecdsa
}

function newSecret(type: KeyType, random: Random): Uint8Array {
  let secret = random.bytes(32)
  // A scalar must be below the order of its curve. Random bytes almost always are.
  while (isEcdsa(type) && !ecdsa[type].utils.isValidSecretKey(secret)) secret = random.bytes(32)
  return secret
}

/** The label separates wrapped keys from other data that the same key encrypts. */
function bound(associated: Uint8Array): Uint8Array {
  checkBytes('associated', associated)
  return frame(wrapLabel, associated)
}

/**
 * Types are not checked at run time, and libraries have leaked keys when they got numbers or arrays instead of bytes.
 */
function checkBytes(name: string, value: unknown): void {
  if (!(value instanceof Uint8Array)) throw new TypeError(`${name} must be a Uint8Array`)
}
