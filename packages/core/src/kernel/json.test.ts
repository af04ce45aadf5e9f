import canonicalize from 'canonicalize'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { canonicalJson, legacyCanonicalJson } from './json.ts'

const names = fc.oneof(fc.string(), fc.constantFrom('0', '9', '10', '$ref', '-1', 'a', '__proto__'))
const objects = fc.dictionary(names, fc.oneof(fc.jsonValue(), fc.dictionary(names, fc.jsonValue())))

it('gives the same text for the same value, in whatever order its fields were made', () => {
  fc.assert(
    fc.property(objects, (value) => {
      const reversed = Object.fromEntries(Object.entries(value).reverse())
      expect(canonicalJson(reversed)).toBe(canonicalJson(value))
      expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)))
    }),
  )
})

it('gives what the library gives, also where it does not ask it', () => {
  fc.assert(
    fc.property(objects, (value) => {
      const inOrder = JSON.parse(canonicalJson(value))
      expect(canonicalJson(value)).toBe(canonicalize(value))
      expect(canonicalJson(inOrder)).toBe(canonicalize(value))
    }),
  )
})

it('orders names as RFC 8785 does in section 3.2.3', () => {
  const value = { '\u20ac': 1, '\r': 2, '\ufb33': 3, '1': 4, '\ud83d\ude00': 5, '\u0080': 6, '\u00f6': 7 }
  const order = ['\\r', '1', '\u0080', '\u00f6', '\u20ac', '\ud83d\ude00', '\ufb33']
  expect(canonicalJson(value).match(/(?<=")[^"]+(?=":)/g)).toEqual(order)
})

it('leaves out fields that are undefined', () => {
  expect(canonicalJson({ b: undefined, a: [1, { d: 2, c: undefined }] })).toBe('{"a":[1,{"d":2}]}')
})

it('has a text for half a surrogate pair, whatever the order of the fields', () => {
  const text = '{"a":1,"b":"half \\ud800"}'
  expect(canonicalJson({ a: 1, b: 'half \ud800' })).toBe(text)
  expect(canonicalJson({ b: 'half \ud800', a: 1 })).toBe(text)
})

it('ordered names that look like array indexes by their numbers before it was that of RFC 8785, and first', () => {
  const value = { b: 1, $ref: 2, '10': 3, '9': 4 }
  expect(canonicalJson(value)).toBe('{"$ref":2,"10":3,"9":4,"b":1}')
  expect(legacyCanonicalJson(value)).toBe('{"9":4,"10":3,"$ref":2,"b":1}')
})
