import {
  createCipheriv,
  createDecipheriv,
  createECDH,
  createHmac,
  createPrivateKey,
  createPublicKey,
  hash,
  type KeyObject,
  sign,
  verify,
} from 'node:crypto'
import type { Argon2Cost, Crypto } from '@pawl/core/ports'
import { nobleCrypto } from '@pawl/core/ports/reference'
import { secp256k1PublicKey, secp256k1Sign } from './secp256k1.ts'

/**
 * The primitives through node:crypto: the same bytes as the noble default, several times faster. secp256k1 runs in
 * libsecp256k1, because node:crypto has no deterministic signatures. Argon2id runs in a thread of `@node-rs/argon2` when
 * that is installed, and falls back to noble when it is not.
 *
 * The one difference is deliberate and safe: RFC 8032 lets a verifier choose between two equations, and a key's owner
 * can craft signatures that satisfy noble's (with the cofactor) but not OpenSSL's (without). They are refused here.
 */
export function nodeCrypto(): Crypto {
  return {
    sha256: (message) => fromBinaryText(hash('sha256', bytes('message', message), 'binary')),
    hmacSha256: (key, message) =>
      fromBinaryText(createHmac('sha256', bytes('key', key)).update(bytes('message', message)).digest('binary')),

    encrypt,
    decrypt: (key, nonce, sealed, associated) => {
      try {
        return decrypt(key, nonce, sealed, associated)
      } catch {
        return null
      }
    },

    ed25519PublicKey: (seed) => publicKeyOf(privateKey(seed)),
    ed25519Sign: (seed, message) => plain(sign(null, bytes('message', message), privateKey(seed))),
    ed25519Verify: (publicKey, message, signature) => {
      if (!isBytes(publicKey, 32) || !isBytes(message) || !isBytes(signature, 64)) return false
      return isStrictPoint(publicKey) && verify(null, message, publicKeyFrom(publicKey), signature)
    },

    p256PublicKey: (scalar) => {
      if (!isBytes(scalar, 32)) return null
      try {
        const pair = createECDH('prime256v1')
        pair.setPrivateKey(scalar)
        return plain(pair.getPublicKey())
      } catch {
        return null
      }
    },

    secp256k1PublicKey,
    secp256k1Sign,

    argon2id: async (password, salt, cost) => {
      const native = await nativeArgon2()
      return native ? native(password, salt, cost) : nobleCrypto.argon2id(password, salt, cost)
    },
  }
}

function encrypt(key: Uint8Array, nonce: Uint8Array, plaintext: Uint8Array, associated: Uint8Array): Uint8Array {
  const cipher = createCipheriv('aes-256-gcm', bytes('key', key, 32), bytes('nonce', nonce, 12))
  cipher.setAAD(bytes('associated', associated))
  const sealed = new Uint8Array(bytes('plaintext', plaintext).length + tagBytes)
  sealed.set(cipher.update(plaintext))
  cipher.final()
  sealed.set(cipher.getAuthTag(), plaintext.length)
  return sealed
}

function decrypt(key: Uint8Array, nonce: Uint8Array, sealed: Uint8Array, associated: Uint8Array): Uint8Array | null {
  const decipher = createDecipheriv('aes-256-gcm', bytes('key', key, 32), bytes('nonce', nonce, 12))
  // Node takes tags of four bytes and more, so the length is settled here.
  const end = bytes('sealed', sealed).length - tagBytes
  if (end < 0) return null
  decipher.setAAD(bytes('associated', associated))
  decipher.setAuthTag(sealed.subarray(end))
  const plaintext = decipher.update(sealed.subarray(0, end))
  try {
    decipher.final()
    return plain(plaintext)
  } catch {
    // The decrypted bytes are not authentic and must not stay in memory.
    plaintext.fill(0)
    return null
  }
}

const tagBytes = 16

/** PKCS#8 around the 32 bytes of an Ed25519 seed. */
const pkcs8Prefix = Buffer.from('302e020100300506032b657004220420', 'hex')
const nodeMajor = Number.parseInt(process.versions.node, 10)

// An imported key is not cached. A cache would save half the time of a signature, but leave seeds in memory.
function privateKey(seed: Uint8Array): KeyObject {
  return nodeMajor < 22 ? keyFromJwk(bytes('seed', seed, 32)) : keyFromPkcs8(bytes('seed', seed, 32))
}

