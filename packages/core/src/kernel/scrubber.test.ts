import { tagged } from '@pawl/testkit/canary'
import fc from 'fast-check'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { utf8 } from './bytes.ts'
import { isScrubbable, scrubber, searchableText } from './scrubber.ts'
import { Secret } from './secret.ts'

// Goal: in no text of a service that was given a value, eight characters of the value can be read, and everything else
// is as it was. Method: values of all characters, in each way that people write them, between other texts.

const value = fc.string({ unit: 'grapheme', minLength: 8, maxLength: 60 }).filter((text) => text.trim().length >= 8)

const lowerPercent = (text: string) => encodeURIComponent(text).replace(/%../g, (byte) => byte.toLowerCase())
const everyByte = (text: string) =>
  `%${Buffer.from(text)
    .toString('hex')
    .replace(/(..)(?!$)/g, '$1%')}`
const unicode = (text: string) =>
  Array.from({ length: text.length }, (_, at) => `\\u${text.charCodeAt(at).toString(16).padStart(4, '0')}`).join('')

const inScript = (text: string) => unicode(text).replace(/\\u00(..)/g, (_, digits: string) => `\\x${digits}`)

const inJson = (text: string) => JSON.stringify(text).slice(1, -1)
const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

const forms: Readonly<Record<string, (text: string) => string>> = {
  'as it is': (text) => text,
  'in a URL': (text) => encodeURIComponent(text),
  'in a URL in small letters': lowerPercent,
  'in a form': (text) => new URLSearchParams({ a: text }).toString().slice(2),
  'in a URL, every byte of it': everyByte,
  'in JSON': (text) => inJson(text),
  'in a URL in a URL': (text) => encodeURIComponent(encodeURIComponent(text)),
  'in JSON in JSON': (text) => inJson(inJson(text)),
  'in HTML': (text) => text.replace(/[&<>"']/g, (sign) => entities[sign] ?? ''),
  'in HTML of ASCII': (text) => [...text].map((sign) => `&#x${sign.codePointAt(0)?.toString(16)};`).join(''),
  'in JSON for HTML': (text) => JSON.stringify(text).slice(1, -1).replaceAll('/', '\\/'),
  'in JSON of ASCII': unicode,
  'in a script of ASCII': inScript,
  'in hexadecimal': (text) => Buffer.from(text).toString('hex'),
  'in capital hexadecimal': (text) => Buffer.from(text).toString('hex').toUpperCase(),
  'in base64': (text) => Buffer.from(text).toString('base64'),
  'in base64 of URLs': (text) => Buffer.from(text).toString('base64url'),
  'in base64 of mail': (text) =>
    Buffer.from(text)
      .toString('base64')
      .replace(/.{20}(?!$)/g, '$&\r\n'),
}

describe('a scrubber', () => {
  it.each(Object.keys(forms))('takes a value out %s, and leaves what is around it', (name) => {
    const plain = fc.stringMatching(/^[ <>"{}]{0,20}$/)
    fc.assert(
      fc.property(value, plain, plain, (text, before, after) => {
        const written = forms[name]?.(text.trim()) ?? ''
        const { text: scrubbed, count } = scrubber([Secret.of(text)])(`${before}<${written}>${after}`)
        expect(scrubbed).toBe(`${before}<[redacted]>${after}`)
        expect(count).toBe(1)
      }),
    )
  })

  it('takes it out of the base64 of something longer, wherever it is in there', () => {
    fc.assert(
      fc.property(value, fc.string({ maxLength: 9 }), fc.string({ maxLength: 9 }), (text, before, after) => {
        const secret = text.trim()
        const written = Buffer.from(`${before}${secret}${after}`).toString('base64')
        const { text: scrubbed, count } = scrubber([Secret.of(secret)])(written)
        expect(count).toBe(1)
        const bits = Buffer.from(scrubbed.replace('[redacted]', ''), 'base64').toString('latin1')
        expect(bits.length).toBeLessThanOrEqual(Buffer.byteLength(before) + Buffer.byteLength(after) + 2)
      }),
    )
  })

  const cases: Readonly<Record<string, (text: string) => string>> = {
    'as it is': (text) => text,
    'in capitals': (text) => text.toUpperCase(),
    'in small letters': (text) => text.toLowerCase(),
  }
  const fragmentOf = fc.record({
    value: fc.stringMatching(/^[A-Za-z0-9_./ "&-]{16,60}$/).filter((text) => text.trim().length >= 16),
    from: fc.nat(60),
    length: fc.integer({ min: 8, max: 60 }),
  })

  describe.each(Object.keys(cases))('M7: with a value that a service cut, %s,', (inCase) => {
    it.each(Object.keys(forms))('removes the fragment %s', (name) => {
      fc.assert(
        fc.property(fragmentOf, ({ value: text, from, length }) => {
          const secret = text.trim()
          const start = Math.min(from, secret.length - 8)
          const fragment = secret.slice(start, start + length)
          fc.pre(/\S/.test(fragment))
          // Nothing but a filler.
          fc.pre(new Set(fragment.toLowerCase()).size > 2)
          const written = forms[name]?.(cases[inCase]?.(fragment) ?? '') ?? ''
          const { text: scrubbed } = scrubber([Secret.of(secret)])(`<${written}>`)
          expect(scrubbed).toMatch(/^<\s*\[redacted\]\s*>$/)
        }),
      )
    })
  })

  const url = tagged('https://api.example.com/hooks/T0AbCd/9fKq27Zx')
  const pem = `-----BEGIN PRIVATE KEY-----\n${tagged('MIIEvQIBADANBgkqhkiG9w0')}\n-----END PRIVATE KEY-----`
  const padded = `${tagged('k3y-9fKq27Zx')}==========`
  const commonTexts = [
    'See https://docs.vault.test/ and HTTPS://www.vault.test.',
    `Basic ${Buffer.from('https://').toString('base64')}`,
    '-----BEGIN PRIVATE KEY-----',
    '=========='.repeat(8),
  ]

  it('leaves text that a value shares with every other: a scheme, the lines around a key, a filler', () => {
    const scrub = scrubber([url, pem, padded].map((one) => Secret.of(one)))
    for (const text of commonTexts) expect(scrub(text)).toEqual({ text, count: 0 })
  })

  it('leaves what the reader knows, such as the host that was called, and takes out the rest of the URL', () => {
    const scrub = scrubber([Secret.of(url)], ['https://api.example.com/'])
    expect(scrub('https://api.example.com/status').text).toBe('https://api.example.com/status')
    expect(scrub(`no route ${url}`).text).toBe('no route [redacted]')
    expect(scrub('path /hooks/T0AbCd/').text).toBe('path [redacted]')
  })

  it('leaves two characters that repeat, beside nothing of the value, and indentation', () => {
    const lined = Secret.of(`${tagged('k3y-9fKq27Zx')}-=-=-=-=-=-=`)
    expect(scrubber([lined])('-=-=-=-=-=')).toEqual({ text: '-=-=-=-=-=', count: 0 })
    const scrub = scrubber([Secret.of(`a${' '.repeat(9)}b`)])
    expect(scrub(`x${' '.repeat(12)}y`).count).toBe(0)
    expect(scrub(`<a${' '.repeat(9)}b>`).text).toBe('<[redacted]>')
  })

  it('takes out common text beside the value, and no character more', () => {
    expect(scrubber([Secret.of(padded)])(`<${padded}z`)).toEqual({ text: '<[redacted]z', count: 1 })
  })

  it('takes out a value with a letter that is two in capitals', () => {
    const word = tagged('straße-schlüssel')
    expect(scrubber([Secret.of(word)])(`<${word.toUpperCase()}>`).text).toBe('<[redacted]>')
  })

  it.each(['\uffffabcdefg', '\u{10ffff}abcdef'])('takes out a value with the last character of a plane: %j', (text) => {
    for (const written of [text, encodeURIComponent(text)]) {
      expect(scrubber([Secret.of(text)])(`<${written}>`).text).toBe('<[redacted]>')
    }
  })

  it('leaves bytes of a URL that are no text, and takes out the value beside them', () => {
    const written = encodeURIComponent(tagged('k3y 9fKq/27Zx'))
    const { text } = scrubber([Secret.of(tagged('k3y 9fKq/27Zx'))])(`%ff%c3${written}%80%FE`)
    expect(text).toBe('%ff%c3[redacted]%80%FE')
  })

  it('takes out a value that is nothing but common text', () => {
    for (const value of ['00000000', 'https://www.', 'abababababab']) {
      expect(scrubber([Secret.of(value)])(`<${value}>`)).toEqual({ text: '<[redacted]>', count: 1 })
    }
  })

  it('M7: shows no slice of a credential beside common text, however the text is cut into other texts', () => {
    const pieces = fc.array(fc.tuple(fc.nat(70), fc.integer({ min: 1, max: 60 }), fc.string({ maxLength: 5 })))
    const parts = { [url]: url.slice('https://api.'.length), [padded]: padded.replace(/=+$/, '') }
    fc.assert(
      fc.property(fc.constantFrom(...Object.entries(parts)), pieces, ([value, credential], cuts) => {
        const text = cuts.map(([from, length, between]) => value.slice(from, from + length) + between).join('')
        const { text: scrubbed } = scrubber([Secret.of(value)])(text)
        for (let at = 0; at + 8 <= credential.length; at++) {
          expect(scrubbed).not.toContain(credential.slice(at, at + 8))
        }
      }),
    )
  })

  it('M7: removes base64 digits and hexadecimal digits of a value whose case a service changed', () => {
    fc.assert(
      fc.property(value, fc.constantFrom('base64', 'base64url', 'hex'), (text, encoding) => {
        const written = Buffer.from(text.trim()).toString(encoding as BufferEncoding)
        const lost = written.replace(/=+$/, '')
        for (const changed of [lost.toUpperCase(), lost.toLowerCase()]) {
          const { text: scrubbed } = scrubber([Secret.of(text)])(changed)
          expect(scrubbed.replace('[redacted]', '').length).toBeLessThanOrEqual(2)
        }
      }),
    )
  })

  it('M7: removes the base64 digits of a value inside of something longer, whose case a service changed', () => {
    const around = fc.string({ unit: fc.constantFrom('q', 'w', 'z'), maxLength: 5 })
    fc.assert(
      fc.property(value, around, around, (text, before, after) => {
        const secret = text.trim()
        const written = Buffer.from(`${before}${secret}${after}`).toString('base64').replace(/=+$/, '')
        const { text: scrubbed } = scrubber([Secret.of(secret)])(written.toLowerCase())
        // A digit that also has bits of the text beside the value can stay.
        const from = Math.ceil((before.length * 8) / 6)
        const to = Math.floor(((before.length + Buffer.byteLength(secret)) * 8) / 6)
        expect(scrubbed.replace('[redacted]', '').length).toBeLessThanOrEqual(from + written.length - to)
      }),
    )
  })

  it('M7: shows no eight characters of a value, however the text is cut into other texts', () => {
    const pieces = fc.array(fc.tuple(fc.nat(40), fc.integer({ min: 1, max: 40 }), fc.string({ maxLength: 5 })))
    const secret = tagged('sk_live_51H8xJ2eZvKYlo2C0aBcDeF')
    fc.assert(
      fc.property(pieces, (cuts) => {
        const text = cuts.map(([from, length, between]) => secret.slice(from, from + length) + between).join('')
        const { text: scrubbed } = scrubber([Secret.of(secret)])(text)
        for (let at = 0; at + 8 <= secret.length; at++) expect(scrubbed).not.toContain(secret.slice(at, at + 8))
      }),
    )
  })

  it('leaves a text as it is that has nothing of the value', () => {
    fc.assert(
      fc.property(value, fc.string({ unit: 'grapheme', maxLength: 400 }), (text, other) => {
        const folded = (given: string) => given.toUpperCase().toLowerCase()
        const fragments = Array.from({ length: text.trim().length - 7 }, (_, at) => text.trim().slice(at, at + 8))
        fc.pre(!fragments.some((fragment) => folded(other).includes(folded(fragment))))
        expect(scrubber([Secret.of(text)])(other)).toEqual({ text: other, count: 0 })
      }),
    )
  })

  it('takes out each of several values, the longer before what it contains, as often as they are there', () => {
    const short = tagged('password')
    const long = `user:${short}:more`
    const scrub = scrubber([Secret.of(short), Secret.of(long)])
    expect(scrub(`${long} ${short}, ${encodeURIComponent(long)}`)).toEqual({
      text: '[redacted] [redacted], [redacted]',
      count: 3,
    })
  })

  it('finds a value that looks escaped itself, and one that is as long as a secret may be', () => {
    const escaped = tagged('100%25 "\\u0041%2')
    for (const written of [escaped, encodeURIComponent(escaped), JSON.stringify(escaped).slice(1, -1)]) {
      expect(scrubber([Secret.of(escaped)])(`<${written}>`)).toEqual({ text: '<[redacted]>', count: 1 })
    }
    const long = tagged('line of a long value\n'.repeat(1_000))
    expect(scrubber([Secret.of(long)])(`<${long}>`)).toEqual({ text: '<[redacted]>', count: 1 })
  })

  const many = Array.from({ length: 5_000 }, (_, at) => String.fromCharCode(33 + ((at * at * 7 + at * 3) % 90))).join(
    '',
  )
  const bodies: Readonly<Record<string, string>> = {
    'has all beginnings of fragments': many.match(/.{1,7}/g)?.join(' ') ?? '',
    'is full of escapes': '%25',
    'is full of escapes of each kind': '&amp;amp;%2525\\\\u0025',
    'is one run of digits': 'deadbeef',
    'is prose': 'The quick brown fox jumps over the lazy dog. ',
    'repeats one character': 'a',
    'repeats the value': many,
  }
  const values = {
    short: tagged('sk_live_51H8xJ'),
    'of thousands of fragments': many,
    repeating: `${'a'.repeat(4_000)}b`,
  }

  it.each(Object.keys(bodies))('M7: takes steps in proportion to a text that %s, whatever the values are', (name) => {
    for (const text of [...Object.values(values).map((one) => [one]), Object.values(values)]) {
      const scrub = scrubber(text.map((one) => Secret.of(one)))
      const stepsFor = (characters: number) => {
        const body = (bodies[name] ?? '').repeat(characters).slice(0, characters)
        const steps = vi.spyOn(Math, 'imul')
        onTestFinished(() => steps.mockRestore())
        scrub(body)
        const { length } = steps.mock.calls
        steps.mockRestore()
        return length
      }
      const [once, twice] = [stepsFor(4_000), stepsFor(8_000)]
      expect(once).toBeGreaterThan(4_000)
      expect(twice).toBeLessThan(once * 2.2)
      expect(twice / 8_000).toBeLessThan(40)
    }
  })

  it('takes no value that is too short to be told from other texts, spaces not counted', () => {
    expect(isScrubbable(Secret.of('1234567 '))).toBe(false)
    expect(isScrubbable(Secret.of('12345678'))).toBe(true)
    expect(() => scrubber([Secret.of('       x       ')])).toThrow('too short')
  })

  it('takes out nothing when there is no value', () => {
    expect(scrubber([])('anything')).toEqual({ text: 'anything', count: 0 })
  })
})

describe('the bytes of an answer', () => {
  it('are searched as text only if they are UTF-8, because another encoding would hide a value', () => {
    expect(searchableText(utf8('Grüße'))).toBe('Grüße')
    expect(searchableText(Buffer.from('secret', 'utf16le'))).toBeNull()
    expect(searchableText(Uint8Array.of(0x61, 0xff))).toBeNull()
  })
})
