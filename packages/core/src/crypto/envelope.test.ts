import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hex, utf8 } from '../kernel/bytes.ts'
import { nobleCrypto, systemRandom } from '../ports/reference/index.ts'
import { deriveKey, sealer } from './envelope.ts'

const master = utf8('0123456789abcdef0123456789abcdef')
const open = () => sealer(nobleCrypto, systemRandom, master)
const bytes = fc.uint8Array({ maxLength: 80 })

describe('envelopes', () => {
  it('open to what was sealed, for whoever has the key and the same associated data', () => {
    fc.assert(
      fc.property(bytes, bytes, (plaintext, associated) => {
        expect(open().open(open().seal(plaintext, associated), associated)).toEqual(plaintext)
      }),
    )
  })

  it('do not open when any single bit was flipped, or with other associated data', () => {
    const { seal, open: unseal } = open()
    const envelope = seal(utf8('treasure'), utf8('here'))
    for (let bit = 0; bit < envelope.length * 8; bit++) {
      const flipped = envelope.slice()
      flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7))
      expect(unseal(flipped, utf8('here'))).toBeNull()
    }
    expect(unseal(envelope, utf8('there'))).toBeNull()
    for (let length = 0; length < envelope.length; length++)
      expect(unseal(envelope.slice(0, length), utf8('here'))).toBeNull()
  })

  it('never use a nonce twice with a key, in one sealer or in several', () => {
    const heads = new Set<string>()
    for (const { seal } of [open(), open(), open()]) {
      for (let at = 0; at < 500; at++) heads.add(hex(seal(utf8('x'), utf8('')).subarray(0, 29)))
    }
    expect(heads.size).toBe(1_500)
  })

  it('made for one purpose do not open for another (I6)', () => {
    const forPurpose = (purpose: string) => sealer(nobleCrypto, systemRandom, deriveKey(nobleCrypto, master, purpose))
    const envelope = forPurpose('records').seal(utf8('x'), utf8(''))
    expect(forPurpose('sessions').open(envelope, utf8(''))).toBeNull()
  })
})
