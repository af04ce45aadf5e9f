import { describe, expect, it } from 'vitest'
import vectors from '../../testkit/src/vectors/cmek.json' with { type: 'json' }
import { cmekFingerprint, decryptCmek, encryptCmek, newCmekKey } from './cmek.ts'
import { reencryptCmek } from './crypto/cmek-blob.ts'
import { fromBase64 } from './kernel/bytes.ts'
import { nobleCrypto } from './ports/reference/index.ts'

const keyOf = ({ key }: { key: string }) => fromBase64(key) ?? new Uint8Array()

describe('values that clients encrypt', () => {
  it.each(vectors.tests)('are opened as another implementation wrote them, in both formats: $value', (vector) => {
    const key = keyOf(vector)
    expect(cmekFingerprint(key)).toBe(vector.fingerprint)
    expect(decryptCmek(key, vector.base64)).toBe(vector.value)
    expect(decryptCmek(key, vector.hex)).toBe(vector.value)
  })

  it('come back from both formats, each time under another nonce', () => {
    const key = newCmekKey()
    for (const value of ['', 'hunter2', 'Grüße 🌍', 'x'.repeat(10_000)]) {
      const blobs = [encryptCmek(key, value), encryptCmek(key, value), encryptCmek(key, value, 'hex')]
      expect(new Set(blobs).size).toBe(3)
      expect(blobs.map((blob) => decryptCmek(key, blob))).toEqual([value, value, value])
      expect(blobs[0]).toMatch(/^[A-Za-z0-9+/]+=*$/)
      expect(fromBase64(blobs[0] ?? '')?.[0]).toBe(1)
      expect(blobs[2]).toMatch(/^[0-9a-f]+$/)
    }
  })

  it('open with the right key only, unchanged, and are never taken for another format', () => {
    const key = newCmekKey()
    for (const format of ['base64', 'hex'] as const) {
      const blob = encryptCmek(key, 'hunter2', format)
      expect(() => decryptCmek(newCmekKey(), blob)).toThrow(RangeError)
      const changed = `${blob.slice(0, 20)}${blob[20] === 'a' ? 'b' : 'a'}${blob.slice(21)}`
      expect(() => decryptCmek(key, changed)).toThrow(RangeError)
    }
    for (const bad of ['', 'hunter2', '01', 'AQ==', '00'.repeat(27), 'AA'.repeat(40)]) {
      expect(() => decryptCmek(key, bad), bad).toThrow(RangeError)
    }
  })

  it('keep their format when the server encrypts them again', () => {
    const [from, to] = [newCmekKey(), newCmekKey()]
    for (const format of ['base64', 'hex'] as const) {
      const nonce = new Uint8Array(12).fill(7)
      const blob = encryptCmek(from, 'hunter2', format)
      const again = reencryptCmek(nobleCrypto, from, to, nonce, blob) ?? ''
      expect(decryptCmek(to, again)).toBe('hunter2')
      expect(again.length).toBe(blob.length)
      expect(/^[0-9a-f]+$/.test(again)).toBe(format === 'hex')
      expect(reencryptCmek(nobleCrypto, to, from, nonce, blob)).toBeNull()
    }
  })

  it('need a key of 32 bytes', () => {
    for (const length of [0, 16, 31, 33]) {
      expect(() => encryptCmek(new Uint8Array(length), 'x')).toThrow(RangeError)
      expect(() => cmekFingerprint(new Uint8Array(length))).toThrow(RangeError)
    }
  })
})
