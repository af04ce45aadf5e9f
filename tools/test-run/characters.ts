import fc from 'fast-check'

const surrogates = { from: 0xd800, count: 0x800 }

/**
 * Any character of Unicode, as the unit of texts. The unit `binary` of fast-check finds the same, and makes a map of all
 * million characters in each process.
 *
 * @example
 * fc.string({ unit: anyCharacter, maxLength: 200 })
 */
export const anyCharacter: fc.Arbitrary<string> = fc.nat(0x10ffff - surrogates.count).map(
  (at) => String.fromCodePoint(at < surrogates.from ? at : at + surrogates.count),
  (text) => {
    const [character = '', ...more] = typeof text === 'string' ? text : ''
    const code = character.codePointAt(0)
    if (code === undefined || more.length > 0) throw new Error('not one character')
    return code < surrogates.from ? code : code - surrogates.count
  },
)
