import { expect, it } from 'vitest'
import { searchFor } from './index.ts'

it('a search names a way once, also where hexadecimal has no letters to be written large', () => {
  expect(searchFor('eye')(Buffer.from('657965'))).toEqual(['in hexadecimal'])
  expect(searchFor('joke')(Buffer.from('6A6F6B65'))).toEqual(['in hexadecimal'])
  expect(searchFor('joke')(Buffer.from('6a6f6b65 6A6F6B65'))).toEqual(['in hexadecimal', 'in hexadecimal'])
})
