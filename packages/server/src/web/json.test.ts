import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseJson } from './json.ts'

const parse = (text: string) => parseJson(Buffer.from(text))

describe('a body', () => {
  test('parseJson(JSON.stringify(value)) ≡ value', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 8 }), (value) => {
        const text = JSON.stringify(value)
        expect(parse(text)).toEqual(JSON.parse(text))
      }),
    )
  })

  test('that is not JSON is refused without a word of it', () => {
    for (const text of ['hunter2', '{"value": hunter2}', '{"hunter2', '"hunter2', '[1,]', '\u{feff}{}']) {
      expect(() => parse(text)).toThrow(/^The body is not valid JSON\.$/)
    }
  })

  test('that is not UTF-8 is refused, not repaired: a repaired secret is another secret', () => {
    expect(() => parseJson(Uint8Array.of(0x22, 0xff, 0x22))).toThrow('not UTF-8')
  })

  test('G2: may be nested 32 levels deep and no deeper', () => {
    const nested = (levels: number) => '['.repeat(levels) + ']'.repeat(levels)
    expect(parse(nested(32))).toBeDefined()
    expect(() => parse(nested(33))).toThrow('more than 32 levels deep')
    expect(() => parse('{"a":'.repeat(100_000))).toThrow('more than 32 levels deep')
  })

  test('G2: may have 10,000 keys and no more, wherever they stand', () => {
    const keys = (count: number) => Array.from({ length: count }, (_, at) => `"k${at}":0`).join(',')
    expect(Object.keys(parse(`{${keys(10_000)}}`) as object)).toHaveLength(10_000)
    expect(() => parse(`{${keys(10_001)}}`)).toThrow('more than 10000 keys')
    const objects = Array.from({ length: 10_001 }, () => '{"a":1}').join(',')
    expect(() => parse(`[${objects}]`)).toThrow('more than 10000 keys')
  })

  test('G2: may not be a million values', () => {
    expect(() => parse(`[${'"",'.repeat(1_000_000)}""]`)).toThrow('more than 50000 values')
  })

  test('may have brackets, colons, commas and escaped quotes in its strings', () => {
    const text = '[{:,"\\'.repeat(20_000)
    expect(parse(JSON.stringify({ text }))).toEqual({ text })
    expect(parse(JSON.stringify({ text: '\\' }))).toEqual({ text: '\\' })
    expect(parse('["\\\\\\"[[["]')).toEqual(['\\"[[['])
  })

  test('of five megabytes is read once, whatever is in it: to go back in it again and again would not end', () => {
    const bytes = 5 * 1024 * 1024
    const bodies = [
      '\\'.repeat(bytes),
      `"${'\\"'.repeat(bytes / 2)}`,
      `"${'\\'.repeat(bytes)}`,
      `"${'x'.repeat(bytes)}`,
    ]
    for (const text of bodies) expect(() => parse(text)).toThrow('not valid JSON')
  })

  test('may say "__proto__", which is a name like any other', () => {
    const value = parse('{"__proto__": {"admin": true}, "__proto__": {"admin": 1}}') as Record<string, unknown>
    expect(value.admin).toBeUndefined()
    expect(Object.keys(value)).toEqual(['__proto__'])
    expect(({} as Record<string, unknown>).admin).toBeUndefined()
  })
})
