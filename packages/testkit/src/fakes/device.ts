import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'

export interface FakeDevice {
  readonly publicKeyPem: string
  /** Signs a challenge, as the key store of a phone does. */
  sign(challenge: string): string
}

/**
 * The key store of a phone. With a seed, the same key of Ed25519 each time. Without one, a new key of P-256.
 *
 * @example
 * const phone = fakeDevice()
 * await client.devices.register({ name: 'phone', platform: 'ios', public_key_pem: phone.publicKeyPem })
 */
export function fakeDevice(seed?: string): FakeDevice {
  const key = seed === undefined ? generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey : ed25519Of(seed)
  const hash = key.asymmetricKeyType === 'ed25519' ? null : 'sha256'
  return {
    publicKeyPem: createPublicKey(key).export({ format: 'pem', type: 'spki' }).toString(),
    sign: (challenge) => sign(hash, Buffer.from(challenge), key).toString('base64'),
  }
}

function ed25519Of(seed: string): KeyObject {
  const head = Buffer.from('302e020100300506032b657004220420', 'hex')
  const bytes = createHash('sha256').update(seed).digest()
  return createPrivateKey({ key: Buffer.concat([head, bytes]), format: 'der', type: 'pkcs8' })
}
