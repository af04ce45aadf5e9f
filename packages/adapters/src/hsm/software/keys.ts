import { createECDH, createPrivateKey, createPublicKey, type KeyObject, sign } from 'node:crypto'
import { type Crypto, concat, type KeyType, type Random } from '@pawl/core/ports'
import { type EcdsaType, lowS } from '../ecdsa.ts'

/** One key, in memory. `wipeKey` is the only thing that may change it. */
export interface Key {
  readonly type: KeyType
  /** The AES key, the Ed25519 seed or the private scalar; 32 bytes for each type. */
  readonly secret: Uint8Array
  /** What OpenSSL made of the secret, kept because that costs ten times a signature. */
  imported: KeyObject | null
}

interface Curve {
  readonly name: string
  /** What stands before and after the scalar in the DER of a private key. */
  readonly der: readonly [head: Buffer, tail: Buffer]
}

const curves: Readonly<Record<EcdsaType, Curve>> = {
  'p-256': {
    name: 'prime256v1',
    der: [Buffer.from('30310201010420', 'hex'), Buffer.from('a00a06082a8648ce3d030107', 'hex')],
  },
  secp256k1: {
    name: 'secp256k1',
    der: [Buffer.from('302e0201010420', 'hex'), Buffer.from('a00706052b8104000a', 'hex')],
  },
}

const ed25519Head = Buffer.from('302e020100300506032b657004220420', 'hex')

export function newKey(type: KeyType, random: Random): Key {
  let secret = random.bytes(32)
  while (isEcdsa(type) && !isScalar(type, secret)) secret = random.bytes(32)
  return { type, secret, imported: null }
}

export function wipeKey(key: Key): void {
  key.secret.fill(0)
  key.imported = null
}

export function publicKeyOf(key: Key): Uint8Array {
  const { x = '', y } = createPublicKey(imported(key)).export({ format: 'jwk' })
  const parts = [x, y ?? ''].map((part) => Buffer.from(part, 'base64url'))
  return y === undefined ? concat(...parts) : concat(Uint8Array.of(4), ...parts)
}

export function signWith(key: Key, message: Uint8Array): Uint8Array {
  const { type } = key
  if (!isEcdsa(type)) return new Uint8Array(sign(null, message, imported(key)))
  // OpenSSL mixes the key and the message into its random nonce, so a weak generator does not give the key away.
  return lowS(type, new Uint8Array(sign('sha256', message, { key: imported(key), dsaEncoding: 'ieee-p1363' })))
}

/** By the crypto port, because OpenSSL hashes what Node signs. The nonce is that of RFC 6979, mixed with randomness. */
export function signDigestWith(
  { secret }: Key,
  digest: Uint8Array,
  { crypto, random }: { readonly crypto: Crypto; readonly random: Random },
): Uint8Array {
  return crypto.secp256k1Sign(secret, digest, random.bytes(32)).subarray(0, 64)
}

function imported(key: Key): KeyObject {
  key.imported ??= importKey(key.type, key.secret)
  return key.imported
}

function importKey(type: KeyType, secret: Uint8Array): KeyObject {
  const der = isEcdsa(type)
    ? Buffer.concat([curves[type].der[0], secret, curves[type].der[1]])
    : Buffer.concat([ed25519Head, secret])
  try {
    return createPrivateKey({ key: der, format: 'der', type: isEcdsa(type) ? 'sec1' : 'pkcs8' })
  } finally {
    der.fill(0)
  }
}

function isScalar(type: EcdsaType, secret: Uint8Array): boolean {
  try {
    createECDH(curves[type].name).setPrivateKey(secret)
    return true
  } catch {
    return false
  }
}

function isEcdsa(type: KeyType): type is EcdsaType {
  return type in curves
}
