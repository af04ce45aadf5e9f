import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hex, utf8 } from '../kernel/bytes.ts'
import { nobleCrypto, systemRandom } from '../ports/reference/index.ts'
import { deriveKey, recordCipher } from './envelope.ts'

const master = utf8('0123456789abcdef0123456789abcdef')
const cipher = () => recordCipher(nobleCrypto, systemRandom, master)
const bytes = fc.uint8Array({ maxLength: 80 })

describe('envelopes', () => {
  it('open to what was sealed, for whoever has the key and the same associated data', () => {
    fc.assert(
      fc.property(bytes, bytes, (plaintext, associated) => {
        expect(cipher().decrypt(cipher().encrypt(plaintext, associated), associated)).toEqual(plaintext)
      }),
    )
  })

  it('do not open when any single bit was flipped, or with other associated data', () => {
    const { encrypt, decrypt } = cipher()
    const envelope = encrypt(utf8('treasure'), utf8('here'))
    for (let bit = 0; bit < envelope.length * 8; bit++) {
      const flipped = envelope.slice()
      flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7))
      expect(decrypt(flipped, utf8('here'))).toBeNull()
    }
    expect(decrypt(envelope, utf8('there'))).toBeNull()
    for (let length = 0; length < envelope.length; length++)
      expect(decrypt(envelope.slice(0, length), utf8('here'))).toBeNull()
  })

  it('never use a nonce twice with a key, in one cipher or in several', () => {
    const heads = new Set<string>()
    for (const { encrypt } of [cipher(), cipher(), cipher()]) {
      for (let at = 0; at < 500; at++) heads.add(hex(encrypt(utf8('x'), utf8('')).subarray(0, 29)))
    }
    expect(heads.size).toBe(1_500)
  })

  it('made for one purpose do not open for another (I6)', () => {
    const forPurpose = (purpose: string) =>
      recordCipher(nobleCrypto, systemRandom, deriveKey(nobleCrypto, master, purpose))
    const envelope = forPurpose('records').encrypt(utf8('x'), utf8(''))
    expect(forPurpose('sessions').decrypt(envelope, utf8(''))).toBeNull()
  })
})
