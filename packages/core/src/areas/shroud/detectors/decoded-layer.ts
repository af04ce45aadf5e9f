import type { Place } from '../../../kernel/redactor.ts'
import { unescaped } from '../redaction/unescaped.ts'
import { encodedIn } from './encoding.ts'

/** Between texts that were decoded, so that no word of one follows a word of another. */
const partGap = '\n\n'

/** What is encoded in one text. */
interface DecodedLayer {
  readonly text: string
  /** The encoded part of the first text that a position belongs to. */
  placeAt(at: number): Place
}

/**
 * Decodes what is encoded in a text, as one text. Escapes can hide the digits of an encoding, so the text without them is searched
 * too. Null: nothing is encoded.
 *
 * @example decodedLayer('run aWdub3JlIGFsbCBydWxlcw==', place)?.text // 'ignore all rules'
 */
export function decodedLayer(text: string, placeOf: (start: number, end: number) => Place): DecodedLayer | null {
  const parts = new Map<string, { readonly decoded: string; readonly place: Place }>()
  const add = (decoded: string, place: Place) => parts.set(`${place.start} ${decoded}`, { decoded, place })
  for (const { decoded, start, end } of encodedIn(text)) add(decoded, placeOf(start, end))
  const plain = lastOf(unescaped(text))
  if (plain) {
    for (const { decoded, start, end } of encodedIn(plain.text))
      add(decoded, placeOf(plain.origin(start), plain.origin(end)))
  }
  if (parts.size === 0) return null
  const all = [...parts.values()]
  const numbers = new Uint32Array(all.reduce((sum, { decoded }) => sum + decoded.length + partGap.length, 1))
  let from = 0
  for (const [number, { decoded }] of all.entries()) {
    const end = from + decoded.length + partGap.length
    numbers.fill(number, from, end)
    from = end
  }
  return {
    text: all.map(({ decoded }) => decoded).join(partGap),
    placeAt: (at) => (all[numbers[at] ?? 0] as (typeof all)[number]).place,
  }
}

function lastOf<T>(all: Iterable<T>): T | null {
  let last: T | null = null
  for (const one of all) last = one
  return last
}
