import { expect, it } from 'vitest'
import { canonicalJson } from './json.ts'

it('writes the members of each object in the order of their names, also of names that are numbers', () => {
  const value = { b: [{ d: 1, c: null }, 'x', -0], 10: true, 9: 1e21, a: {}, ['__proto__']: 'own' }
  const text = '{"10":true,"9":1e+21,"__proto__":"own","a":{},"b":[{"c":null,"d":1},"x",0]}'
  expect(canonicalJson(value)).toBe(text)
  expect(canonicalJson(JSON.parse(text))).toBe(text)
})

it('leaves out what JSON leaves out', () => {
  expect(canonicalJson({ a: undefined, b: [undefined] })).toBe(JSON.stringify({ a: undefined, b: [undefined] }))
})
