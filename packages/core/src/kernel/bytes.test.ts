import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { base32, base64, base64url, equalBytes, fromBase32, fromBase64, fromBase64url, hex } from './bytes.ts'

// Goal: a value has one spelling. Method: Node's own codecs as the other side of what is written, and properties of what
// is read: it is what was written, or it is refused.

const bytes = fc.oneof(
  fc.uint8Array({ maxLength: 100 }),
  fc.uint8Array({ minLength: 4_000, maxLength: 4_096 }),
  fc.uint8Array({ maxLength: 60 }).map((any) => any.subarray(1, 1 + 5 * Math.floor((any.length - 1) / 5))),
)

const codecs = [
  { name: 'base64', write: base64, read: fromBase64, node: 'base64', letters: 'AZaz09+/=-_ \n' },
  { name: 'base64url', write: base64url, read: fromBase64url, node: 'base64url', letters: 'AZaz09+/=-_ \n' },
] as const

it('B19: bytes are compared to the end, wherever they differ', () => {
  const wanted = Uint8Array.from({ length: 32 }, (_, at) => at)
  const readOf = (given: Uint8Array) => {
    let reads = 0
    const get = (target: Uint8Array, name: string) => {
      if (name !== 'length') reads++
      return target[name as keyof Uint8Array]
    }
    const isEqual = equalBytes(new Proxy(given, { get: get as never }), wanted)
    return [isEqual, reads]
  }
  expect(readOf(wanted.slice())).toEqual([true, 32])
  for (let at = 0; at < 32; at++) {
    const other = wanted.slice()
    other[at] = 255
    expect(readOf(other)).toEqual([false, 32])
  }
})

for (const { name, write, read, node, letters } of codecs) {
  describe(name, () => {
    it('is written as Node writes it, and read again', () => {
      fc.assert(
        fc.property(bytes, (given) => {
          expect(write(given)).toBe(Buffer.from(given).toString(node))
          expect(read(write(given))).toEqual(given.slice())
        }),
      )
    })

    it('is read in the one form in which it is written', () => {
      fc.assert(
        fc.property(fc.string({ unit: fc.constantFrom(...letters), maxLength: 12 }), (text) => {
          const found = read(text)
          if (found) expect(write(found)).toBe(text)
        }),
      )
      for (const text of ['QQ=', 'QQ===', 'QR==', 'QUI', 'QUJ=', 'Q', 'QUJD\n', ' QUJD', 'QU\u00e9D', '====']) {
        const found = read(text)
        if (found) expect(write(found), text).toBe(text)
      }
    })
  })
}

it('base64 is padded, and base64url never is', () => {
  const isRead = (text: string) => [fromBase64(text) !== null, fromBase64url(text) !== null]
  expect([isRead('QQ=='), isRead('QQ'), isRead('-_-_'), isRead('+/+/'), isRead('')]).toEqual([
    [true, false],
    [false, true],
    [false, true],
    [true, false],
    [true, true],
  ])
})

describe('base32', () => {
  const fives = bytes.map((given) => given.subarray(0, given.length - (given.length % 5)))

  it('is read again as it was written', () => {
    fc.assert(
      fc.property(fives, (given) => {
        expect(base32(given)).toMatch(/^[0-9a-hjkmnp-tv-z]*$/)
        expect(fromBase32(base32(given))).toEqual(given.slice())
      }),
    )
  })

  it('has the letters of Crockford, and takes those that look like digits for them', () => {
    const bits = Array.from({ length: 32 }, (_, value) => value.toString(2).padStart(5, '0')).join('')
    const packed = Uint8Array.from(bits.match(/.{8}/g) ?? [], (byte) => Number.parseInt(byte, 2))
    expect(base32(packed)).toBe('0123456789abcdefghjkmnpqrstvwxyz')
    expect(fromBase32('oi234567')).toEqual(Uint8Array.of(0, 68, 50, 20, 199))
    expect(fromBase32('ol234567')).toEqual(Uint8Array.of(0, 68, 50, 20, 199))
  })

  it('is read in whole groups of small letters, and nothing else', () => {
    for (const text of ['0000000', '000000000', '0000000u', '0000000A', '000-0000', '0000000\u0131', '00000000\n']) {
      expect(fromBase32(text), text).toBe(null)
    }
  })
})

it('hex is what Node writes', () => {
  fc.assert(
    fc.property(bytes, (given) => {
      expect(hex(given)).toBe(Buffer.from(given).toString('hex'))
    }),
  )
})
