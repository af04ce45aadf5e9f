import type { Random } from '../../ports/random.ts'

const lower = 'abcdefghijklmnopqrstuvwxyz'
const digits = '0123456789'
const alphanumeric = lower.toUpperCase() + lower + digits

/** What a generated value is made of. The length counts characters, whatever the alphabet. */
export const alphabets = {
  hex: `${digits}abcdef`,
  base64: `${alphanumeric}+/`,
  alphanumeric,
  ascii: Array.from({ length: 94 }, (_, at) => String.fromCharCode(33 + at)).join(''),
} as const

export type Charset = keyof typeof alphabets

/** Every text of this length is as likely as any other: bytes that would favour some characters are thrown away. */
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
