import { expect, it } from 'vitest'
import { searchFor, searchForAny } from './index.ts'

it('a search names a way once, also where hexadecimal has no letters to be written large', () => {
  expect(searchFor('eye')(Buffer.from('657965'))).toEqual(['in hexadecimal'])
  expect(searchFor('joke')(Buffer.from('6A6F6B65'))).toEqual(['in hexadecimal'])
  expect(searchFor('joke')(Buffer.from('6a6f6b65 6A6F6B65'))).toEqual(['in hexadecimal', 'in hexadecimal'])
})

it.each(['', 'before '])('one pass for many texts finds what a search for each finds, after %j', (before) => {
  const texts = ['hunter2-one', 'hunter2-two', 'sesame']
  const search = searchForAny(texts)
  for (const text of texts) {
    for (const written of [
      Buffer.from(before + text),
      Buffer.from(before + text, 'utf16le'),
      Buffer.from(before + Buffer.from(text).toString('hex').toUpperCase()),
      ...['', 'x', 'xx'].map((more) => Buffer.from(before + btoa(more + text))),
    ]) {
      expect(search(written)).toEqual(searchFor(text)(written))
      expect(search(written)).toHaveLength(1)
    }
  }
  expect(search(Buffer.from(`${before}hunter2-thr`))).toEqual([])
  expect(search(Buffer.alloc(3))).toEqual([])
})
