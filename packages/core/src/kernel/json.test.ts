import fc from 'fast-check'
import { expect, it } from 'vitest'
import { canonicalJson } from './json.ts'

it('gives the same text for the same value, in whatever order its fields were made', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
      const reversed = Object.fromEntries(Object.entries(value).reverse())
      expect(canonicalJson(reversed)).toBe(canonicalJson(value))
      expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)))
    }),
  )
})

it('leaves out fields that are undefined', () => {
  expect(canonicalJson({ b: undefined, a: [1, { d: 2, c: undefined }] })).toBe('{"a":[1,{"d":2}]}')
})
