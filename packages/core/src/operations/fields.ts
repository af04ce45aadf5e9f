import * as z from 'zod'
import { utf8 } from '../kernel/bytes.ts'
import { uuidPattern } from '../kernel/ids.ts'
import type { Json } from '../kernel/json.ts'
import { limits } from '../kernel/limits.ts'
import { Secret } from '../kernel/secret.ts'
import { fromRfc3339 } from '../kernel/time.ts'

// The fields that inputs and outputs are made of. Messages say what is wanted, never what was sent.

export function id() {
  return z.string('must be a UUID').toLowerCase().regex(uuidPattern, 'must be a UUID').meta({ format: 'uuid' })
}

export function text(charactersMax: number, charactersMin = 0) {
  return z
    .string('must be a string')
    .min(charactersMin, charactersMin === 1 ? 'must not be empty' : `must have at least ${charactersMin} characters`)
    .max(charactersMax, `must have at most ${charactersMax} characters`)
}

/** A name for people: trimmed, and not empty after that. It is what it looks like: see `plainText`. */
export function name() {
  return plainText(limits.nameCharactersMax, 1)
    .regex(/[^\s]/, 'must not be empty')
    .transform((given) => given.trim())
    .pipe(z.string())
}

/**
 * Text of one line that looks like what it is: no control characters, which could forge a line of a log, and none that
 * are invisible or change the direction, which could make one name look like another.
 */
export function plainText(charactersMax: number, charactersMin = 0) {
  return text(charactersMax, charactersMin)
    .regex(plain, 'must not have control characters, invisible characters or changes of direction')
    .refine((given) => !/[\u{e0000}-\u{e0fff}]/u.test(given), 'must not have invisible characters')
}

const plain =
  // biome-ignore lint/suspicious/noMisleadingCharacterClass: a combining grapheme joiner is one of these
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is refused; classes by name are not portable
  /^[^\u0000-\u001f\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb]*$/

/**
 * A time on the wire; milliseconds inside. Nothing is older than 1970, and keys hold no number below zero. So an earlier time
 * counts as 1970. The last time is the end of the year 9999, because RFC 3339 has four digits for the year.
 */
export function time() {
  return z
    .string('must be an RFC 3339 time')
    .transform((given, context) => {
      const milliseconds = fromRfc3339(given)
      if (milliseconds !== null) return Math.min(Math.max(0, milliseconds), lastTime)
      context.addIssue('must be an RFC 3339 time, such as 2027-01-31T12:00:00Z')
      return z.NEVER
    })
    .meta({ type: 'string', format: 'date-time' })
}

const lastTime = Date.parse('9999-12-31T23:59:59.999Z')

/** A time that is shown. */
export function shownTime() {
  return z.string().meta({ format: 'date-time' })
}

/** May be left out; null says the same. */
export function optional<T extends z.ZodType>(field: T) {
  return field.nullish().transform((value) => value ?? undefined)
}

/** May be left out or, to clear what is there, null. */
export function clearable<T extends z.ZodType>(field: T) {
  return field.nullable().optional()
}

export function count(max = 2 ** 31 - 1, min = 0) {
  const problem = `must be a whole number from ${min} to ${max}`
  return z.int(problem).min(min, problem).max(max, problem)
}

/** Taken as text or as a `Secret`, and a `Secret` from then on. */
export function secretText(bytesMax: number) {
  return z
    .custom<string | Secret<string>>((given) => typeof given === 'string' || given instanceof Secret, {
      error: ({ input }) => (input === undefined ? 'is missing' : 'must be a string'),
    })
    .transform((given) => (typeof given === 'string' ? Secret.of(given) : given))
    .refine((secret) => fits(secret.reveal(), bytesMax), `must have at most ${bytesMax} bytes`)
    .meta({ type: 'string', maxLength: bytesMax, writeOnly: true })
}

function fits(text: string, bytesMax: number): boolean {
  return text.length <= bytesMax / 3 || (text.length <= bytesMax && utf8(text).length <= bytesMax)
}

/** A value that is given out, once the surface reveals it. */
export function shownSecret() {
  return z.custom<Secret<string>>((given) => given instanceof Secret, 'must be a secret').meta({ type: 'string' })
}

/** An object of the caller's own, kept and given back as it is. */
export function freeObject(bytesMax: number = limits.metadataBytesMax) {
  return z
    .record(z.string(), z.json(), 'must be an object')
    .refine((given) => utf8(JSON.stringify(given)).length <= bytesMax, `must have at most ${bytesMax} bytes as JSON`)
    .transform((given): Readonly<Record<string, Json>> => given)
    .meta({ type: 'object', additionalProperties: true })
}

/** Such an object when it is shown. It was checked when it came in. */
export function shownObject() {
  return z
    .custom<Readonly<Record<string, Json>>>((given) => given !== null && typeof given === 'object')
    .meta({ type: 'object', additionalProperties: true })
}
