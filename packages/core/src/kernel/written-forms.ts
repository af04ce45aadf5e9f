import { base64, concat, hex, utf8 } from './bytes.ts'

// The forms in which programs write a value into another text. A search for the value must search for each form.

/**
 * The value itself, and the value as JSON, a URL, a form, HTML, hexadecimal and base64 write it.
 *
 * Of base64, the digits that depend on nothing but the value, for each position that the value can have in the encoded
 * bytes. So a value is found within an encoded text too, such as the password of `Authorization: Basic`.
 *
 * @example
 * writtenForms('a/b') // Set { 'a/b', 'a\\/b', 'a%2Fb', '612f62', '612F62', 'YS9i', … }
 */
export function writtenForms(value: string): Set<string> {
  const bytes = utf8(value)
  const inHex = hex(bytes)
  const json = asJson(value)
  const url = percentEncoded(value, /[^A-Za-z0-9\-_.!~*'()]/gu)
  const form = percentEncoded(value, /[^A-Za-z0-9\-_.*]/gu)
  const forms = new Set([
    ...[value, json, asJson(json), json.replaceAll('/', '\\/'), asciiJson(value), asciiJson(asciiJson(value))],
    ...[url, form, form.replaceAll('%20', '+'), percentEncoded(value, /[^A-Za-z0-9\-_.~]/gu)],
    ...[lowerEscapes(url), lowerEscapes(form), lowerEscapes(form).replaceAll('%20', '+')],
    ...asHtml(value),
    ...[inHex, inHex.toUpperCase()],
  ])
  for (const bytesBefore of [0, 1, 2]) {
    const digits = base64Within(bytes, bytesBefore)
    forms.add(digits)
    forms.add(digits.replaceAll('+', '-').replaceAll('/', '_'))
  }
  return forms
}

/** The base64 digits that depend on nothing but the bytes, after a number of other bytes. */
function base64Within(bytes: Uint8Array, bytesBefore: number): string {
  const bitsBefore = bytesBefore * 8
  const digits = base64(concat(new Uint8Array(bytesBefore), bytes))
  return digits.slice(Math.ceil(bitsBefore / 6), Math.floor((bitsBefore + bytes.length * 8) / 6))
}

function asJson(value: string): string {
  return JSON.stringify(value).slice(1, -1)
}

/** As encoders write it that produce nothing but ASCII, such as the one of Python. */
function asciiJson(value: string): string {
  return asJson(value).replace(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

function percentEncoded(value: string, escaped: RegExp): string {
  return value.replace(escaped, (character) =>
    Array.from(utf8(character), (byte) => `%${hex(Uint8Array.of(byte)).toUpperCase()}`).join(''),
  )
}

function lowerEscapes(text: string): string {
  return text.replace(/%[0-9A-F]{2}/g, (digits) => digits.toLowerCase())
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
const apostrophes = ["'", '&#39;', '&#039;', '&#x27;', '&apos;']

/** Encoders differ in whether they escape quotes, and in how they write an apostrophe. */
function asHtml(value: string): string[] {
  const escaped = (signs: RegExp) => value.replace(signs, (sign) => entities[sign] as string)
  const quoted = escaped(/[&<>"]/g)
  return [escaped(/[&<>]/g), ...apostrophes.map((apostrophe) => quoted.replaceAll("'", apostrophe))]
}
