import { tagged } from '@pawl/testkit/canary'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { concat, fromUtf8, utf8 } from './bytes.ts'
import { isRedactable, Redactor } from './redactor.ts'
import { Secret } from './secret.ts'

// Goal: no byte of a known value goes through, everything else does, and how a text is cut changes nothing.
// Method: values and texts of few characters, so that values overlap, and each way to write a value between other texts.

const marker = (at: number) => `[REDACTED:#${at.toString(16).padStart(8, '0')}]`
const redactorOf = (...values: readonly string[]) =>
  Redactor.of(values.map((value, at) => ({ value: Secret.of(value), marker: marker(at) })))

const unit = fc.constantFrom('a', 'b', '"', '\\', 'é', '€', '😀', '/', ' ')
const aValue = fc.string({ unit, minLength: 8, maxLength: 14 }).filter((text) => isRedactable(Secret.of(text)))
const valuesOf = fc.array(aValue, { minLength: 1, maxLength: 5 })

const inJson = (text: string) => JSON.stringify(text).slice(1, -1)
const forms: Readonly<Record<string, (text: string) => string>> = {
  'as it is': (text) => text,
  'in a URL': (text) => encodeURIComponent(text),
  'in a URL in small letters': (text) => encodeURIComponent(text).replace(/%../g, (byte) => byte.toLowerCase()),
  'in a form': (text) => new URLSearchParams({ a: text }).toString().slice(2),
  'in JSON': inJson,
  'in JSON in JSON': (text) => inJson(inJson(text)),
  'in JSON for HTML': (text) => inJson(text).replaceAll('/', '\\/'),
  'in JSON of ASCII': (text) =>
    inJson(text).replace(/[^\0-\x7f]/g, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`),
  'in HTML': (text) =>
    text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;'),
  'in hexadecimal': (text) => Buffer.from(text).toString('hex'),
  'in capital hexadecimal': (text) => Buffer.from(text).toString('hex').toUpperCase(),
  'in base64': (text) => Buffer.from(text).toString('base64'),
  'in base64 of URLs': (text) => Buffer.from(text).toString('base64url'),
}

/** A text with values in it, written in some way, and also parts of values. */
const textWith = (values: readonly string[]) =>
  fc
    .array(
      fc.oneof(
        fc.string({ unit, maxLength: 6 }),
        fc
          .tuple(fc.constantFrom(...values), fc.constantFrom(...Object.values(forms)))
          .map(([value, written]) => written(value)),
        fc
          .tuple(fc.constantFrom(...values), fc.nat(12))
          .map(([value, length]) => Array.from(value).slice(0, length).join('')),
      ),
      { maxLength: 8 },
    )
    .map((parts) => parts.join(''))

const example = valuesOf.chain((values) =>
  fc.tuple(fc.constant(values), textWith(values), fc.array(fc.nat(), { maxLength: 12 })),
)

const piecesOf = <T>(length: number, cuts: readonly number[], slice: (from: number, to: number) => T): T[] => {
  const places = [0, ...cuts.map((cut) => cut % (length + 1)), length].sort((a, b) => a - b)
  return places.slice(1).map((to, at) => slice(places[at] as number, to))
}

describe('a redactor', () => {
  it.each(Object.keys(forms))('replaces a value %s', (name) => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 8, maxLength: 60 }), (text) => {
        fc.pre(isRedactable(Secret.of(text)))
        const { text: out, count } = redactorOf(text).whole(`<${forms[name]?.(text.trim())}>`)
        // The last digit of base64 has bits of what follows too.
        expect(out).toMatch(/^<\[REDACTED:#00000000\].{0,1}=*>$/)
        expect(count).toBe(1)
      }),
    )
  })

  it('finds the password within the header of basic authentication', () => {
    const password = tagged('correct-horse-battery')
    for (const user of ['a', 'ab', 'abc', 'abcd']) {
      const header = `Authorization: Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`
      const { text } = redactorOf(password).whole(header)
      const left = Buffer.from(text.replace(/^.*Basic /, '').replace(/\[.*\].?=*/, ''), 'base64').toString()
      expect(`${user}:${password}`).toContain(left.replace(/[^ -~]/g, ''))
      expect(left.length).toBeLessThanOrEqual(user.length + 2)
    }
  })

  it('H3: gives for every cut of a text the output of the whole text, in bytes', () => {
    fc.assert(
      fc.property(example, ([values, text, cuts]) => {
        const redactor = redactorOf(...values)
        const bytes = utf8(text)
        const stream = redactor.stream()
        const out = piecesOf(bytes.length, cuts, (from, to) => stream.push(bytes.subarray(from, to)))
        const whole = redactor.whole(text)
        expect(fromUtf8(concat(...out, stream.end()))).toBe(whole.text)
        expect(stream.count).toBe(whole.count)
      }),
    )
  })

  it('H3: gives for every cut of a text the output of the whole text, in characters and between surrogates', () => {
    fc.assert(
      fc.property(example, ([values, text, cuts]) => {
        const redactor = redactorOf(...values)
        const stream = redactor.textStream()
        const out = piecesOf(text.length, cuts, (from, to) => stream.push(text.slice(from, to)))
        expect([...out, stream.end()].join('')).toBe(redactor.whole(text).text)
      }),
    )
  })

  it('H4: withholds the longest beginning of a value and nothing more', () => {
    const redactor = redactorOf('abcdefgh', 'defghijklmnop')
    const stream = redactor.textStream()
    expect(stream.push('hello abcde')).toBe('hello ')
    expect(stream.held).toBe(5)
    expect(stream.push('!')).toBe('abcde!')
    expect(stream.push('abcdefgh')).toBe('')
    expect(stream.push('.')).toBe(`${marker(0)}.`)
    expect(stream.end()).toBe('')
  })

  it('leaves no byte of any value where values overlap', () => {
    fc.assert(
      fc.property(valuesOf, fc.string({ unit, maxLength: 60 }), (values, text) => {
        const places = redactorOf(...values).find(text)
        const covered = Array.from(text, () => false)
        for (const value of values.map((one) => one.trim())) {
          for (let at = text.indexOf(value); at !== -1; at = text.indexOf(value, at + 1))
            covered.fill(true, at, at + value.length)
        }
        for (const [at, isCovered] of covered.entries()) {
          if (isCovered) expect(places.some(({ start, end }) => start <= at && at < end)).toBe(true)
        }
      }),
    )
  })

  it('leaves a text as it is that has no value in it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 300 }), (text) => {
        expect(redactorOf(tagged('sk_live_51H8xJ2eZvKYlo2C')).whole(text)).toEqual({ text, count: 0 })
      }),
    )
  })

  it('replaces a value of many lines as one, however long it is, up to its limit', () => {
    const long = tagged(Array.from({ length: 300 }, (_, at) => `line ${at} of “a long” value`).join('\n'))
    for (const written of Object.values(forms)) {
      const { text } = redactorOf(long).whole(`<${written(long)}>`)
      expect(text).toMatch(/^<\[REDACTED:#00000000\].?=*>$/)
    }
  })

  it('names the value that begins first, and of these the longest', () => {
    expect(redactorOf('abcdefgh', 'abcdefghij').whole('abcdefghij').text).toBe(marker(1))
    expect(redactorOf('efghijkl', 'abcdefgh').whole('abcdefghijkl').text).toBe(marker(1))
  })

  it('takes no value that is too short to be told from other texts', () => {
    expect(() => redactorOf(' 1234567 ')).toThrow('too short')
  })

  it('has other markers for the same values, and finds nothing after they were overwritten', () => {
    const redactor = redactorOf('hunter22')
    const other = redactor.remarked((one) => one.replace('REDACTED', 'KNOWN'))
    expect(other.whole('hunter22').text).toBe('[KNOWN:#00000000]')
    redactor.wipe()
    expect(other.whole('hunter22').text).toBe('hunter22')
  })
})
