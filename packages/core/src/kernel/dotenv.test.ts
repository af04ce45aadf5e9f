import { parseEnv as nodeParseEnv } from 'node:util'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { anyCharacter } from '../../../../tools/test-run/characters.ts'
import { formatEnv, isEnvName, parseEnv, readEnv } from './dotenv.ts'

describe('an environment as text', () => {
  test('is read as people write it', () => {
    const text = [
      '# the database',
      '',
      'DB_HOST=db.internal',
      '  export DB_USER = reporter  ',
      'DB_PASSWORD=hash#inside # and a comment',
      "SINGLE='as it $stands \\n'",
      'DOUBLE="two\\nlines and a \\"quote\\""',
      'BACK=`with \'both\' "quotes"`',
      'EMPTY=',
      'COMMENTED= # nothing',
      'CERT="-----BEGIN-----',
      'abc',
      '-----END-----"',
      'no entry at all',
      'DB_HOST=db2.internal',
    ].join('\r\n')
    expect(parseEnv(text)).toEqual({
      DB_HOST: 'db2.internal',
      DB_USER: 'reporter',
      DB_PASSWORD: 'hash#inside',
      SINGLE: 'as it $stands \\n',
      DOUBLE: 'two\nlines and a "quote"',
      BACK: 'with \'both\' "quotes"',
      EMPTY: '',
      COMMENTED: '',
      CERT: '-----BEGIN-----\r\nabc\r\n-----END-----',
    })
  })

  test('says which lines it does not hold, and which names come twice', () => {
    const text = [
      ...['# a comment', 'A=1', '', 'bad line', '  # another', 'B="two', 'lines"', '1C=3', 'A=2', '=4', 'D="open'],
      ...['A=3', 'the rest'],
    ]
    for (const end of ['\n', '\r\n', '\r']) {
      const { env, repeated, unreadable } = readEnv(text.join(end))
      expect(env).toEqual({ A: '3', B: `two${end}lines`, D: '"open' })
      expect([repeated, unreadable]).toEqual([['A'], [4, 8, 10, 13]])
    }
    expect(readEnv('')).toEqual({ env: {}, repeated: [], unreadable: [] })
  })

  const name = fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_]{0,20}$/)

  test('comes back as it was, whatever the values are', () => {
    fc.assert(
      fc.property(fc.dictionary(name, fc.string({ unit: anyCharacter })), (env) => {
        expect(parseEnv(formatEnv(env))).toEqual({ ...env })
      }),
    )
  })

  test('is read by Node as it is by us, where Node knows a way to write it', () => {
    // Node knows no escape but \n, so what needs another has no text that it would read back.
    const value = fc.string({ unit: 'grapheme-ascii' }).filter((text) => !/['\\]/.test(text))
    fc.assert(
      fc.property(fc.dictionary(name, value), (env) => {
        expect(nodeParseEnv(formatEnv(env))).toEqual({ ...env })
      }),
    )
  })

  test('takes no time to speak of, however long and wrong the text is', () => {
    for (const text of [
      'A="'.repeat(20_000),
      `A=${' '.repeat(100_000)}x`,
      `A=${' #'.repeat(50_000)}`,
      "A='\\".repeat(20_000),
    ]) {
      expect(Object.keys(parseEnv(text)).length).toBeLessThanOrEqual(1)
    }
  })

  test('has names that every shell takes', () => {
    expect(['A', '_a1', 'DB_HOST'].every(isEnvName)).toBe(true)
    expect(['', '1A', 'A-B', 'A B', 'A=B', 'Ä'].some(isEnvName)).toBe(false)
  })
})
