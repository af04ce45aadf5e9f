import { describe, expect, it } from 'vitest'
import { namesIn, type Units } from './json-names.ts'

// Goal: the names of arguments are found in any text, and no text makes the search slow. Method: texts that are no JSON, and a
// text that counts how often it is read.

const found = (text: string) => namesIn(text).map(({ start, end }) => text.slice(start, end))

/** Each unit is read once as a part of a string or of a space, and the unit after them once more. */
const readsMax = 3

describe('the names in a JSON text', () => {
  it.each([
    ['each name with its colon', '{"a": "b", "c" : [{"d":1}]}', ['"a":', '"c" :', '"d":']],
    ['a name with escapes', '{"a\\"b": 1, "c\\\\": 2}', ['"a\\"b":', '"c\\\\":']],
    ['a colon in a value', '{"a": "b: c"}', ['"a":']],
    ['a space that JSON does not know', '{"a"\u2028: 1}', ['"a"\u2028:']],
    ['a list of values', '["a", "b"]', []],
    ['a string without an end', '{"a": "b, c: d', ['"a":']],
    ['a name without an end', '{"a": 1, "b', ['"a":']],
    ['a backslash at the end', '{"a": "b\\', ['"a":']],
    ['a quote after a backslash at the end', '["\\"', []],
    ['nothing', '', []],
  ])('are these: %s', (_, text, names) => {
    expect(found(text)).toEqual(names)
  })

  it.each([
    ['escaped quotes', '[', '\\"'],
    ['escaped quotes in a string', '["', '\\"'],
    ['quotes', '[', '"'],
    ['backslashes', '["', '\\'],
    ['spaces after a string', '[""', ' '],
    ['strings with spaces', '[', '""  '],
    ['names', '{', '"":'],
  ])('take a time that grows with the text: %s', (_, start, block) => {
    const text = start + block.repeat(2_000)
    let reads = 0
    const counting: Units = {
      length: text.length,
      charCodeAt(at) {
        reads++
        return text.charCodeAt(at)
      },
    }
    namesIn(counting)
    expect(reads).toBeLessThanOrEqual(readsMax * text.length)
  })
})
