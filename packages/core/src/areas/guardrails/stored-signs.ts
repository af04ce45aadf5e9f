import type { DecisionRecord } from './records.ts'
import type { Signs } from './rule.ts'

const charactersMax = 16 * 1024

// JSON has no big integers. A text that begins with `n:` is one, and a text of the caller that begins so begins with `s:`.
const number = 'n:'
const string = 's:'

/** What is signed, as a decision stores it. Null: it is too long to keep. */
export function storedSigns(signs: Signs): string | null {
  const text = JSON.stringify(signs, (_, value: unknown) => {
    if (typeof value === 'bigint') return `${number}${value}`
    return isMarked(value) ? `${string}${value}` : value
  })
  return text.length > charactersMax ? null : text
}

/** Undoes `storedSigns`. Decisions of earlier versions hold an object, in which a big integer is a text that ends with `n`. */
export function signsFrom(stored: DecisionRecord['signs']): Signs | null {
  if (stored === null) return null
  if (typeof stored !== 'string') return JSON.parse(JSON.stringify(stored), earlierValue) as Signs
  return JSON.parse(stored, (_, value: unknown) => {
    if (!isMarked(value)) return value
    const text = value.slice(number.length)
    return value.startsWith(number) ? BigInt(text) : text
  }) as Signs
}

function isMarked(value: unknown): value is string {
  return typeof value === 'string' && (value.startsWith(number) || value.startsWith(string))
}

function earlierValue(_: string, value: unknown): unknown {
  return typeof value === 'string' && /^-?\d+n$/.test(value) ? BigInt(value.slice(0, -1)) : value
}
