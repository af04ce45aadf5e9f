import { expect, it } from 'vitest'
import { needleOf, needlesIn } from './needles.ts'

it('a needle is found where indexOf finds it, from every position', () => {
  const needles = ['a', 'aba', '.env', 'x.x', '..', '/a/a', 'é.', 'ß']
  const haystacks = ['', 'ababa', 'a.env.env', 'x.x.x', '...', '/a/a/a', 'é.é.', 'ßß', 'none of it']
  for (const text of needles) {
    for (const haystack of haystacks) {
      for (let from = 0; from <= haystack.length; from++) {
        expect(needleOf(text).next(haystack, from), `${text} in ${haystack} from ${from}`).toBe(
          haystack.indexOf(text, from),
        )
      }
    }
  }
})

it('a needle that is empty is none', () => {
  expect(needlesIn((text) => text.toLowerCase())(['', 'A']).map(({ text }) => text)).toEqual(['a'])
})
