import { homoglyphs } from './homoglyphs.ts'

// The form of a text that detectors look at: without characters that cannot be seen, with compatible forms and look-alikes
// as the letters that they pass for. Each position of it leads back to the text as it was given.

/** What programs and models read, and people do not see. */
const hidden =
  /\u034f|\u200d|[\u17b4\u17b5]|[\u180b-\u180f]|[\ufe00-\ufe0f]|[\u{e0000}-\u{e0fff}]|[\u00ad\u061c\u115f\u1160\u200b\u200c\u200e\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb\u{1d173}-\u{1d17a}]/u

export interface Shadow {
  /** As it was given. */
  readonly given: string
  readonly text: string
  /** In lower case, with the same positions. */
  readonly lower: string
  /** Whether anything in it differs from the given text. */
  readonly differs: boolean
  /** The position in the given text. */
  origin(at: number): number
}

const ascii = /^[\0-\x7f]*$/

/** @example shadowOf('ignоre').text // 'ignore', although the о is Cyrillic */
export function shadowOf(given: string): Shadow {
  if (ascii.test(given)) {
    return { given, text: given, lower: given.toLowerCase(), differs: false, origin: (at) => at }
  }
  return foldedShadow(given)
}

const combining = /\p{Mn}/u

function foldedShadow(given: string): Shadow {
  // A code point becomes at most 18 units (U+FDFA).
  const origins: number[] = []
  const parts: string[] = []
  for (let at = 0; at < given.length; ) {
    const point = given.codePointAt(at) as number
    const length = point > 0xffff ? 2 : 1
    const folded = point < 0x80 ? (given[at] as string) : foldOf(given.slice(at, at + length))
    for (let unit = 0; unit < folded.length; unit++) origins.push(at)
    parts.push(folded)
    at += length
  }
  origins.push(given.length)
  const text = parts.join('')
  const lower = lowered(text)
  return { given, text, lower, differs: text !== given, origin: (at) => origins[at] ?? given.length }
}

const folds = new Map<string, string>()

/** Few characters are in use at a time, so each is folded once. */
function foldOf(character: string): string {
  const known = folds.get(character)
  if (known !== undefined) return known
  const folded = hidden.test(character) ? '' : asLetters(character)
  if (folds.size > 4_096) folds.clear()
  folds.set(character, folded)
  return folded
}

function asLetters(character: string): string {
  const parts = Array.from(character.normalize('NFKD')).filter((part) => !combining.test(part))
  return parts.map((part) => homoglyphs.get(part) ?? part).join('')
}

/** Lower case of the same length. */
function lowered(text: string): string {
  const lower = text.toLowerCase()
  if (lower.length === text.length) return lower
  return Array.from(text, (one) => (one.toLowerCase().length === one.length ? one.toLowerCase() : one)).join('')
}

export interface Cleaned {
  readonly text: string
  readonly isChanged: boolean
}

const joiner = /\u200c|\u200d|[\ufe00-\ufe0f]/

/**
 * The text without characters that cannot be seen. Joiners stay where writing needs them: within an emoji, and between
 * letters of scripts that join.
 */
export function withoutHidden(text: string): Cleaned {
  if (ascii.test(text) || !hidden.test(text)) return { text, isChanged: false }
  const characters = Array.from(text)
  const kept = characters.filter(
    (character, at) =>
      !hidden.test(character) || isNeeded(character, characters[at - 1] ?? '', characters[at + 1] ?? ''),
  )
  return { text: kept.join(''), isChanged: kept.length !== characters.length }
}

const pictographic = /\p{Extended_Pictographic}|\p{Emoji_Modifier}|\ufe0f|\u20e3|[#*0-9]/u
const joining =
  /[\p{Script=Arabic}\p{Script=Devanagari}\p{Script=Bengali}\p{Script=Gurmukhi}\p{Script=Gujarati}\p{Script=Oriya}\p{Script=Tamil}\p{Script=Telugu}\p{Script=Kannada}\p{Script=Malayalam}\p{Script=Sinhala}\p{Script=Khmer}\p{Script=Myanmar}\p{Script=Syriac}\p{Script=Mongolian}]/u

function isNeeded(character: string, before: string, after: string): boolean {
  if (!joiner.test(character)) return false
  if (character === '\u200d')
    return (isPictograph(before) && isPictograph(after)) || (joining.test(before) && joining.test(after))
  if (character === '\u200c') return joining.test(before) && joining.test(after)
  // The form of the emoji before it.
  return isPictograph(before)
}

function isPictograph(character: string): boolean {
  return character !== '' && pictographic.test(character)
}

const latin = /\p{Script=Latin}/u
const lookAlikeScripts = /[\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Armenian}\p{Script=Cherokee}]/u

/** Writes look-alikes as Latin letters, in words that have Latin letters too. Words of other scripts stay as they are. */
export function withoutHomoglyphs(text: string): Cleaned {
  if (ascii.test(text) || !lookAlikeScripts.test(text)) return { text, isChanged: false }
  const changed = text.replace(/[\p{L}\p{M}\p{N}]+/gu, (word) =>
    latin.test(word) && lookAlikeScripts.test(word)
      ? Array.from(word, (one) => (lookAlikeScripts.test(one) ? inSameCase(one) : one)).join('')
      : word,
  )
  return { text: changed, isChanged: changed !== text }
}

function inSameCase(character: string): string {
  const letter = homoglyphs.get(character) ?? character
  return character === character.toLowerCase() ? letter : letter.toUpperCase()
}
