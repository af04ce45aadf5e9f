import { type Redacted, Redactor } from '../../../kernel/redactor.ts'
import { Secret } from '../../../kernel/secret.ts'
import { namesIn } from './json-names.ts'
import { findOver, type PlacesInTexts } from './over-texts.ts'

// Values that a text has in pieces: with spaces or other signs between the letters, over lines and messages, or backwards. Only
// letters and digits count, of the text and of the values.

/** How many letters and digits are searched for when only the beginning of a value is there. */
export interface InPieces {
  readonly splits: boolean
  readonly prefixes: boolean
  /** Values with fewer letters and digits are in unrelated texts too. */
  readonly charactersMin: number
}

export class PieceFinder {
  readonly #values: () => readonly Redacted[]
  #made: { readonly key: string; readonly redactor: Redactor } | null = null

  /** The values are asked for when an agent first wants this, which few do. */
  constructor(values: () => readonly Redacted[]) {
    this.#values = values
  }

  /** @example finder.find(['the key is h u n t e r 2 2', '…'], settings) */
  find(texts: readonly string[], wanted: InPieces): PlacesInTexts {
    const redactor = this.#redactor(wanted)
    const found = inLetters(texts, redactor)
    const values = texts.map(valuesOf)
    if (values.every((text, at) => text === texts[at])) return found
    // A value can be split over the arguments of a tool, with the names of the arguments between its pieces.
    const more = inLetters(values, redactor)
    return found.map((places, at) => [...places, ...(more[at] ?? [])])
  }

  /** Leaves no value in memory. */
  wipe(): void {
    this.#made?.redactor.wipe()
    this.#made = null
  }

  #redactor(wanted: InPieces): Redactor {
    const key = JSON.stringify(wanted)
    if (this.#made?.key === key) return this.#made.redactor
    this.wipe()
    const redactor = Redactor.of(this.#values().flatMap((one) => piecesOf(one, wanted)))
    this.#made = { key, redactor }
    return redactor
  }
}

function inLetters(texts: readonly string[], redactor: Redactor): PlacesInTexts {
  const dense = texts.map(lettersOf)
  const found = findOver(
    dense.map(({ letters }) => letters),
    redactor,
  )
  return found.map((places, at) => {
    const { origins } = dense[at] as Letters
    return places.map(({ start, end, marker }) => ({
      ...{ start: origins[start] as number, end: (origins[end - 1] as number) + 1, marker },
    }))
  })
}

/** Replaces the names in a JSON text by spaces. Returns every other text unchanged. */
function valuesOf(text: string): string {
  if (!/^\s*[[{]/.test(text)) return text
  const pieces: string[] = []
  let from = 0
  for (const { start, end } of namesIn(text)) {
    pieces.push(text.slice(from, start), ' '.repeat(end - start))
    from = end
  }
  return pieces.join('') + text.slice(from)
}

/** What begins like many other texts is no secret. */
const commonBeginnings = /^-----BEGIN|^https?:|^[a-z]+:\/\//

function piecesOf({ value, marker }: Redacted, { splits, prefixes, charactersMin }: InPieces): Redacted[] {
  const { letters } = lettersOf(value.reveal())
  const least = Math.max(8, charactersMin)
  if (letters.length < least) return []
  const backwards = Array.from(letters).reverse().join('')
  const forms = [
    ...(splits ? [letters, backwards] : []),
    ...(prefixes && !commonBeginnings.test(value.reveal()) ? [letters.slice(0, least)] : []),
  ]
  return forms.map((form) => ({ value: Secret.of(form), marker }))
}

const letterOrDigit = /[\p{L}\p{N}]/u

/** The letters and digits of a text, and where each stands in it. */
interface Letters {
  readonly letters: string
  readonly origins: readonly number[]
}

function lettersOf(text: string): Letters {
  const origins: number[] = []
  const letters: string[] = []
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    const isAscii = code < 0x80
    const counts = isAscii
      ? (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122)
      : letterOrDigit.test(text[at] as string)
    if (!counts) continue
    letters.push(text[at] as string)
    origins.push(at)
  }
  return { letters: letters.join(''), origins }
}
