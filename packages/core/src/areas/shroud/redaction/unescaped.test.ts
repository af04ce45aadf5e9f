import { describe, expect, it } from 'vitest'
import { CountedMatcher } from '../../../../test/counted-matcher.ts'
import { escapes, layersMax, repeatedEscapes, unescaped } from './unescaped.ts'

// Goal: a value in escapes is found as the value, at its place, and no text makes the search slow. Method: one word in each
// notation, and a matcher that counts its steps on texts of what the patterns are made of.

const word = 'keys\\are-here'
const each = (write: (hex: string, code: number) => string) =>
  Array.from(word, (one) => write(one.charCodeAt(0).toString(16).padStart(2, '0'), one.charCodeAt(0))).join('')

describe('a text in escapes', () => {
  it.each([
    ['\\x41', each((hex) => `\\x${hex}`)],
    ['\\\\x41', each((hex) => `\\\\x${hex}`)],
    ['\\\\\\\\u0041', each((hex) => `\\\\\\\\u00${hex}`)],
    ['\\u{000041}', each((hex) => `\\u{00000${hex}}`)],
    ['\\101', each((_, code) => `\\${code.toString(8).padStart(3, '0')}`)],
    ['%41', each((hex) => `%${hex}`)],
    ['%2541', each((hex) => `%25${hex}`)],
    ['\\x2541', each((hex) => `\\x25${hex}`)],
    ['&#x41;', each((hex) => `&#x${hex};`)],
    ['&#x0000041;', each((hex) => `&#x00000${hex};`)],
    ['&#65;', each((_, code) => `&#${code};`)],
    ['&#00000065;', each((_, code) => `&#00000${code};`)],
    ['41 42', each((hex) => `${hex} `).trim()],
    ['41, 42', each((hex) => `${hex}, `).slice(0, -2)],
    ['41\\n42', each((hex) => `${hex}\n`).trim()],
    ['0x41 0x42', each((hex) => `0x${hex} `).trim()],
    ['0x41, 0x42', each((hex) => `0x${hex}, `).slice(0, -2)],
    ['0X41,0X42', each((hex) => `0X${hex},`).slice(0, -1)],
    ['a backslash and \\x41', word.replace('a', '\\x61')],
    ['a percent sign and %41', 'keys\\are-here'.replace('r', '%72')],
  ])('is decoded, with the place of each letter: %s', (_, written) => {
    const text = `<${written}>`
    const found = [...unescaped(text)].find((one) => one.text === `<${word}>`)
    expect(found?.origin(1)).toBe(1)
    expect(found?.origin(1 + word.length)).toBe(text.length - 1)
  })

  it('is decoded once too, because a value can look like an escape', () => {
    expect([...unescaped('%61bc%2541def')].map(({ text }) => text)).toEqual(['abc%41def', 'abcAdef'])
    expect([...unescaped('pass\\\\x77ord')].map(({ text }) => text)).toEqual(['pass\\word', 'password'])
  })

  it('is decoded until no escape is left, with the place of each letter', () => {
    const nested = '<k%25255Cx65ys>'
    const layers = [...unescaped(nested)]
    expect(layers.map(({ text }) => text)).toEqual(['<k%255Cx65ys>', '<k%5Cx65ys>', '<k\\x65ys>', '<keys>'])
    const last = layers.at(-1)
    expect([2, 3, 6].map((at) => last?.origin(at))).toEqual([2, 12, nested.length])
  })

  it.each([' ', ':', ', ', '\n', '\u00a0', '\u3000'])(
    'is decoded at every place of a long text: bytes with %j',
    (separator) => {
      const bytes = Array.from('password', (one) => one.charCodeAt(0).toString(16)).join(separator)
      for (let before = 0; before < 60; before++) {
        const text = `${'.'.repeat(before)}${bytes}${'.'.repeat(60 - before)}`
        expect([...unescaped(text)].at(-1)?.text).toBe(text.replace(bytes, 'password'))
      }
    },
  )

  it('has a limited number of layers', () => {
    const nested = `%${'25'.repeat(40)}41`
    expect([...unescaped(nested)]).toHaveLength(layersMax + 1)
  })

  it.each(['', 'no escapes', 'the year 2026', '\\u{1f600}', '&#x1f600;', '0x41 0x42'])(
    'is nothing without escapes: %s',
    (text) => {
      expect([...unescaped(text)]).toEqual([])
    },
  )
})

/** Steps for each character of a text, at most. */
const stepsMax = 250

describe('the patterns of escapes', () => {
  const blocks = [
    ...['\\', '\\\\x', '\\u{', '\\u{0', '0', '&#', '&#x', '&#x0', '&#0', '%', '%2', '41', '41 ', '0x', '0x4', '0x41, '],
    ...['41 41 41 41 41 41 41   ', '41,,,', ' ', '\\0', '\\U0000004'],
  ]
  const starts = ['', '\\u{', '&#x', '&#', '41 ', '\\']

  it.each([
    ['one backslash', escapes],
    ['all backslashes', repeatedEscapes],
  ])('take few steps for each character, whatever the text is: %s', (_, pattern) => {
    const matcher = new CountedMatcher(pattern, { unbounded: true })
    for (const text of starts.flatMap((start) => blocks.map((block) => start + block.repeat(400 / block.length)))) {
      matcher.steps = 0
      for (let at = 0; at < text.length; ) at = Math.max(at + 1, matcher.match(text, at))
      expect(matcher.steps / text.length, text).toBeLessThan(stepsMax)
    }
  })
})
