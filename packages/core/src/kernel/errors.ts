import type { errorCatalogue, PawlErrorCode, PawlErrorData } from './error-catalogue.ts'

export type { PawlErrorCode } from './error-catalogue.ts'

/**
 * What went wrong, in the nine ways a caller can react to. A surface maps kinds to its own terms (HTTP statuses, exit
 * codes) in one table; nothing here knows a transport.
 */
export type ErrorKind =
  | 'invalid'
  | 'unauthenticated'
  | 'denied'
  | 'not_found'
  | 'gone'
  | 'conflict'
  | 'limited'
  | 'unavailable'
  | 'internal'

/**
 * The one error class. `code` is stable and says which rule was broken; `message` is for a person and says what to do;
 * `data` is typed by the definition. None of them ever holds a value that was sent as a secret.
 */
export class PawlError<D = unknown> extends Error {
  override readonly name = 'PawlError'
  readonly kind: ErrorKind
  /** A code of the `errorCatalogue`, of an added area or of a newer server. `isPawlError` narrows to the catalogue. */
  readonly code: PawlErrorCode | OtherCode
  readonly data: D

  constructor(kind: ErrorKind, code: string, message: string, data: D) {
    super(message)
    this.kind = kind
    this.code = code
    this.data = data
  }
}

/** A code that is not known here: of an added area, or of a newer server. */
export type OtherCode = string & {}

/** An error whose code is known, so that its kind and its data are. */
export type PawlErrorOf<Code extends PawlErrorCode> = Code extends PawlErrorCode
  ? PawlError<Code extends keyof PawlErrorData ? PawlErrorData[Code] : unknown> & {
      readonly code: Code
      readonly kind: (typeof errorCatalogue)[Code]['kind']
    }
  : never

/**
 * Whether something that was caught is one of these errors. Its code, kind and data are typed then.
 *
 * @example
 * if (isPawlError(error, 'rate_limited')) await pause(error.data.retryAfterSeconds)
 */
export function isPawlError<Code extends PawlErrorCode>(
  error: unknown,
  ...codes: readonly [Code, ...Code[]]
): error is PawlErrorOf<Code> {
  return error instanceof PawlError && (codes as readonly string[]).includes(error.code)
}

/** An error that can be raised: call it to make one, list it in an operation's `errors`, ask it about a caught value. */
export interface ErrorDefinition<D = undefined> {
  (...data: D extends undefined ? [] : [D]): PawlError<D>
  readonly kind: ErrorKind
  readonly code: string
  is(error: unknown): error is PawlError<D>
}

/** Any definition, whatever its data. */
export type AnyErrorDefinition = Pick<ErrorDefinition, 'kind' | 'code'>

/**
 * Defines an error beside the area that raises it.
 *
 * @example
 * export const vaultNameTaken = defineError('vault_name_taken', 'conflict',
 *   ({ name }: { name: string }) => `A vault named ${name} exists already.`)
 * throw vaultNameTaken({ name })
 */
export function defineError<D = undefined>(
  code: string,
  kind: ErrorKind,
  message: string | ((data: D) => string),
): ErrorDefinition<D> {
  const make = (data?: D) =>
    new PawlError(kind, code, typeof message === 'string' ? message : message(data as D), data as D)
  const is = (error: unknown): error is PawlError<D> => error instanceof PawlError && error.code === code
  return Object.assign(make, { kind, code, is }) as ErrorDefinition<D>
}

/** The input does not fit. `fields` maps a field to what is wrong with it, in words that never repeat its value. */
export const invalidInput = defineError('invalid_input', 'invalid', ({ fields }: { fields: Record<string, string> }) =>
  Object.entries(fields)
    .map(([field, problem]) => (field ? `${field}: ${problem}` : problem))
    .join('; '),
)

/** Refuses one field of the input: `throw invalidField('expires_at', 'must be in the future')`. */
export function invalidField(field: string, problem: string): PawlError {
  return invalidInput({ fields: { [field]: problem } })
}

/** A promise of the engine that was broken, or an answer of a port that makes no sense. Says nothing outside. */
export const internalError = defineError(
  'internal',
  'internal',
  'An internal error occurred. The server log has the details.',
)

/** A part the engine needs cannot answer now: the store, the HSM. Nothing was done. */
export const unavailable = defineError(
  'unavailable',
  'unavailable',
  ({ part }: { part: string }) =>
    `The ${part} is not available. Check whether the change was made before you try again.`,
)
