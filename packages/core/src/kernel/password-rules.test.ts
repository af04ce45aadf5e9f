import { describe, expect, it } from 'vitest'
import { brokenRules, passwordHint } from './password-rules.ts'

describe('the rules for a new password', () => {
  it.each([
    ['Correct-Horse-7', []],
    ['Äpfel-und-Birnen-7', []],
    ['Ab-7', ['at least 12 characters']],
    ['correct horse battery staple', ['an upper-case letter', 'a digit', 'a symbol']],
    ['CORRECT-HORSE-7', ['a lower-case letter']],
    ['Correct-Hoooorse-7', ['no character three times in a row']],
    ['Correct-Horse-987', ['no three characters in sequence, such as abc or 321']],
    ['Abcorrect-Horse-7', ['no three characters in sequence, such as abc or 321']],
  ])('name what is missing in %s', (password, missing) => {
    expect(brokenRules(password)).toEqual(missing)
  })

  it('are all in the hint, before a person types', () => {
    expect(passwordHint).toBe(
      'A password has at least 12 characters, an upper-case letter, a lower-case letter, a digit, a symbol, no character three times in a row and no three characters in sequence, such as abc or 321.',
    )
  })
})
