import { defineError, type ErrorKind, PawlError } from '../kernel/errors.ts'
import { changeNamed } from '../kernel/named-fields.ts'
import { Secret } from '../kernel/secret.ts'
import type { Route } from './route.ts'

/** There was no answer, or the answer is not from a vault. The outcome of the call is unknown. */
export const unreachable = defineError<{ origin: string; problem: string }>(
  'unreachable',
  'unavailable',
  ({ origin, problem }) => `No answer from the vault at ${origin}: ${problem}.`,
)

/** The answer of a vault, before it becomes an output or an error. */
export interface Answer {
  readonly status: number
  /** The body, or undefined if there is none. */
  readonly json: unknown
  readonly retryAfterSeconds: number | null
}

/**
 * The error kind of each HTTP status. Any other status below 500 is `invalid`, and any other above is `unavailable`.
 */
const kinds: Readonly<Record<number, ErrorKind>> = {
  400: 'invalid',
  401: 'unauthenticated',
  402: 'denied',
  403: 'denied',
  404: 'not_found',
  408: 'unavailable',
  409: 'conflict',
  410: 'gone',
  429: 'limited',
  500: 'internal',
}

export async function readAnswer(response: Response, origin: string): Promise<Answer> {
  const { status, headers } = response
  const text = await response.text()
  const retryAfter = Number(headers.get('retry-after') ?? Number.NaN)
  const json = text === '' ? undefined : parse(text)
  if (json === null || (status >= 300 && problemOf(json) === null)) {
    throw unreachable({ origin, problem: `another server answered, with status ${status}` })
  }
  return { status, json, retryAfterSeconds: retryAfter >= 0 ? retryAfter : null }
}

/** Whether the server refused the credential itself, and not a password in the input, for example. */
export function refusesCredential({ status, json }: Answer): boolean {
  return status === 401 && (problemOf(json)?.code ?? 'not_authenticated') === 'not_authenticated'
}

/** The output of an operation, with its secrets wrapped in `Secret` as in-process. Throws if the answer is an error. */
export function outputOf({ secrets }: Route, answer: Answer): unknown {
  if (answer.status >= 300) throw errorOf(answer)
  return changeNamed(answer.json, secrets, (held) => (typeof held === 'string' ? Secret.of(held) : held))
}

function errorOf({ status, json, retryAfterSeconds }: Answer): PawlError {
  const { type, title, status: _, detail, code, ...facts } = problemOf(json) ?? {}
  const kind = kinds[status] ?? (status < 500 ? 'invalid' : 'unavailable')
  const data = status === 429 && retryAfterSeconds !== null ? { retryAfterSeconds, ...facts } : facts
  const isEmpty = Object.keys(data).length === 0
  return new PawlError(kind, textOr(code, kind), textOr(detail, textOr(title, kind)), isEmpty ? undefined : data)
}

function textOr(value: unknown, otherwise: string): string {
  return typeof value === 'string' && value !== '' ? value : otherwise
}

function problemOf(json: unknown): Record<string, unknown> | null {
  return json !== null && typeof json === 'object' && 'detail' in json ? { ...json } : null
}

/** Returns null if the text is not JSON. No operation answers null. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
