import {
  createCipheriv,
  createDecipheriv,
  createPublicKey,
  createSecretKey,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
  sign,
} from 'node:crypto'
import type { KeyType } from '@pawl/core/ports'

/** What the HSM needs of a device. Keys stay inside; outside they are names and handles. */
export interface Device {
  /** Null when there is no key of that name. */
  find(name: string): Promise<Handle | null>
  /** Makes a key unless there is one of that name, in one step; answers the one that is there now. */
  make(name: string, type: KeyType): Promise<Handle>
  destroy(name: string): Promise<void>
  /** The coordinates of the point: x, and y where the curve has one. */
  point(handle: Handle): Promise<{ readonly x: Uint8Array; readonly y: Uint8Array | null }>
  /** Ed25519 of the message, or r ‖ s of ECDSA over its SHA-256. */
  sign(handle: Handle, message: Uint8Array): Promise<Uint8Array>
  /** AES-256-GCM with a nonce that the device makes and puts in front. */
  encrypt(handle: Handle, plaintext: Uint8Array, associated: Uint8Array): Promise<Uint8Array>
  /** Null when it is not what this key encrypted with these data. */
  decrypt(handle: Handle, encrypted: Uint8Array, associated: Uint8Array): Promise<Uint8Array | null>
  close(): Promise<void>
}

/** The number of a key in the device, say. */
export interface Handle {
  readonly type: KeyType
  readonly key: KeyObject
}

/**
 * Everything below is what you replace with calls to your device: here the keys are in plain memory, and not safe.
 * What it throws should be an `HsmError`: `unavailable` when nothing happened and a later call may work.
 */
export function softDevice(keys: Map<string, Handle> = new Map()): Device {
  return {
    find: async (name) => keys.get(name) ?? null,

    make: async (name, type) => {
      const handle = keys.get(name) ?? { type, key: newKey(type) }
      keys.set(name, handle)
      return handle
    },

    destroy: async (name) => void keys.delete(name),

    point: async ({ key }) => {
      const { x = '', y } = createPublicKey(key).export({ format: 'jwk' })
      return { x: Buffer.from(x, 'base64url'), y: y === undefined ? null : Buffer.from(y, 'base64url') }
    },

    sign: async ({ type, key }, message) =>
      type === 'ed25519' ? sign(null, message, key) : sign('sha256', message, { key, dsaEncoding: 'ieee-p1363' }),

    encrypt: async ({ key }, plaintext, associated) => {
      const nonce = randomBytes(12)
      const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(associated)
      return Buffer.concat([nonce, cipher.update(plaintext), cipher.final(), cipher.getAuthTag()])
    },

    decrypt: async ({ key }, encrypted, associated) => {
      if (encrypted.length < 12 + 16) return null
      const decipher = createDecipheriv('aes-256-gcm', key, encrypted.subarray(0, 12), { authTagLength: 16 })
      decipher.setAAD(associated).setAuthTag(encrypted.subarray(-16))
      const plaintext = decipher.update(encrypted.subarray(12, -16))
      try {
        return Buffer.concat([plaintext, decipher.final()])
      } catch {
        return null
      }
    },

    close: async () => {},
  }
}

function newKey(type: KeyType): KeyObject {
  if (type === 'aes-256') return createSecretKey(randomBytes(32))
  if (type === 'ed25519') return generateKeyPairSync('ed25519').privateKey
  return generateKeyPairSync('ec', { namedCurve: type === 'p-256' ? 'P-256' : 'secp256k1' }).privateKey
}
