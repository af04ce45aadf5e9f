import { generateKeyPairSync, sign } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { rawPoint, verifies } from './point.ts'

const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length })

test('a point is taken as it is, and out of an OCTET STRING, for every type of key', () => {
  fc.assert(
    fc.property(bytes(32), bytes(64), (edwards, coordinates) => {
      const point = Uint8Array.of(4, ...coordinates)
      expect(rawPoint('ed25519', edwards)).toEqual(edwards)
      expect(rawPoint('ed25519', Uint8Array.of(4, 32, ...edwards))).toEqual(edwards)
      for (const type of ['p-256', 'secp256k1'] as const) {
        expect(rawPoint(type, point)).toEqual(point)
        expect(rawPoint(type, Uint8Array.of(4, 65, ...point))).toEqual(point)
      }
    }),
  )
})

test('what is no point is none', () => {
  for (const length of [0, 31, 33, 34, 64, 66, 67]) {
    expect(rawPoint('ed25519', new Uint8Array(length))).toBe(null)
    expect(rawPoint('p-256', new Uint8Array(length))).toBe(null)
  }
  expect(rawPoint('p-256', new Uint8Array(65))).toBe(null)
})

test('a signature verifies under its own key and for its own message only', () => {
  const message = Buffer.from('message')
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  const raw = new Uint8Array(publicKey.export({ format: 'der', type: 'spki' }).subarray(-32))
  const signature = sign(null, message, privateKey)
  expect(verifies('ed25519', raw, message, signature)).toBe(true)
  expect(verifies('ed25519', raw, Buffer.from('other'), signature)).toBe(false)
  expect(verifies('ed25519', new Uint8Array(32), message, signature)).toBe(false)
  expect(verifies('p-256', new Uint8Array(65), message, signature)).toBe(false)
})
