/** A rule for new passwords, in words that follow "A password has" and "must have". */
export interface PasswordRule {
  readonly text: string
  holds(password: string): boolean
}

export const passwordCharactersMin = 12

/** The rules for each new password, in the order in which a person reads them. */
export const passwordRules: readonly PasswordRule[] = [
  {
    text: `at least ${passwordCharactersMin} characters`,
    holds: (password) => [...password].length >= passwordCharactersMin,
  },
  { text: 'an upper-case letter', holds: (password) => /\p{Lu}/u.test(password) },
  { text: 'a lower-case letter', holds: (password) => /\p{Ll}/u.test(password) },
  { text: 'a digit', holds: (password) => /\p{Nd}/u.test(password) },
  { text: 'a symbol', holds: (password) => /[^\p{L}\p{Nd}\s]/u.test(password) },
  { text: 'no character three times in a row', holds: (password) => !/(.)\1\1/u.test(password) },
  { text: 'no three characters in sequence, such as abc or 321', holds: (password) => !hasSequence(password) },
]

/** The rules as one sentence, for a person who has not typed yet. */
export const passwordHint = `A password has ${wordList(passwordRules.map(({ text }) => text))}.`

/** The rules that a password breaks, in words. Empty: it is accepted. */
export function brokenRules(password: string): string[] {
  return passwordRules.filter((rule) => !rule.holds(password)).map(({ text }) => text)
}

/** Words as a list in a sentence: `a digit, a symbol and an upper-case letter`. */
export function wordList(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`
}

function hasSequence(password: string): boolean {
  const codes = [...password.toLowerCase()].map((char) => (/[a-z0-9]/.test(char) ? char.charCodeAt(0) : Number.NaN))
  return codes.some((code, at) => {
    const step = (codes[at + 1] ?? Number.NaN) - code
    return Math.abs(step) === 1 && (codes[at + 2] ?? Number.NaN) - (codes[at + 1] ?? Number.NaN) === step
  })
}
