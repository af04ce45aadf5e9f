import type { Random } from '../../ports/random.ts'

const lower = 'abcdefghijklmnopqrstuvwxyz'
const digits = '0123456789'
const alphanumeric = lower.toUpperCase() + lower + digits

/** Alphabets of generated values. The length counts characters. */
export const alphabets = {
  hex: `${digits}abcdef`,
  base64: `${alphanumeric}+/`,
  alphanumeric,
  ascii: Array.from({ length: 94 }, (_, at) => String.fromCharCode(33 + at)).join(''),
} as const

export type Charset = keyof typeof alphabets

/** Every text of this length has the same probability. Bytes that would favour some characters are discarded. */
export function generateText(random: Random, length: number, charset: Charset): string {
  const alphabet = alphabets[charset]
  const fair = 256 - (256 % alphabet.length)
  let text = ''
  while (text.length < length) {
    for (const byte of random.bytes(length)) {
      if (byte < fair && text.length < length) text += alphabet[byte % alphabet.length]
    }
  }
  return text
}
