import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseUri, tokenUri, UriError } from './uri.ts'

describe('a PKCS#11 URI', () => {
  it('names a token, its module and the file of its PIN', () => {
    const uri =
      'pkcs11:token=The%20Software%20PKCS%2311;manufacturer=Snake%20Oil;model=1.0;serial=7;slot-id=327' +
      '?module-path=/usr/lib/softhsm/libsofthsm2.so&pin-source=file:/run/secrets/pin'
    expect(parseUri(uri)).toEqual({
      token: { label: 'The Software PKCS#11', manufacturer: 'Snake Oil', model: '1.0', serial: '7', slotId: 327 },
      object: {},
      modulePath: '/usr/lib/softhsm/libsofthsm2.so',
      pinSource: '/run/secrets/pin',
    })
    expect(parseUri('pkcs11:')).toEqual({ token: {}, object: {}, modulePath: null, pinSource: null })
  })

  it('names a key by its label, its bytes and its class', () => {
    const { object } = parseUri('pkcs11:object=a%3Bb%C3%A9;id=%00%ffA;type=secret-key')
    expect(object).toEqual({ label: 'a;bé', id: Uint8Array.of(0, 255, 65), type: 'secret-key' })
  })

  it('takes the file of a PIN as a path, and in both forms of a file: URI', () => {
    for (const source of ['/a/b', 'file:/a/b', 'file:///a/b']) {
      expect(parseUri(`pkcs11:?pin-source=${source}`).pinSource).toBe('/a/b')
    }
  })

  it.each([
    ['pkcs12:token=a', 'must begin with pkcs11:'],
    ['PKCS11:token=a', 'must begin with pkcs11:'],
    ['pkcs11:token=a;token=b', 'token must be given only once'],
    ['pkcs11:token=', 'token must not be empty'],
    ['pkcs11:token', 'only token, manufacturer'],
    ['pkcs11:;', 'only token, manufacturer'],
    ['pkcs11:library-version=3', 'only token, manufacturer'],
    ['pkcs11:x-vendor=3', 'only token, manufacturer'],
    ['pkcs11:module-path=/a', 'only token, manufacturer'],
    ['pkcs11:?token=a', 'only module-path, pin-source'],
    ['pkcs11:?pin-value=1234', 'Put the PIN into a file'],
    ['pkcs11:?module-name=softhsm2', 'module-path'],
    ['pkcs11:?module-path=softhsm2.so', 'absolute'],
    ['pkcs11:?pin-source=%7Ccat', 'file: and an absolute path'],
    ['pkcs11:?pin-source=http://host/pin', 'file: and an absolute path'],
    ['pkcs11:token=a b', 'percent-encoded'],
    ['pkcs11:token=a%2', 'percent-encoded'],
    ['pkcs11:token=%FF', 'must be UTF-8'],
    ['pkcs11:slot-id=0x1', 'decimal'],
    ['pkcs11:type=cert', 'private or secret-key'],
  ])('is refused as %s, with the reason', (uri, reason) => {
    expect(() => parseUri(uri)).toThrow(UriError)
    expect(() => parseUri(uri)).toThrow(reason)
  })

  it('says nothing of what it holds when it is refused', () => {
    const canary = fc.stringMatching(/^[a-z]{12}$/)
    const broken = canary.map((pin) => [
      pin,
      `pkcs11:token=a?pin-value=${pin}`,
      `pkcs11:pin=${pin}`,
      `pkcs11:id=${pin}%`,
    ])
    fc.assert(
      fc.property(broken, ([pin = '', ...uris]) => {
        for (const uri of uris) expect(() => parseUri(uri)).not.toThrow(pin)
      }),
    )
  })

  it('names a file whose path begins with slashes as that file', () => {
    for (const path of ['//a', '///a', '////a']) {
      const uri = tokenUri('pawl', path, path)
      expect(parseUri(uri), uri).toMatchObject({ modulePath: path, pinSource: path })
    }
  })

  it('comes back as it was written: parseUri(tokenUri(x)) ≡ x', () => {
    const text = fc.string({ minLength: 1, unit: 'grapheme' })
    fc.assert(
      fc.property(text, text, text, (label, module, pin) => {
        const read = parseUri(tokenUri(label, `/${module}`, `/${pin}`))
        expect(read).toMatchObject({ token: { label }, modulePath: `/${module}`, pinSource: `/${pin}` })
      }),
    )
  })

  it('is read or refused with a reason, whatever it is', () => {
    const parts = fc.constantFrom(
      'token',
      'id',
      'type',
      'pin-source',
      '=',
      ';',
      '&',
      '?',
      '%',
      '%41',
      '%zz',
      'a',
      '/',
      'é',
    )
    fc.assert(
      fc.property(fc.array(parts), (some) => {
        try {
          parseUri(`pkcs11:${some.join('')}`)
        } catch (error) {
          expect(error).toBeInstanceOf(UriError)
        }
      }),
    )
  })
})
