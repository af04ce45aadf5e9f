import { type Place, type Redacted, Redactor } from '../../../kernel/redactor.ts'
import { Secret } from '../../../kernel/secret.ts'

// Values that a text has in pieces: with spaces or other signs between the letters, over lines and messages, or backwards. Only
// letters and digits count, of the text and of the values.

/** How many letters and digits are searched for when only the beginning of a value is there. */
export interface InPieces {
  readonly splits: boolean
  readonly prefixes: boolean
  /** Values with fewer letters and digits are in unrelated texts too. */
  readonly charactersMin: number
}

/** Where pieces of values are, by the number of the text. */
export type PlacesInTexts = readonly (readonly Place[])[]

export class PieceFinder {
  readonly #values: () => readonly Redacted[]
  #made: { readonly key: string; readonly redactor: Redactor } | null = null

  /** The values are asked for when an agent first wants this, which few do. */
  constructor(values: () => readonly Redacted[]) {
    this.#values = values
  }

  /** @example finder.find(['the key is h u n t e r 2 2', '…'], settings) */
  find(texts: readonly string[], wanted: InPieces): PlacesInTexts {
    const dense = texts.map(lettersOf)
    const redactor = this.#redactor(wanted)
    const found = redactor.find(dense.map(({ letters }) => letters).join(''))
    let before = 0
    return dense.map(({ letters, origins }) => {
      const from = before
      before += letters.length
      return found.flatMap(({ start, end, marker }) => {
        const [first, last] = [Math.max(start, from) - from, Math.min(end, before) - from - 1]
        if (first > last) return []
        return [{ start: origins[first] as number, end: (origins[last] as number) + 1, marker }]
      })
    })
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
function lettersOf(text: string): { readonly letters: string; readonly origins: readonly number[] } {
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
