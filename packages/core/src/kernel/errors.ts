import type { errorCatalogue, PawlErrorCode, PawlErrorData } from './error-catalogue.ts'

export type { PawlErrorCode } from './error-catalogue.ts'

/**
 * The nine kinds of error that a caller can handle differently. Each surface maps kinds to its own codes (HTTP
 * statuses, exit codes) in one table. The engine knows no transport.
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
 * The error class of Pawl. `code` is stable and identifies the error. `message` tells a human what to do. The
 * definition of the error sets the type of `data`. None of them contains a secret that was sent.
 */
export class PawlError<D = unknown> extends Error {
  override readonly name = 'PawlError'
  readonly kind: ErrorKind
  /** A code of the `errorCatalogue`, of an additional area or of a newer server. `isPawlError` narrows it. */
  readonly code: PawlErrorCode | OtherCode
  readonly data: D

  constructor(kind: ErrorKind, code: string, message: string, data: D) {
    super(message)
    this.kind = kind
    this.code = code
    this.data = data
  }
}

/** An unknown code, from an additional area or a newer server. */
export type OtherCode = string & {}

/** An error with a known code, kind and data. */
export type PawlErrorOf<Code extends PawlErrorCode> = Code extends PawlErrorCode
  ? PawlError<Code extends keyof PawlErrorData ? PawlErrorData[Code] : unknown> & {
      readonly code: Code
      readonly kind: (typeof errorCatalogue)[Code]['kind']
    }
  : never

/**
 * Returns whether a caught value is a `PawlError` with one of the codes, and narrows the types of its code, kind and data.
 * Without codes, it returns whether the value is any `PawlError`.
 *
 * @example
 * if (isPawlError(error, 'rate_limited')) await pause(error.data.retryAfterSeconds)
 * if (isPawlError(error)) console.error(error.kind, error.code)
 */
export function isPawlError(error: unknown): error is PawlError
export function isPawlError<Code extends PawlErrorCode>(
  error: unknown,
  ...codes: readonly [Code, ...Code[]]
): error is PawlErrorOf<Code>
export function isPawlError(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof PawlError && (codes.length === 0 || codes.includes(error.code))
}

/** The definition of an error. Call it to create the error, and list it in the `errors` of an operation. */
export interface ErrorDefinition<D = undefined> {
  (...data: D extends undefined ? [] : [D]): PawlError<D>
  readonly kind: ErrorKind
  readonly code: string
  is(error: unknown): error is PawlError<D>
}

/** Any error definition. */
export type AnyErrorDefinition = Pick<ErrorDefinition, 'kind' | 'code'>

/**
 * Defines an error. Place it next to the area that throws it.
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

/** The input is invalid. `fields` maps each invalid field to the problem, and never repeats its value. */
export const invalidInput = defineError('invalid_input', 'invalid', ({ fields }: { fields: Record<string, string> }) =>
  Object.entries(fields)
    .map(([field, problem]) => (field ? `${field}: ${problem}` : problem))
    .join('; '),
)

/** Refuses one field of the input: `throw invalidField('expires_at', 'must be in the future')`. */
export function invalidField(field: string, problem: string): PawlError {
  return invalidInput({ fields: { [field]: problem } })
}

/** A bug of the engine, or an invalid answer of a port. The message for callers contains no details. */
export const internalError = defineError(
  'internal',
  'internal',
  'An internal error occurred. The server log has the details.',
)

/** The storage or the HSM does not answer now. Nothing was changed. */
export const unavailable = defineError(
  'unavailable',
  'unavailable',
  ({ part, reason = 'Check whether the change was made before you try again.' }: { part: string; reason?: string }) =>
    `The ${part} is not available. ${reason}`,
)

const causes = new WeakMap<PawlError, unknown>()

/** `unavailable` with its cause, which only the operator may see. */
export function unavailableBecause(part: string, cause: unknown): PawlError {
  const error = unavailable({ part })
  causes.set(error, cause)
  return error
}

/** The cause of an `unavailable`. For any other error, the error itself. */
export function causeOf(error: unknown): unknown {
  return error instanceof PawlError ? (causes.get(error) ?? error) : error
}
