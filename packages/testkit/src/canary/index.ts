// Every secret of a test carries a tag that is nowhere else in the world. So a file, a log or a heap is clean when the
// tag is not found in it.

/** In pieces, so that a copy of this file is not taken for a leak. */
const tag = ['k7Vq', '2mXw', '9Rt4', 'zL6p'].join('')

/**
 * A tagged secret for a test, with any text. Use it as a value, as a passphrase or, with a separator before its tag, as a
 * password.
 *
 * @example
 * await owner.secrets.put({ vault_id, path: 'db/password', value: tagged('hunter2') })
 */
export function tagged(text: string): string {
  return `${text}-${tag}`
}

/**
 * The forms in which tagged secrets occur in the data: in clear or encoded (such as base64). Empty when there is none.
 *
 * @example
 * expect(tagsIn(await readFile('vault.db'))).toEqual([])
 */
export const tagsIn: Search = searchFor(tag)

/** Names the forms in which a text occurs in the bytes. */
export type Search = (bytes: Uint8Array) => string[]

/**
 * The same for any text, such as a key that the engine made.
 *
 * @example
 * const search = searchFor(api_key.reveal())
 * expect(search(await readFile('vault.db'))).toEqual([])
 */
export function searchFor(text: string): Search {
  const needles = encodingsOf(text)
  return (bytes) => {
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
    return needles.flatMap(([name, needle]) => (buffer.includes(needle) ? [name] : []))
  }
}

/** The same for many texts, in one pass over the bytes. Each text has at least four bytes. */
export function searchForAny(texts: readonly string[]): Search {
  const byStart = new Map<number, [name: string, needle: Buffer][]>()
  /** The first two bytes exclude most positions. */
  const begins = new Uint8Array(2 ** 16)
  for (const [name, needle] of texts.flatMap(encodingsOf)) {
    const start = needle.readUInt32BE()
    byStart.set(start, [...(byStart.get(start) ?? []), [name, needle]])
    begins[start >>> 16] = 1
  }
  return (bytes) => {
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
    const found = new Set<string>()
    for (let at = 0, two = 0; at < buffer.length; at++) {
      two = ((two << 8) | (buffer[at] ?? 0)) & 0xffff
      if (begins[two] === 0 || at === 0 || at + 3 > buffer.length) continue
      for (const [name, needle] of byStart.get(buffer.readUInt32BE(at - 1)) ?? []) {
        if (needle.equals(buffer.subarray(at - 1, at - 1 + needle.length))) found.add(name)
      }
    }
    return [...found]
  }
}

function encodingsOf(text: string): [name: string, needle: Buffer][] {
  const hex = Buffer.from(text).toString('hex')
  return [
    ['in clear', Buffer.from(text)],
    // Without its last zero it is found whichever byte of a character comes first.
    ['in UTF-16', Buffer.from(text, 'utf16le').subarray(0, -1)],
    // One of them where no byte has a letter in it.
    ...[...new Set([hex, hex.toUpperCase()])].map((digits): [string, Buffer] => [
      'in hexadecimal',
      Buffer.from(digits),
    ]),
    ...[0, 1, 2].map((before): [string, Buffer] => ['in base64', inBase64(text, before)]),
  ]
}

/** How a text looks in the base64 of something longer, with so many bytes before it: without what those have a part in. */
function inBase64(text: string, before: number): Buffer {
  const bytes = Buffer.concat([Buffer.alloc(before), Buffer.from(text)])
  const whole = bytes.toString('base64')
  return Buffer.from(whole.slice(Math.ceil((before * 8) / 6), Math.floor((bytes.length * 8) / 6)))
}
