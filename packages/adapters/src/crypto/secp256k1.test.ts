import { randomBytes } from 'node:crypto'
import { secp256k1 } from '@noble/curves/secp256k1.js'
import { expect, it, onTestFinished, vi } from 'vitest'
import { libraryOf, memoryOfLibrary, secp256k1PublicKey, secp256k1Sign } from './secp256k1.ts'

const bytes = () => new Uint8Array(randomBytes(32))

it('leaves nothing of a key, a nonce or a signature in the memory of the library', () => {
  const memory = memoryOfLibrary()
  const before = Buffer.from(memory)
  for (let round = 0; round < 20; round++) {
    for (const call of [
      () => secp256k1Sign(bytes(), bytes()),
      () => secp256k1Sign(bytes(), bytes(), bytes()),
      () => secp256k1PublicKey(bytes()),
      () => secp256k1PublicKey(new Uint8Array(32).fill(255)),
    ]) {
      call()
      expect(before.equals(memory)).toBe(true)
    }
    expect(() => secp256k1Sign(new Uint8Array(32).fill(255), bytes())).toThrow('the scalar is out of range')
    expect(before.equals(memory)).toBe(true)
  }
})

it('signs after it refused a scalar', () => {
  expect(() => secp256k1Sign(new Uint8Array(32), bytes())).toThrow(RangeError)
  const [key, digest] = [bytes(), bytes()]
  const publicKey = secp256k1.getPublicKey(key)
  expect(secp256k1.verify(secp256k1Sign(key, digest).subarray(0, 64), digest, publicKey, { prehash: false })).toBe(true)
})

it('mixes randomness into a nonce as noble does', () => {
  for (let round = 0; round < 20; round++) {
    const [key, digest, extraEntropy] = [bytes(), bytes(), bytes()]
    const expected = secp256k1.sign(digest, key, { prehash: false, extraEntropy })
    expect(secp256k1Sign(key, digest, extraEntropy).subarray(0, 64)).toEqual(expected)
  }
})

it('gives keys to the file that was examined, and to no other', () => {
  expect(() => libraryOf(Uint8Array.of(0, 97, 115, 109))).toThrow('is not the file of tiny-secp256k1 2.2.4')
})

it('loads the library at the first call, so that a process that signs nothing does not pay', async () => {
  const original = await vi.importActual<typeof import('node:fs')>('node:fs')
  const readFileSync = vi.fn(original.readFileSync)
  vi.doMock('node:fs', () => ({ ...original, readFileSync }))
  onTestFinished(() => {
    vi.doUnmock('node:fs')
    vi.resetModules()
  })
  vi.resetModules()
  const { nodeCrypto } = await import('./node.ts')
  const crypto = nodeCrypto()
  expect(readFileSync).not.toHaveBeenCalled()
  for (let call = 0; call < 2; call++) crypto.secp256k1Sign(bytes(), bytes())
  expect(readFileSync).toHaveBeenCalledOnce()
})