/** 75 µs on Node 22 and newer, and 1,000 µs on Node 20. */
function keyFromPkcs8(seed: Uint8Array): KeyObject {
  const key = Buffer.concat([pkcs8Prefix, seed])
  try {
    return createPrivateKey({ key, format: 'der', type: 'pkcs8' })
  } finally {
    key.fill(0)
  }
}

/** 100 µs on Node 20, which reads `x` only to see that it is a string. Node 26 refuses an `x` that does not belong to `d`. */
function keyFromJwk(seed: Uint8Array): KeyObject {
  return createPrivateKey({ key: { kty: 'OKP', crv: 'Ed25519', d: base64url(seed), x: '' }, format: 'jwk' })
}

function publicKeyOf(key: KeyObject): Uint8Array {
  return new Uint8Array(Buffer.from(createPublicKey(key).export({ format: 'jwk' }).x ?? '', 'base64url'))
}

function publicKeyFrom(raw: Uint8Array): KeyObject {
  return createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: base64url(raw) }, format: 'jwk' })
}

function base64url(raw: Uint8Array): string {
  return Buffer.from(raw.buffer, raw.byteOffset, raw.length).toString('base64url')
}

/** The y coordinates of the points of small order: under such a key, one signature fits many messages. */
const smallOrder = new Set([
  '0000000000000000000000000000000000000000000000000000000000000000',
  '0100000000000000000000000000000000000000000000000000000000000000',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
])

/** OpenSSL also takes points of small order and coordinates that were not reduced; RFC 8032 and noble do not. */
function isStrictPoint(publicKey: Uint8Array): boolean {
  const y = Buffer.from(publicKey)
  y[31] = y.readUInt8(31) & 0x7f
  const unreduced =
    y.readUInt8(0) >= 0xed && y.readUInt8(31) === 0x7f && y.subarray(1, 31).every((byte) => byte === 255)
  return !unreduced && !smallOrder.has(y.toString('hex'))
}

type Argon2 = (password: Uint8Array, salt: Uint8Array, cost: Argon2Cost) => Promise<Uint8Array>
let argon2: Promise<Argon2 | null> | undefined

/** Loaded when first needed: most processes hash no password, and the package is optional. */
function nativeArgon2(): Promise<Argon2 | null> {
  argon2 ??= import('@node-rs/argon2').then(
    ({ hashRaw }) =>
      (password, salt, cost) =>
        nativeHash(hashRaw, password, salt, cost),
    () => null,
  )
  return argon2
}

type HashRaw = typeof import('@node-rs/argon2').hashRaw

async function nativeHash(hashRaw: HashRaw, password: Uint8Array, salt: Uint8Array, cost: Argon2Cost) {
  const { memoryKib: memoryCost, passes: timeCost, lanes: parallelism } = cost
  // The native side would silently truncate a fraction, and hash with a different cost.
  if (![memoryCost, timeCost, parallelism].every(Number.isSafeInteger)) throw new RangeError('costs must be integers')
  bytes('password', password)
  bytes('salt', salt)
  const options = { algorithm: 2, version: 1, salt, memoryCost, timeCost, parallelism, outputLen: 32 }
  return plain(await hashRaw(password, options))
}

/** Short bytes of our own take half the time that Node needs to make a Buffer. */
function fromBinaryText(text: string): Uint8Array {
  const made = new Uint8Array(text.length)
  for (let at = 0; at < made.length; at++) made[at] = text.charCodeAt(at)
  return made
}

/** A plain view: a Buffer shares memory when sliced and prints differently, which callers of the port do not expect. */
function plain(buffer: Buffer): Uint8Array {
  return new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.length)
}

function isBytes(value: unknown, length?: number): value is Uint8Array {
  return value instanceof Uint8Array && (length === undefined || value.length === length)
}

function bytes(name: string, value: Uint8Array, length?: number): Uint8Array {
  if (!isBytes(value)) throw new TypeError(`${name} must be a Uint8Array`)
  if (!isBytes(value, length)) throw new RangeError(`${name} must be ${length} bytes`)
  return value
}
