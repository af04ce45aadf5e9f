import { ed25519 } from '@noble/curves/ed25519.js'
import { secp256k1 } from '@noble/curves/secp256k1.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { createBase58check } from '@scure/base'
import { bytesOfHex, fromBase64, wipe } from '../../kernel/bytes.ts'
import type { Services } from '../../operations/index.ts'

// The forms in which a private key is written, and the public key of one. Nothing here keeps the bytes.

export type Curve = 'secp256k1' | 'ed25519'

/** `wif` is how wallets of Bitcoin write a key. */
export type KeyFormat = 'hex' | 'base64' | 'wif'

const forms = {
  secp256k1: 'must be 32 bytes, from 1 to the order of secp256k1',
  ed25519: 'must be a seed of 32 bytes, or the seed and its public key',
} as const

/** What is wrong with a private key. It does not repeat the key. */
export function problemOf(curve: Curve): string {
  return forms[curve]
}

/**
 * Reads hexadecimal digits, with or without `0x`, or base64, or WIF. Ed25519 keys can have their public key behind the seed.
 * Null: this is no private key of the curve.
 */
export function readPrivateKey(text: string, curve: Curve, format: KeyFormat = 'hex'): Uint8Array | null {
  const bytes = decoders[format](text.trim())
  if (bytes === null) return null
  if (curve === 'secp256k1') return secp256k1.utils.isValidSecretKey(bytes) ? bytes : wiped(bytes)
  if (bytes.length === 32) return bytes
  const seed = bytes.slice(0, 32)
  const isPair = bytes.length === 64 && ed25519.getPublicKey(seed).every((byte, at) => byte === bytes[32 + at])
  wipe(bytes)
  return isPair ? seed : wiped(seed)
}

function wiped(bytes: Uint8Array): null {
  wipe(bytes)
  return null
}

const decoders: Readonly<Record<KeyFormat, (text: string) => Uint8Array | null>> = {
  hex: (text) => fromHex(text.replace(/^0x/, '')),
  base64: fromBase64,
  wif: fromWif,
}

const base58check = createBase58check(sha256)
/** Mainnet and the test networks. */
const wifVersions: readonly (number | undefined)[] = [0x80, 0xef]

/** A key for compressed public keys, because no other has a P2WPKH address. */
function fromWif(text: string): Uint8Array | null {
  let payload: Uint8Array = new Uint8Array(0)
  try {
    payload = base58check.decode(text)
  } catch {
    return null
  }
  const isKey = payload.length === 34 && wifVersions.includes(payload[0]) && payload[33] === 1
  const bytes = isKey ? payload.slice(1, 33) : null
  wipe(payload)
  return bytes
}

function fromHex(digits: string): Uint8Array | null {
  if (!/^(?:[0-9a-fA-F]{2}){32}(?:(?:[0-9a-fA-F]{2}){32})?$/.test(digits)) return null
  return bytesOfHex(digits)
}

/** Uncompressed for secp256k1. */
export function publicKeyOf({ crypto }: Pick<Services, 'crypto'>, curve: Curve, privateKey: Uint8Array): Uint8Array {
  if (curve === 'ed25519') return crypto.ed25519PublicKey(privateKey)
  const point = crypto.secp256k1PublicKey(privateKey)
  if (!point) throw new RangeError(`the private key ${problemOf(curve)}`)
  return point
}

/** A random number of 256 bits is out of range about once in 2^128 tries. */
export function newPrivateKey({ random }: Pick<Services, 'random'>, curve: Curve): Uint8Array {
  let bytes = random.bytes(32)
  while (curve === 'secp256k1' && !secp256k1.utils.isValidSecretKey(bytes)) bytes = random.bytes(32)
  return bytes
}
